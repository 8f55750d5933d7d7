package accounts

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/mail"
)

// Change is something about how a person comes in that they should hear of, in case it was not they.
type Change string

// The changes.
const (
	PasswordChanged   Change = "password"
	SecondFactorReset Change = "second_factor" // by the operator
)

// Alert is the job of telling somebody by letter of a change. It goes to an address that they confirmed; to no other.
type Alert struct {
	PersonID int64  `json:"person_id"`
	What     Change `json:"what"`
}

// Kind names the job in River's table.
func (Alert) Kind() string { return "accounts.alert" }

// Alert has somebody told of a change, in its transaction.
func (a *Accounts) Alert(ctx context.Context, tx *db.Tx, personID int64, what Change) error {
	return a.queue.Insert(ctx, tx, Alert{PersonID: personID, What: what}, nil)
}

// alerter works on Alert.
type alerter struct {
	river.WorkerDefaults[Alert]
	accounts *Accounts
	mailer   Mailer
}

// Work sends the letter. Those who never confirmed an address get none.
func (w *alerter) Work(ctx context.Context, job *river.Job[Alert]) error {
	email, err := confirmedEmailOf(ctx, w.accounts.db, job.Args.PersonID)
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading whom to alert: %w", err)
	}
	return w.mailer.Send(ctx, mail.Letter{To: email, Subject: "About your account", Text: alerts[job.Args.What]})
}

// alerts name neither the place nor the person, for others may see the letter.
var alerts = map[Change]string{
	PasswordChanged: `Hello,

the password of your account was changed just now, and all other devices were signed out.

If that was you, you need not do anything. If it was not, please go to the sign-in page, say that
you cannot sign in, and choose a new password by the letter that you get.
`,
	SecondFactorReset: `Hello,

somebody asked for it, so whoever looks after the place where you have an account took the second
step away from signing in, and signed all devices out.

Please sign in with your password, or ask for a new one on the sign-in page, and set a second step
up again. If you did not ask for this, please choose a new password at once.
`,
}
