package accounts

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

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
func (a *Accounts) Approvals(ctx context.Context, viewer Viewer, after int64) (WaitingPage, error) {
	if viewer.Role != Administrator {
		return WaitingPage{}, fault.Missing()
	}
	people, err := waitingAfter(ctx, a.db, after, waitingPerPage+1)
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

// Answered is the job of telling somebody whether they were let in, by letter, and of removing whom was not.
type Answered struct {
	PersonID int64 `json:"person_id"`
}

// Kind names the job in River's table.
func (Answered) Kind() string { return "accounts.answered" }

// Accept lets somebody in who waits for it. Only administrators may; the first answer stands.
func (a *Accounts) Accept(ctx context.Context, viewer Viewer, personID int64) error {
	return a.answer(ctx, viewer, audit.Entry{Verb: audit.Accept}, func(ctx context.Context, tx *db.Tx) (int64, error) {
		return acceptWaiting(ctx, tx, personID)
	})
}

// Decline says no to somebody who waits, and why. Their sessions end at once, and once a letter told them they are removed.
func (a *Accounts) Decline(ctx context.Context, viewer Viewer, personID int64, why audit.Reason) error {
	if !why.Known() && viewer.Role == Administrator {
		return fault.Field("reason_code", "Please choose why.")
	}
	return a.answer(ctx, viewer, audit.Entry{Verb: audit.Decline, Reason: why}, func(ctx context.Context, tx *db.Tx) (int64, error) {
		id, err := declineWaiting(ctx, tx, personID, a.now())
		if err != nil || id == 0 {
			return 0, err
		}
		ended, err := changePassword(ctx, tx, personID, "")
		tx.AfterCommit(func() { a.sessionEnded(ended...) })
		return id, err
	})
}

// answer does one of the two, writes it down and has the person told.
func (a *Accounts) answer(ctx context.Context, viewer Viewer, entry audit.Entry, do func(context.Context, *db.Tx) (int64, error)) error {
	entry.At, entry.Kind = a.now(), audit.Person
	err := Administer(ctx, a.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		id, err := do(ctx, tx)
		if err == nil && id == 0 {
			err = fault.Missing()
		}
		if err != nil {
			return 0, err
		}
		return id, a.queue.Insert(ctx, tx, Answered{PersonID: id}, nil)
	})
	if err != nil {
		return fmt.Errorf("answering somebody who waits: %w", err)
	}
	return nil
}

// answerer works on Answered.
type answerer struct {
	river.WorkerDefaults[Answered]
	accounts *Accounts
	mailer   Mailer
}

// Work sends the letter before it removes anybody, since the address goes with them.
func (w *answerer) Work(ctx context.Context, job *river.Job[Answered]) error {
	person, err := toBeTold(ctx, w.accounts.db, job.Args.PersonID)
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading whom to answer: %w", err)
	}
	letter := mail.Letter{To: person.Email, Subject: "Your account", Text: acceptedText}
	if person.Declined {
		letter.Text = declinedText
	}
	if !person.Banned {
		if err := w.mailer.Send(ctx, letter); err != nil {
			return err
		}
	}
	if !person.Declined {
		return nil
	}
	return w.accounts.remove(ctx, job.Args.PersonID)
}

// remove takes away somebody who never was let in. What they reported keeps an id without a name.
func (a *Accounts) remove(ctx context.Context, personID int64) error {
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return deleteDeclined(ctx, tx, personID) })
	if db.IsReferenced(err) {
		err = a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return emptyDeclined(ctx, tx, personID, a.now()) })
	}
	if err != nil {
		return fmt.Errorf("removing somebody who was not let in: %w", err)
	}
	return nil
}
