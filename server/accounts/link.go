package accounts

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/password"
	"firstdrops/server/platform/token"
)

// linkLife is how long a one-time sign-in link waits to be used.
const linkLife = 24 * time.Hour

// CreateAdministrator adds an administrator without a password and gives the token of a one-time
// sign-in link, with which they choose one. Reserved handles are theirs to take. For an administrator
// who has not chosen a password yet it gives a fresh link, and the old one dies.
func (a *Accounts) CreateAdministrator(ctx context.Context, handle, email string) (string, error) {
	n := newcomer{role: Administrator, createdAt: a.now()}
	var err error
	if n.handle, err = parseHandle(handle); err != nil {
		return "", fault.Field("handle", err.Error())
	}
	var complaint string
	if n.email, complaint = ValidEmail(email); complaint != "" {
		return "", fault.Field("email", complaint)
	}
	secret, hash := token.New()
	err = a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := waitingAdministrator(ctx, tx, n.handle, n.email)
		if db.IsMissing(err) {
			id, err = addPerson(ctx, tx, n)
		}
		if err != nil {
			return err
		}
		if err := replaceLink(ctx, tx, id, hash, n.createdAt.Add(linkLife)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{
			At: n.createdAt, ActorID: audit.Operator, Verb: audit.MakeAdministrator, Kind: audit.Person, ObjectID: id,
		})
	})
	if err != nil {
		return "", a.notAdded(ctx, n.handle, err)
	}
	return secret, nil
}

// SignInLink tells whose a link is, without using it: mail scanners and previews open links too. A
// link that is unknown, used or over is not found.
func (a *Accounts) SignInLink(ctx context.Context, secret string) (Person, error) {
	hash, ok := token.Hash(secret)
	if !ok {
		return Person{}, fault.Missing()
	}
	person, err := personByLink(ctx, a.db, hash, a.now())
	if db.IsMissing(err) {
		return Person{}, fault.Missing()
	}
	if err != nil {
		return Person{}, fmt.Errorf("reading a sign-in link: %w", err)
	}
	return person, nil
}

// UseSignInLink uses a link up: it sets the password and ends every session of that person, who then comes in by it (signin).
// A fault in the password leaves the link as it was.
func (a *Accounts) UseSignInLink(ctx context.Context, secret, chosen string) (Person, error) {
	person, err := a.SignInLink(ctx, secret)
	if err != nil {
		return Person{}, err
	}
	if words := password.Fault(chosen, OwnWords(person.Handle, "")...); words != "" {
		return Person{}, fault.Field("password", words)
	}
	passwordHash, err := a.passwords.Hash(ctx, chosen)
	if err != nil {
		return Person{}, fmt.Errorf("hashing the password: %w", err)
	}
	hash, _ := token.Hash(secret)
	err = a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := useLink(ctx, tx, hash, a.now()); err != nil {
			return err
		}
		return a.SetPassword(ctx, tx, person.ID, passwordHash)
	})
	if db.IsMissing(err) { // somebody used it while we hashed
		return Person{}, fault.Missing()
	}
	if err != nil {
		return Person{}, fmt.Errorf("using a sign-in link: %w", err)
	}
	return person, nil
}
