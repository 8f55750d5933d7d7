// Package leaving lets people take their words with them, and go without a trace.
//
// Owns: who is about to leave, and the copies that people asked for (tables departures and exports, the files below exports/),
// and the tombstones of those who are gone (the files below tombstones/), which outlast any backup of the database.
// Emits: the jobs Told, Due, Asked and Expired, which it works on itself.
// Not here: what each domain erases of its own (their erase.go), the stub that stays of a person (accounts), the pages
// (web/leaving).
package leaving

import (
	"net/url"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/blob"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
)

// Deps is what leaving is made of: where words stand, and whom it asks to erase them.
type Deps struct {
	DB         *db.DB
	Queue      *jobs.Queue
	Accounts   *accounts.Accounts
	Forum      *forum.Forum
	Chat       *chat.Chat
	Directory  *directory.Directory
	Moderation *moderation.Moderation
	Notify     *notify.Notify
	Blobs      *blob.Store
	Letters    *mail.Folder // nil where letters are really sent
	Base       *url.URL     // the one public origin
	Now        func() time.Time
}

// Leaving answers for who takes their words along, and for who goes.
type Leaving struct{ Deps }

// New makes a Leaving on a migrated database.
func New(d Deps) *Leaving { return &Leaving{d} }

// clock is the present as Postgres keeps it, in microseconds.
func (l *Leaving) clock() time.Time { return l.Now().UTC().Truncate(time.Microsecond) }

// Workers adds the workers of this domain's jobs.
func (l *Leaving) Workers(workers *river.Workers, mailer notify.Mailer) {
	river.AddWorker(workers, &teller{leaving: l, mailer: mailer})
	river.AddWorker(workers, &eraser{leaving: l})
	river.AddWorker(workers, &exporter{leaving: l})
	river.AddWorker(workers, &expirer{leaving: l})
}

// longWork is how long one try of the longer jobs may take. Each goes on where the last one ended.
const longWork = 15 * time.Minute
