package joining

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/mail"
)

// Waiting is somebody who waits to be let in.
type Waiting struct {
	ID        int64
	Handle    string
	JoinedAt  time.Time
	Confirmed bool // their e-mail
}

const waitingPerPage = 50

// WaitingPage is a stretch of those who wait, the longest first.
type WaitingPage struct {
	People []Waiting
	Next   int64 // the id after which the next page begins; 0 on the last
}

// Approvals lists those who wait to be let in, after an id, for administrators.
func (j *Joining) Approvals(ctx context.Context, viewer accounts.Viewer, after int64) (WaitingPage, error) {
	if viewer.Role != accounts.Administrator {
		return WaitingPage{}, fault.Missing()
	}
	people, err := waitingAfter(ctx, j.db, after, waitingPerPage+1)
	if err != nil {
		return WaitingPage{}, fmt.Errorf("listing who waits: %w", err)
	}
	page := WaitingPage{People: people}
	if len(people) > waitingPerPage {
		page.People = people[:waitingPerPage]
		page.Next = page.People[waitingPerPage-1].ID
	}
	return page, nil
}

// Waits is the job of telling administrators that somebody waits to be let in.
type Waits struct {
	PersonID int64 `json:"person_id"`
}

// Kind names the job in River's table.
func (Waits) Kind() string { return "joining.waits" }

// Answered is the job of telling somebody whether they were let in, by letter, and of removing whom was not.
type Answered struct {
	PersonID int64 `json:"person_id"`
}

// Kind names the job in River's table.
func (Answered) Kind() string { return "accounts.answered" }

// Accept lets somebody in who waits for it. Only administrators may; the first answer stands.
func (j *Joining) Accept(ctx context.Context, viewer accounts.Viewer, personID int64) error {
	return j.answer(ctx, viewer, audit.Entry{Verb: audit.Accept}, func(ctx context.Context, tx *db.Tx) (int64, error) {
		return j.people.EndWait(ctx, tx, personID)
	})
}

// Decline says no to somebody who waits, and why. Their sessions end at once, and once a letter told them they are removed.
func (j *Joining) Decline(ctx context.Context, viewer accounts.Viewer, personID int64, why audit.Reason) error {
	if !why.Known() && viewer.Role == accounts.Administrator {
		return fault.Field("reason_code", "Please choose why.")
	}
	return j.answer(ctx, viewer, audit.Entry{Verb: audit.Decline, Reason: why}, func(ctx context.Context, tx *db.Tx) (int64, error) {
		return j.people.TurnAway(ctx, tx, personID)
	})
}

// answer does one of the two, writes it down and has the person told.
func (j *Joining) answer(ctx context.Context, viewer accounts.Viewer, entry audit.Entry, do func(context.Context, *db.Tx) (int64, error)) error {
	entry.At, entry.Kind = j.now(), audit.Person
	err := accounts.Administer(ctx, j.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		id, err := do(ctx, tx)
		if err == nil && id == 0 {
			err = fault.Missing()
		}
		if err != nil {
			return 0, err
		}
		return id, j.queue.Insert(ctx, tx, Answered{PersonID: id}, nil)
	})
	if err != nil {
		return fmt.Errorf("answering somebody who waits: %w", err)
	}
	return nil
}

// Workers adds the worker of Answered.
func (j *Joining) Workers(workers *river.Workers, mailer accounts.Mailer) {
	river.AddWorker(workers, &answerer{people: j.people, mailer: mailer})
}

// answerer works on Answered.
type answerer struct {
	river.WorkerDefaults[Answered]
	people *accounts.Accounts
	mailer accounts.Mailer
}

// Work sends the letter before it removes anybody, since the address goes with them.
func (w *answerer) Work(ctx context.Context, job *river.Job[Answered]) error {
	told, err := w.people.Answered(ctx, job.Args.PersonID)
	if err != nil {
		return err
	}
	letter := mail.Letter{To: told.Email, Subject: "Your account", Text: acceptedText}
	if told.TurnedAway {
		letter.Text = declinedText
	}
	if told.Email != "" {
		if err := w.mailer.Send(ctx, letter); err != nil {
			return err
		}
	}
	if !told.TurnedAway {
		return nil
	}
	return w.people.Remove(ctx, job.Args.PersonID)
}

// The letters name neither the place nor the person: others may see them.
const (
	acceptedText = `Hello,

you asked for an account, and it is open to you now. You can come in at any time with the name that
you chose.
`
	declinedText = `Hello,

you asked for an account, and we cannot give you one. What you had typed for it is removed.
`
)
