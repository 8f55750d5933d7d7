// Package signin knows how people prove who they are: by a password or a passkey, with a second factor where they have
// one, and how they come back in when they have lost what they had.
//
// Owns: the proofs and their attempts, resets. Emits: the job Reset.
// Not here: who people are, their sessions and the hashes of their passwords (accounts).
package signin

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/text"
)

// Signin is the one door by which people come in again.
type Signin struct {
	db     *db.DB
	queue  *jobs.Queue
	people *accounts.Accounts
	base   *url.URL
	now    func() time.Time
}

// Deps is what the domain is built of.
type Deps struct {
	DB       *db.DB
	Queue    *jobs.Queue
	Accounts *accounts.Accounts
	Base     *url.URL         // the one public origin: the links in letters begin with it, whatever a request says
	Now      func() time.Time // the clock, so that tests may own it
}

// New builds the domain.
func New(d Deps) *Signin {
	return &Signin{db: d.DB, queue: d.Queue, people: d.Accounts, base: d.Base, now: d.Now}
}

// Workers adds the workers of this domain's jobs.
func (s *Signin) Workers(workers *river.Workers, mailer accounts.Mailer) {
	river.AddWorker(workers, &resetter{signin: s, mailer: mailer})
}

// wrongSignIn is the same for a name that nobody has and for a password that does not fit: whether
// somebody is here is nobody's business.
const wrongSignIn = "That name and that password do not belong together. Your name is kept; please type the password again."

// SignIn opens a session for the person with this handle, or with this confirmed e-mail, and this
// password. The session is always a new one; device says in words what they came with.
func (s *Signin) SignIn(ctx context.Context, login, typed, device string) (accounts.Session, error) {
	login = strings.TrimSpace(login)
	if faults := emptySignIn(login, typed); len(faults) > 0 {
		return accounts.Session{}, fault.Fields(faults)
	}
	person, err := s.byLogin(ctx, login)
	if err != nil && !db.IsMissing(err) {
		return accounts.Session{}, fmt.Errorf("looking for who signs in: %w", err)
	}
	fits, err := s.people.PasswordFits(ctx, typed, person.PasswordHash)
	if err != nil {
		return accounts.Session{}, fmt.Errorf("comparing the password: %w", err)
	}
	if !fits {
		return accounts.Session{}, fault.Field("login", wrongSignIn)
	}
	var session accounts.Session
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		session, err = s.people.OpenSession(ctx, tx, accounts.Opening{PersonID: person.ID, Device: device})
		return err
	})
	if err != nil {
		return accounts.Session{}, fmt.Errorf("signing in: %w", err)
	}
	return session, nil
}

func emptySignIn(login, typed string) map[string]string {
	faults := map[string]string{}
	if login == "" {
		faults["login"] = "Please write the name that you chose, or your e-mail."
	}
	if typed == "" {
		faults["password"] = "Please write your password."
	}
	return faults
}

// byLogin finds whom a login means. One that cannot be anybody's is missing like any unknown one.
func (s *Signin) byLogin(ctx context.Context, login string) (credentials, error) {
	if strings.Contains(login, "@") {
		email, complaint := accounts.ValidEmail(login)
		if complaint != "" {
			return credentials{}, sql.ErrNoRows
		}
		return credentialsByConfirmedEmail(ctx, s.db, email)
	}
	_, fold, err := text.Handle(login)
	if err != nil {
		return credentials{}, sql.ErrNoRows
	}
	return credentialsByHandle(ctx, s.db, fold)
}
