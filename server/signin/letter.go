package signin

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/mail"
)

// The changes that people are told of.
const (
	codesSet        = "codes_set"
	codesRemoved    = "codes_removed"
	recoveryRenewed = "recovery_renewed"
	passkeyAdded    = "passkey_added"
	passkeyRemoved  = "passkey_removed"
	passwordChanged = "password_changed"
	factorReset     = "factor_reset" // by the operator
)

// changes are the words for them. They name neither the place nor the person: others may see the letter.
var changes = map[string]string{
	codesSet:        "Signing in now asks for a code from an app as well.",
	codesRemoved:    "Signing in no longer asks for a code from an app.",
	passkeyAdded:    "There is a new passkey with which to sign in.",
	passkeyRemoved:  "A passkey was removed. It lets nobody in any more.",
	passwordChanged: "The password was changed, and all other devices were signed out.",
	factorReset:     "Somebody asked for it, so signing in asks for no second step any more, and all devices were signed out.",
	recoveryRenewed: "There are new recovery codes. The old ones do not work any more.",
}

// FactorChanged is the job that tells somebody by letter how signing in to their account changed.
type FactorChanged struct {
	PersonID int64  `json:"person_id"`
	Change   string `json:"change"`
}

// Kind names the job in River's table.
func (FactorChanged) Kind() string { return "signin.factor_changed" }

// tellChanged sends the letter if and only if the change is committed.
func (s *Signin) tellChanged(ctx context.Context, tx *db.Tx, personID int64, change string) error {
	return s.queue.Insert(ctx, tx, FactorChanged{PersonID: personID, Change: change}, nil)
}

// Workers adds the workers of this domain's jobs.
func (s *Signin) Workers(workers *river.Workers, mailer accounts.Mailer) {
	river.AddWorker(workers, &factorTeller{signin: s, mailer: mailer})
	river.AddWorker(workers, &resetter{signin: s, mailer: mailer})
}

// factorTeller works on FactorChanged.
type factorTeller struct {
	river.WorkerDefaults[FactorChanged]
	signin *Signin
	mailer accounts.Mailer
}

// Work writes to the address that is theirs by now; who confirmed none, or has left, gets no letter.
func (w *factorTeller) Work(ctx context.Context, job *river.Job[FactorChanged]) error {
	email, err := confirmedEmail(ctx, w.signin.db, job.Args.PersonID)
	if err != nil {
		return fmt.Errorf("reading whom to tell: %w", err)
	}
	words, known := changes[job.Args.Change]
	if email == "" || !known {
		return nil
	}
	return w.mailer.Send(ctx, mail.Letter{To: email, Subject: "Your account", Text: fmt.Sprintf(changedText, words)})
}

const changedText = `Hello,

%s

If this was you, there is nothing to do. If not, somebody may have your password: please choose
another one, and end the sessions that you do not know.
`
