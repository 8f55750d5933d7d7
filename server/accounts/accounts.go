// Package accounts knows who people are: how they join, come in and leave, what they may do, and
// which label says who speaks.
//
// Owns: people, sessions, labels, sign_in_links.
// Emits: the job Welcome after a sign-up; the news "accounts.session.<id>" when a session ends.
// Not here: what people write (forum, chat), how they are asked (web/accounts), whether a
// consultant's number is true (directory, which grants labels through this package).
package accounts

import (
	"log/slog"
	"strconv"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
)

// SessionSubject and a session's id is the news that the session is over.
const SessionSubject = "accounts.session."

// Signals carries news after a commit; it may lose some, and LiveSessions heals that.
type Signals interface {
	Publish(subject string, data []byte) error
}

// Accounts is the one door to people, sessions and labels.
type Accounts struct {
	db        *db.DB
	queue     *jobs.Queue
	signals   Signals
	now       func() time.Time
	passwords *hasher
	viewer    *db.Statement
}

// New builds the domain; now is the clock, so that tests may own it.
func New(database *db.DB, queue *jobs.Queue, signals Signals, now func() time.Time) *Accounts {
	return &Accounts{
		db: database, queue: queue, signals: signals, now: now,
		passwords: newHasher(),
		viewer:    database.Prepare("accounts.viewer", viewerQuery),
	}
}

// sessionEnded tells every node that these sessions are over, so that their sockets close at once.
func (a *Accounts) sessionEnded(ids ...int64) {
	for _, id := range ids {
		if err := a.signals.Publish(SessionSubject+strconv.FormatInt(id, 10), nil); err != nil {
			slog.Warn("the end of a session was not told", "session", id, "error", err)
		}
	}
}
