// Package accounts knows who people are: how they join, come in and leave, what they may do, and
// which label says who speaks.
//
// Owns: people with their standing, the names by which they meet, former_handles, sessions, labels, sign_in_links, bells, aliases, blocks,
// email_confirmations, banned_emails.
// Emits: the job ConfirmEmail after a sign-up, the job LabelChanged when somebody begins or ceases to wear a label, the job Parted
// and the news "accounts.apart.<id>" when two people are apart or no longer; the news "accounts.session.<id>" when a session ends, "accounts.suspended.<id>"
// when a person is suspended, "accounts.bell.<id>" with how many notices wait for a person.
// Not here: what people write (forum, chat), how they are asked (web/accounts), whether a
// consultant's number is true (directory, which grants labels through this package).
package accounts

import (
	"log/slog"
	"strconv"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/password"
)

// SessionSubject and a session's id is the news that the session is over.
const SessionSubject = "accounts.session."

// SessionRenewed is what that news says where the same browser has a new id in its place.
const SessionRenewed = "renewed"

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
	passwords *password.Hasher
	viewer    *db.Statement
	door      Door
	apart     *db.Statement
}

// New builds the domain; now is the clock, so that tests may own it.
func New(database *db.DB, queue *jobs.Queue, signals Signals, now func() time.Time) *Accounts {
	return &Accounts{
		db: database, queue: queue, signals: signals, now: now,
		passwords: password.NewHasher(),
		viewer:    database.Prepare("accounts.viewer", viewerQuery),
		door:      openDoor{},
		apart:     database.Prepare("accounts.apart", apartQuery),
	}
}

// sessionEnded tells every node that these sessions are over, so that their sockets close at once.
func (a *Accounts) sessionEnded(ids ...int64) {
	for _, id := range ids {
		a.tell(SessionSubject+strconv.FormatInt(id, 10), nil)
	}
}

// tell gives news to every node. Losing some is allowed: what it is about stands in the database.
func (a *Accounts) tell(subject string, data []byte) {
	if err := a.signals.Publish(subject, data); err != nil {
		slog.Warn("news was not told", "subject", subject, "error", err)
	}
}
