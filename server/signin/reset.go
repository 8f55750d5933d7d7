package signin

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/password"
	"firstdrops/server/platform/token"
)

const (
	resetLife     = 15 * time.Minute // how long a letter's link waits to be used
	resetPatience = time.Hour        // how long a letter may be late, and for how long the last ones count
	resetLetters  = 3                // at most, to one person in that time
)

// Reset is the job of writing to whoever forgot their password. It names a row: jobs are kept and shown, addresses are not.
type Reset struct {
	ID int64 `json:"id"`
}

// Kind names the job in River's table.
func (Reset) Kind() string { return "signin.reset" }

// AskReset takes note that somebody forgot the password of an address. Whether anybody here has it is found out later, so
// that the answer and its time are the same.
func (s *Signin) AskReset(ctx context.Context, address string) error {
	email, complaint := accounts.ValidEmail(address)
	if complaint != "" {
		return fault.Field("email", complaint)
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := insertReset(ctx, tx, email, s.now())
		if err != nil {
			return err
		}
		return s.queue.Insert(ctx, tx, Reset{ID: id}, nil)
	})
	if err != nil {
		return fmt.Errorf("asking for a new password: %w", err)
	}
	return nil
}

// resetter works on Reset.
type resetter struct {
	river.WorkerDefaults[Reset]
	signin *Signin
	mailer accounts.Mailer
}

// Work writes the letter, where one person confirmed the address and did not get several of late. Tried again it makes a new
// token, and the old one dies: nobody has it.
func (w *resetter) Work(ctx context.Context, job *river.Job[Reset]) error {
	to, secret, err := w.signin.prepareReset(ctx, job.Args.ID)
	if err != nil {
		return fmt.Errorf("preparing a reset: %w", err)
	}
	if to == "" {
		return nil
	}
	link := w.signin.base.JoinPath("password", "reset", secret)
	if err := w.mailer.Send(ctx, mail.Letter{To: to, Subject: "A new password", Text: fmt.Sprintf(resetText, link)}); err != nil {
		return err
	}
	return forgetAddress(ctx, w.signin.db, job.Args.ID)
}

// prepareReset gives where a letter goes and the token in it; nothing where none is to be sent.
func (s *Signin) prepareReset(ctx context.Context, id int64) (to, secret string, err error) {
	secret, hash := token.New()
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		to = ""
		now := s.now()
		r, err := lockReset(ctx, tx, id)
		if db.IsMissing(err) || err == nil && r.Address == "" { // sent already
			return nil
		}
		if err != nil {
			return err
		}
		person, err := credentialsByConfirmedEmail(ctx, tx, r.Address)
		if err != nil && !db.IsMissing(err) {
			return err
		}
		if db.IsMissing(err) || now.Sub(r.AskedAt) > resetPatience {
			return deleteReset(ctx, tx, id)
		}
		lately, err := countResets(ctx, tx, person.ID, id, now.Add(-resetPatience))
		if err != nil {
			return err
		}
		if lately >= resetLetters {
			return deleteReset(ctx, tx, id)
		}
		to = r.Address
		return armReset(ctx, tx, id, person.ID, hash, now.Add(resetLife))
	})
	return to, secret, err
}

// ResetOf tells whose a letter's token is, without using it: previews and scanners open links too. One that is unknown, used
// or over is missing.
func (s *Signin) ResetOf(ctx context.Context, secret string) (handle string, err error) {
	hash, ok := token.Hash(secret)
	if !ok {
		return "", fault.Missing()
	}
	handle, err = handleByReset(ctx, s.db, hash, s.now())
	if db.IsMissing(err) {
		return "", fault.Missing()
	}
	if err != nil {
		return "", fmt.Errorf("reading a reset: %w", err)
	}
	return handle, nil
}

// UseReset sets a new password by a letter's token, once. All sessions of that person end, sockets too, and no other token
// of theirs works any more. It signs nobody in, so that a second factor is asked for as ever. A fault in the password leaves
// the token as it was.
func (s *Signin) UseReset(ctx context.Context, secret, chosen string) error {
	handle, err := s.ResetOf(ctx, secret)
	if err != nil {
		return err
	}
	phc, err := s.hashNew(ctx, chosen, handle)
	if err != nil {
		return err
	}
	hash, _ := token.Hash(secret)
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		personID, err := useReset(ctx, tx, hash, s.now())
		if err != nil {
			return err
		}
		return s.setPassword(ctx, tx, personID, phc)
	})
	if db.IsMissing(err) { // somebody used it while we hashed
		return fault.Missing()
	}
	if err != nil {
		return fmt.Errorf("using a reset: %w", err)
	}
	return nil
}

// ChangePassword sets the viewer's own password. All other sessions end, sockets too; theirs goes on as a new one. Where it was
// ended since they asked, by who took the account back, nothing changes: Unauthenticated.
func (s *Signin) ChangePassword(ctx context.Context, viewer accounts.Viewer, chosen, device string) (accounts.Session, error) {
	phc, err := s.hashNew(ctx, chosen, viewer.Handle)
	if err != nil {
		return accounts.Session{}, err
	}
	var session accounts.Session
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.people.RenewSession(ctx, tx, viewer); err != nil { // it lives still, and nobody ends it before the commit
			return err
		}
		if err := s.setPassword(ctx, tx, viewer.ID, phc); err != nil {
			return err
		}
		session, err = s.people.OpenSession(ctx, tx, accounts.Opening{PersonID: viewer.ID, Device: device, SecondFactor: viewer.SecondFactor})
		return err
	})
	if err != nil {
		return accounts.Session{}, fmt.Errorf("changing a password: %w", err)
	}
	return session, nil
}

// hashNew judges a password that somebody with this handle chose, and hashes it.
func (s *Signin) hashNew(ctx context.Context, chosen, handle string) (string, error) {
	if words := password.Fault(chosen, accounts.OwnWords(handle, "")...); words != "" {
		return "", fault.Field("password", words)
	}
	phc, err := s.people.HashPassword(ctx, chosen)
	if err != nil {
		return "", fmt.Errorf("hashing a new password: %w", err)
	}
	return phc, nil
}

// setPassword stores a new password, with all that follows from it: see accounts.SetPassword. Who is half in by the old one
// starts again. The person is told.
func (s *Signin) setPassword(ctx context.Context, tx *db.Tx, personID int64, phc string) error {
	if err := deleteResets(ctx, tx, personID); err != nil {
		return err
	}
	if err := deleteHalves(ctx, tx, personID); err != nil {
		return err
	}
	if err := s.people.SetPassword(ctx, tx, personID, phc); err != nil {
		return err
	}
	return s.tellChanged(ctx, tx, personID, passwordChanged)
}

// resetText names neither the place nor the person, for others may see the letter. Its link cannot but name the site.
const resetText = `Hello,

somebody asked for a new password for the account with this address. If that was you, choose one
here, within 15 minutes:

%s

The link works once. If it is over, ask for another one on the sign-in page.

If it was not you, you need not do anything: nothing has changed, and without this letter nobody
can change it.
`
