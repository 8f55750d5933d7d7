package accounts

import (
	"context"
	"fmt"
	"strings"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/mail"
)

// Email is the viewer's own address, and whether they confirmed it.
func (a *Accounts) Email(ctx context.Context, viewer Viewer) (email string, confirmed bool, err error) {
	if email, confirmed, err = addressOf(ctx, a.db, viewer.ID); err != nil {
		return "", false, fmt.Errorf("reading an e-mail: %w", err)
	}
	return email, confirmed, nil
}

// ChangeEmail has a letter sent to another address of the viewer's, which becomes theirs once they confirm it; until then the
// old one stays. Whether somebody has it already only the letter says.
func (a *Accounts) ChangeEmail(ctx context.Context, viewer Viewer, typed string) error {
	email, complaint := ValidEmail(typed)
	if complaint != "" {
		return fault.Field("email", complaint)
	}
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		current, confirmed, err := addressOf(ctx, tx, viewer.ID)
		if err != nil {
			return err
		}
		if confirmed && strings.EqualFold(current, email) {
			return fault.Field("email", "This is your e-mail already.")
		}
		return a.sendConfirmation(ctx, tx, viewer.ID, email, changed)
	})
	if err != nil {
		return fmt.Errorf("changing an e-mail: %w", err)
	}
	return nil
}

// EmailChanged is the job of telling the address that another took the place of. It names a row: jobs hold no address.
type EmailChanged struct {
	ConfirmationID int64 `json:"confirmation_id"`
}

// Kind names the job in River's table.
func (EmailChanged) Kind() string { return "accounts.email_changed" }

// partFrom has the address told that this confirmation takes the place of, before it does; one that was never confirmed may be
// anybody's, and hears nothing.
func (a *Accounts) partFrom(ctx context.Context, tx *db.Tx, confirmationID int64) error {
	kept, err := keepFormer(ctx, tx, confirmationID)
	if err != nil || !kept {
		return err
	}
	return a.queue.Insert(ctx, tx, EmailChanged{ConfirmationID: confirmationID}, nil)
}

// parter works on EmailChanged.
type parter struct {
	river.WorkerDefaults[EmailChanged]
	accounts *Accounts
	mailer   Mailer
}

// Work tells the old address, and forgets it.
func (w *parter) Work(ctx context.Context, job *river.Job[EmailChanged]) error {
	former, err := formerOf(ctx, w.accounts.db, job.Args.ConfirmationID)
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading which address to tell: %w", err)
	}
	if err := w.mailer.Send(ctx, mail.Letter{To: former, Subject: "Your account", Text: formerText}); err != nil {
		return err
	}
	return forgetFormer(ctx, w.accounts.db, job.Args.ConfirmationID)
}

// formerText names neither the place nor the person, as all letters.
const formerText = `Hello,

the account that had this address has another one now. This one signs nobody in any more.

If that was you, you need not do anything. If it was not, somebody may be in your account: please
sign in with your name and choose another password, or ask those who look after the place for help.
`
