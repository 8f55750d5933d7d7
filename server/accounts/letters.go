package accounts

import (
	"context"
	"fmt"
	"net/url"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/token"
)

// Mailer sends letters.
type Mailer interface {
	Send(ctx context.Context, letter mail.Letter) error
}

// Workers adds the workers of this domain's jobs; the links in letters begin with base.
func (a *Accounts) Workers(workers *river.Workers, mailer Mailer, base *url.URL) {
	river.AddWorker(workers, &confirmer{accounts: a, mailer: mailer, base: base})
	river.AddWorker(workers, &answerer{accounts: a, mailer: mailer})
	river.AddWorker(workers, &crier{accounts: a})
}

// confirmer works on ConfirmEmail.
type confirmer struct {
	river.WorkerDefaults[ConfirmEmail]
	accounts *Accounts
	mailer   Mailer
	base     *url.URL
}

// Work reads anew whom it is about: since the job was made they may have left, or changed or confirmed their address. Done
// twice, the link of the later letter works.
func (w *confirmer) Work(ctx context.Context, job *river.Job[ConfirmEmail]) error {
	a := w.accounts
	c, err := confirmationByID(ctx, a.db, job.Args.ConfirmationID)
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading whom to ask: %w", err)
	}
	switch {
	case c.Banned, job.Args.Occasion != changed && (c.Email != c.Current || c.Confirmed):
		return nil
	case c.Taken:
		return w.mailer.Send(ctx, mail.Letter{To: c.Email, Subject: "Your account", Text: takenText})
	}
	secret, hash := token.New()
	if err := keepToken(ctx, a.db, c.ID, hash, a.now().Add(confirmationLife)); err != nil {
		return fmt.Errorf("keeping a confirmation's token: %w", err)
	}
	link := w.base.JoinPath("email", "confirm", secret)
	return w.mailer.Send(ctx, mail.Letter{To: c.Email, Subject: "Please confirm your e-mail", Text: fmt.Sprintf(confirmText, link)})
}

// The letters name neither the place nor the person: others may see them, and whoever typed the address may not own it.
const (
	confirmText = `Hello,

somebody, probably you, gave this address for an account. If it was you, please open this page and
say so. The link works once, within 24 hours:

%s

If it was not you, you need not do anything.
`
	takenText = `Hello,

somebody typed this address for a new account. You have one already, so nothing was changed. If it
was you, please sign in with the account that you have.

If it was not you, you need not do anything.
`
	acceptedText = `Hello,

you asked for an account, and it is open to you now. You can come in at any time with the name that
you chose.
`
	declinedText = `Hello,

you asked for an account, and we cannot give you one. What you had typed for it is removed.
`
)
