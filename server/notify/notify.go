// Package notify tells people what concerns them: in the site, where a bell counts what they have not seen, and staff by
// letter where somebody may be in danger.
//
// Owns: notices. They hold ids only: what one says, and whether it may still be said, is asked anew when it is shown.
// Emits: the job Call.
// Not here: how many notices wait (accounts, whose bell this rings), what happened (forum, moderation, directory and joining, whose
// jobs this works on), the page (web/notify).
package notify

import (
	"context"
	"net/url"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
)

// Deps is what Notify is made of.
type Deps struct {
	DB         *db.DB
	Queue      *jobs.Queue
	Accounts   *accounts.Accounts
	Moderation *moderation.Moderation
	Base       *url.URL // the links in letters begin with it
	Now        func() time.Time
}

// Notify tells people.
type Notify struct {
	db     *db.DB
	queue  *jobs.Queue
	people *accounts.Accounts
	cases  *moderation.Moderation
	base   *url.URL
	now    func() time.Time
	page   *db.Statement
}

// New makes a Notify on a migrated database.
func New(d Deps) *Notify {
	return &Notify{
		db: d.DB, queue: d.Queue, people: d.Accounts, cases: d.Moderation, base: d.Base, now: d.Now,
		page: d.DB.Prepare("notify.page", pageQuery),
	}
}

// Mailer sends letters.
type Mailer interface {
	Send(ctx context.Context, letter mail.Letter) error
}

// Workers adds the workers of all that people are told of, and of this domain's own letters.
func (n *Notify) Workers(workers *river.Workers, mailer Mailer) {
	river.AddWorker(workers, river.WorkFunc(n.posted))
	river.AddWorker(workers, river.WorkFunc(n.opened))
	river.AddWorker(workers, river.WorkFunc(n.seen))
	river.AddWorker(workers, river.WorkFunc(n.decided))
	river.AddWorker(workers, river.WorkFunc(n.judged))
	river.AddWorker(workers, river.WorkFunc(n.contacted))
	river.AddWorker(workers, river.WorkFunc(n.answered))
	river.AddWorker(workers, river.WorkFunc(n.waits))
	river.AddWorker(workers, &caller{notify: n, mailer: mailer})
}
