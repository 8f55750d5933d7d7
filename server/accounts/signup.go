package accounts

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/password"
)

// SignUp is what somebody typed to join.
type SignUp struct {
	Handle, Email, Password string
	Rules                   bool   // they said that they will keep to the house rules
	Device                  string // in words, from the browser
}

// newcomer is a person about to be added.
type newcomer struct {
	handle       handle
	email        string
	passwordHash string // empty where the password is chosen later, through a link
	role         Role
	createdAt    time.Time
}

// SignUp makes a member and signs them in. Faults are named by the form's fields. The address need
// not be new, and nothing in the answer tells whether it is.
func (a *Accounts) SignUp(ctx context.Context, form SignUp) (Session, error) {
	n, err := a.judge(ctx, form)
	if err != nil {
		return Session{}, err
	}
	if n.passwordHash, err = a.passwords.Hash(ctx, form.Password); err != nil {
		return Session{}, fmt.Errorf("hashing the password: %w", err)
	}
	var session Session
	err = a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := insertPerson(ctx, tx, n)
		if err != nil {
			return err
		}
		if err := a.queue.Insert(ctx, tx, welcome(id, n.email), nil); err != nil {
			return err
		}
		session, err = a.OpenSession(ctx, tx, Opening{PersonID: id, Device: form.Device})
		return err
	})
	if err != nil {
		return Session{}, a.notAdded(ctx, n.handle, err)
	}
	return session, nil
}

// judge finds the faults of all fields at once, so that nobody learns of theirs one by one.
func (a *Accounts) judge(ctx context.Context, form SignUp) (newcomer, error) {
	faults := map[string]string{}
	n := newcomer{role: Member, createdAt: a.now()}
	n.handle, faults["handle"] = newHandle(form.Handle)
	n.email, faults["email"] = ValidEmail(form.Email)
	faults["password"] = password.Fault(form.Password, OwnWords(form.Handle, form.Email)...)
	if !form.Rules {
		faults["rules"] = "Please read the house rules and say that you will keep to them."
	}
	if faults["handle"] == "" {
		words, err := a.complainTaken(ctx, n.handle)
		if err != nil {
			return newcomer{}, err
		}
		faults["handle"] = words
	}
	maps.DeleteFunc(faults, func(_, words string) bool { return words == "" })
	return n, fault.Fields(faults)
}

// notAdded explains why a newcomer could not be added: mostly because somebody with the same handle
// was faster since we looked.
func (a *Accounts) notAdded(ctx context.Context, h handle, cause error) error {
	if !db.IsUnique(cause, handleTaken) && !db.IsUnique(cause, nameTaken) {
		return fmt.Errorf("adding a person: %w", cause)
	}
	words, err := a.somebodyHas(ctx, h)
	if err != nil {
		return err
	}
	return fault.Fields(map[string]string{"handle": words})
}

// OwnWords are what somebody's password should not be made of.
func OwnWords(handle, email string) []string {
	local, _, _ := strings.Cut(email, "@")
	return []string{email, local, handle, "first drops", "firstdrops", "first-drops"}
}
