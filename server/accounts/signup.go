package accounts

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/password"
)

// SignUp is what somebody typed to join.
type SignUp struct {
	Handle, Email, Password string
	Rules                   bool   // they said that they will keep to the house rules
	Invitation              string // asked for where one joins with an invitation only
	Device                  string // in words, from the browser
	Proof                   *Proof // instead of a password
}

// Proof is what somebody joins with who chose no password. It counts as both factors.
type Proof struct {
	UID  uuid.UUID                                                  // whom it was made for: what the newcomer's uid becomes
	Keep func(ctx context.Context, tx *db.Tx, personID int64) error // stores it in the transaction that adds them
}

// Door says who may join.
type Door interface {
	// Judge tells what newcomers await now (AwaitsLetter, AwaitsApproval or nothing), and what is wrong with the invitation that
	// this one brings; "" where nothing is.
	Judge(ctx context.Context, invitation string) (awaits, complaint string, err error)
	// Pass counts that this person came in with it, in the transaction that adds them.
	Pass(ctx context.Context, tx *db.Tx, personID int64, invitation string) error
}

// JoinThrough has everybody who joins pass through a door. It belongs before the first request; until then all may join.
func (a *Accounts) JoinThrough(d Door) { a.door = d }

// openDoor lets everybody in.
type openDoor struct{}

func (openDoor) Judge(context.Context, string) (awaits, complaint string, err error) {
	return "", "", nil
}
func (openDoor) Pass(context.Context, *db.Tx, int64, string) error { return nil }

// newcomer is a person about to be added.
type newcomer struct {
	handle       handle
	email        string
	passwordHash string    // empty where the password is chosen later, through a link, or a proof stands in its place
	uid          uuid.UUID // zero where nothing was made for it yet
	role         Role
	awaits       string // what has to come before they may write
	createdAt    time.Time
}

// SignUp makes a member and signs them in. Faults are named by the form's fields. The address need
// not be new, and nothing in the answer tells whether it is.
func (a *Accounts) SignUp(ctx context.Context, form SignUp) (Session, error) {
	n, err := a.judge(ctx, form)
	if err != nil {
		return Session{}, err
	}
	if form.Proof != nil {
		n.uid = form.Proof.UID
	} else if n.passwordHash, err = a.passwords.Hash(ctx, form.Password); err != nil {
		return Session{}, fmt.Errorf("hashing the password: %w", err)
	}
	var session Session
	err = a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := addPerson(ctx, tx, n)
		if err != nil {
			return err
		}
		if err := a.door.Pass(ctx, tx, id, form.Invitation); err != nil {
			return err
		}
		if err := a.sendConfirmation(ctx, tx, id, n.email, joined); err != nil {
			return err
		}
		if form.Proof != nil {
			if err := form.Proof.Keep(ctx, tx, id); err != nil {
				return err
			}
		}
		session, err = a.OpenSession(ctx, tx, Opening{PersonID: id, Device: form.Device, SecondFactor: form.Proof != nil})
		return err
	})
	if err != nil {
		return Session{}, a.notAdded(ctx, n.handle, err)
	}
	return session, nil
}

// Judge finds the faults that SignUp would find, and changes nothing.
func (a *Accounts) Judge(ctx context.Context, form SignUp) error {
	_, err := a.judge(ctx, form)
	return err
}

// judge finds the faults of all fields at once, so that nobody learns of theirs one by one.
func (a *Accounts) judge(ctx context.Context, form SignUp) (newcomer, error) {
	faults := map[string]string{}
	n := newcomer{role: Member, createdAt: a.now()}
	var err error
	if n.awaits, faults["invitation"], err = a.door.Judge(ctx, form.Invitation); err != nil {
		return newcomer{}, err
	}
	n.handle, faults["handle"] = newHandle(form.Handle)
	n.email, faults["email"] = ValidEmail(form.Email)
	if form.Proof == nil {
		faults["password"] = password.Fault(form.Password, OwnWords(form.Handle, form.Email)...)
	}
	if !form.Rules {
		faults["rules"] = "Please read the house rules and say that you will keep to them."
	}
	if faults["handle"] == "" {
		if faults["handle"], err = a.complainTaken(ctx, n.handle); err != nil {
			return newcomer{}, err
		}
	}
	maps.DeleteFunc(faults, func(_, words string) bool { return words == "" })
	return n, fault.Fields(faults)
}

// errLooks is that somebody has a name which looks like it.
var errLooks = errors.New("a name that looks like it is taken")

// addPerson adds somebody whose name looks like nobody's. Of two who come at once with such names, the later one is refused.
func addPerson(ctx context.Context, tx *db.Tx, n newcomer) (int64, error) {
	switch taken, err := holdLooks(ctx, tx, n.handle.looks(), 0); {
	case err != nil:
		return 0, err
	case taken:
		return 0, errLooks
	}
	return insertPerson(ctx, tx, n)
}

// notAdded explains why a newcomer could not be added: mostly because somebody with such a handle
// was faster since we looked.
func (a *Accounts) notAdded(ctx context.Context, h handle, cause error) error {
	if !errors.Is(cause, errLooks) && !db.IsUnique(cause, handleTaken) && !db.IsUnique(cause, nameTaken) {
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
