package leaving

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/mail"
)

// Grace is how long somebody who leaves can change their mind.
const Grace = 7 * 24 * time.Hour

// Departure is that somebody is about to leave.
type Departure struct {
	Parting accounts.Parting
	AskedAt time.Time
	DueAt   time.Time // until then they can change their mind
}

// Leave has the viewer erased in seven days, and signs them out everywhere. Asked again, the new choice counts from then on.
// The last administrator cannot leave.
func (l *Leaving) Leave(ctx context.Context, viewer accounts.Viewer, parting accounts.Parting) error {
	if viewer.Guest() {
		return fault.New(fault.Unauthenticated, "Please sign in first.")
	}
	if !parting.Known() {
		return fault.Field("parting", "Please choose what should happen to your words.")
	}
	now := l.clock()
	d := Departure{Parting: parting, AskedAt: now, DueAt: now.Add(Grace)}
	err := l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := l.Accounts.StartLeaving(ctx, tx, viewer, d.DueAt); err != nil {
			return err
		}
		if err := upsertDeparture(ctx, tx, viewer.ID, d); err != nil {
			return err
		}
		if err := l.Queue.Insert(ctx, tx, Told{PersonID: viewer.ID}, nil); err != nil {
			return err
		}
		return l.Queue.Insert(ctx, tx, Due{PersonID: viewer.ID}, &river.InsertOpts{ScheduledAt: d.DueAt})
	})
	if err != nil {
		return fmt.Errorf("leaving: %w", err)
	}
	return nil
}

// Stay takes Leave back; for somebody who does not leave it changes nothing.
func (l *Leaving) Stay(ctx context.Context, viewer accounts.Viewer) error {
	err := l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := deleteDeparture(ctx, tx, viewer.ID); err != nil {
			return err
		}
		return l.Accounts.Stay(ctx, tx, viewer)
	})
	if err != nil {
		return fmt.Errorf("staying: %w", err)
	}
	return nil
}

// Told is the letter that says that an account is about to be erased.
type Told struct {
	PersonID int64 `json:"person_id"`
}

// Kind names the job in River's table.
func (Told) Kind() string { return "leaving.told" }

// teller works on Told.
type teller struct {
	river.WorkerDefaults[Told]
	leaving *Leaving
	mailer  interface {
		Send(ctx context.Context, letter mail.Letter) error
	}
}

// Work reads the person anew: since the job was made they may have stayed.
func (t *teller) Work(ctx context.Context, job *river.Job[Told]) error {
	email, err := leavingEmail(ctx, t.leaving.DB, job.Args.PersonID)
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading who leaves: %w", err)
	}
	return t.mailer.Send(ctx, mail.Letter{To: email, Subject: toldSubject, Text: fmt.Sprintf(toldText, t.leaving.Base.JoinPath("login"))})
}

// The letter names neither the place nor the person: others may see it.
const (
	toldSubject = "Your account will be erased"
	toldText    = `Hello,

you asked for your account to be erased. That happens in seven days.

Until then you can change your mind: sign in as always, and choose to stay.

%s

If it was not you, please sign in, choose to stay, and choose a new password.
`
)
