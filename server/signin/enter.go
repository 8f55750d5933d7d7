package signin

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
	"firstdrops/server/platform/token"
)

const (
	halfLife   = 10 * time.Minute     // how long a half sign-in waits for its code
	halfTries  = 5                    // codes that it takes
	deviceLife = 365 * 24 * time.Hour // since somebody last signed in with the device
)

// From is where somebody comes in from.
type From struct {
	Device  string // in words, what they came with
	Network string // what counts as one place
	Known   string // the token that the browser keeps since an earlier sign-in; may be empty
}

// Entry is what a proof opened: a session, or half of a sign-in where a second factor is still asked for.
type Entry struct {
	Session accounts.Session // the zero Session where Half is not zero
	Known   Kept             // makes the browser a known device
	Half    Kept             // proves to FinishSignIn what was shown so far
	Person  accounts.Viewer  // who came in, by the new session; a guest while it is half done
}

// Kept is a secret for the browser to keep.
type Kept struct {
	Token   string
	Expires time.Time
}

// wrongSignIn is the same for a name that nobody has and for a password that does not fit: whether
// somebody is here is nobody's business.
const wrongSignIn = "That name and that password do not belong together. Your name is kept; please type the password again."

// SignIn lets in the person with this handle, or with this confirmed e-mail, and this password: wholly, or to the door where
// a second factor is asked for. The session is always a new one. Who guesses has to wait: TooMany.
func (s *Signin) SignIn(ctx context.Context, login, typed string, from From) (Entry, error) {
	login = strings.TrimSpace(login)
	if faults := emptySignIn(login, typed); len(faults) > 0 {
		return Entry{}, fault.Fields(faults)
	}
	person, fold, err := s.byLogin(ctx, login)
	if err != nil && !db.IsMissing(err) {
		return Entry{}, fmt.Errorf("looking for who signs in: %w", err)
	}
	counters, err := s.counters(ctx, aPassword, fold, person.ID, from)
	if err != nil {
		return Entry{}, err
	}
	fits, err := s.fits(ctx, counters, typed, person.PasswordHash)
	if err != nil {
		return Entry{}, err
	}
	if !fits {
		return Entry{}, fault.Field("login", wrongSignIn)
	}
	return s.letIn(ctx, person.ID, from, false, counters)
}

// fits compares a password as a counted attempt.
func (s *Signin) fits(ctx context.Context, counters []counter, typed, phc string) (bool, error) {
	if err := s.attempt(ctx, counters); err != nil {
		return false, err
	}
	fits, err := s.people.PasswordFits(ctx, typed, phc)
	if err == nil {
		return fits, nil
	}
	// Too busy to compare is no failure of theirs. Where this fails too, they wait a little for nothing.
	_ = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.uncounted(ctx, tx, counters) })
	return false, fmt.Errorf("comparing the password: %w", err)
}

// letIn opens a session for somebody who proved who they are, or half of a sign-in where that was not twice and they have a
// second factor.
func (s *Signin) letIn(ctx context.Context, personID int64, from From, twice bool, counters []counter) (Entry, error) {
	var entry Entry
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		entry, err = s.enter(ctx, tx, personID, from, twice)
		if err != nil {
			return err
		}
		if entry.Half.Token != "" {
			return s.uncounted(ctx, tx, counters)
		}
		return s.succeeded(ctx, tx, counters)
	})
	if err != nil {
		return Entry{}, fmt.Errorf("signing in: %w", err)
	}
	return s.named(ctx, entry)
}

// enter is letIn in the caller's transaction, without the person. Staff who have passkeys only come in by a password, too, as
// members and to nothing sensitive: the password may be a thief's.
func (s *Signin) enter(ctx context.Context, tx *db.Tx, personID int64, from From, twice bool) (Entry, error) {
	opening := accounts.Opening{PersonID: personID, Device: from.Device, SecondFactor: twice}
	if !twice {
		asks, err := s.hasSecondFactor(ctx, tx, personID)
		if err != nil {
			return Entry{}, err
		}
		if asks {
			return s.halfway(ctx, tx, personID)
		}
		if opening.Unproved, err = owesPasskey(ctx, tx, personID); err != nil {
			return Entry{}, fmt.Errorf("looking for a passkey: %w", err)
		}
	}
	session, err := s.people.OpenSession(ctx, tx, opening)
	if err != nil {
		return Entry{}, err
	}
	known, err := s.remember(ctx, tx, personID, from.Known)
	return Entry{Session: session, Known: known}, err
}

// named adds who came in: what they are led to depends on it.
func (s *Signin) named(ctx context.Context, entry Entry) (Entry, error) {
	var err error
	if entry.Session.Token != "" {
		entry.Person, err = s.people.Viewer(ctx, entry.Session.Token)
	}
	return entry, err
}

// halfway is the sign-in of somebody who has shown the first of two things.
func (s *Signin) halfway(ctx context.Context, tx *db.Tx, personID int64) (Entry, error) {
	secret, hash := token.New()
	half := Kept{Token: secret, Expires: s.now().Add(halfLife)}
	if err := insertHalf(ctx, tx, personID, hash, s.now(), half.Expires); err != nil {
		return Entry{}, fmt.Errorf("keeping half a sign-in: %w", err)
	}
	return Entry{Half: half}, nil
}

// remember makes the browser a known device of this person, or keeps it one.
func (s *Signin) remember(ctx context.Context, tx *db.Tx, personID int64, presented string) (Kept, error) {
	now := s.now()
	known := Kept{Token: presented, Expires: now.Add(deviceLife)}
	hash, _ := token.Hash(presented)
	old, err := knowsDevice(ctx, tx, hash, personID, now)
	switch {
	case err != nil:
	case old:
		err = keepDevice(ctx, tx, hash, known.Expires)
	default: // never what the browser brought: somebody may have planted it
		known.Token, hash = token.New()
		err = insertDevice(ctx, tx, personID, hash, now, known.Expires)
	}
	if err != nil {
		return Kept{}, fmt.Errorf("remembering a device: %w", err)
	}
	return known, nil
}

// wrongCode is the same for a code that was never one and for one that was used.
const wrongCode = "This code does not fit. An app shows a new one every half minute, and each works once."

// HalfDone tells whether a half sign-in still waits for its code.
func (s *Signin) HalfDone(ctx context.Context, half string) (bool, error) {
	_, err := s.half(ctx, half)
	if fault.Is(err, fault.Unauthenticated) {
		return false, nil
	}
	return err == nil, err
}

func (s *Signin) half(ctx context.Context, secret string) (personID int64, err error) {
	hash, ok := token.Hash(secret)
	if ok {
		personID, err = readHalf(ctx, s.db, hash, s.now())
	}
	if !ok || db.IsMissing(err) {
		return 0, fault.New(fault.Unauthenticated, "Please sign in again from the start.")
	}
	if err != nil {
		return 0, fmt.Errorf("reading half a sign-in: %w", err)
	}
	return personID, nil
}

// FinishSignIn lets somebody in wholly whose password fitted, with a code of their app or a recovery code. After a few wrong
// ones, or ten minutes, they start again: Unauthenticated.
func (s *Signin) FinishSignIn(ctx context.Context, half, code string, from From) (Entry, error) {
	personID, err := s.half(ctx, half)
	if err != nil {
		return Entry{}, err
	}
	counters, err := s.counters(ctx, aCode, strconv.FormatInt(personID, 10), personID, from)
	if err == nil {
		err = s.attempt(ctx, counters)
	}
	if err != nil {
		return Entry{}, err
	}
	hash, _ := token.Hash(half)
	if err := s.tryHalf(ctx, hash); err != nil {
		return Entry{}, err
	}
	var entry Entry
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		fits, err := s.useCode(ctx, tx, personID, code)
		if err != nil {
			return err
		}
		if !fits {
			return fault.Field("code", wrongCode)
		}
		if err := deleteHalf(ctx, tx, hash); err != nil {
			return err
		}
		if entry, err = s.enter(ctx, tx, personID, from, true); err != nil {
			return err
		}
		return s.succeeded(ctx, tx, counters)
	})
	if err != nil {
		return Entry{}, fmt.Errorf("finishing a sign-in: %w", err)
	}
	return s.named(ctx, entry)
}

// tryHalf counts a code before it is looked at.
func (s *Signin) tryHalf(ctx context.Context, hash []byte) error {
	err := countTry(ctx, s.db, hash)
	if db.IsMissing(err) {
		return fault.New(fault.Unauthenticated, "Please sign in again from the start.")
	}
	if err != nil {
		return fmt.Errorf("counting a code: %w", err)
	}
	return nil
}

// UseLink uses a one-time sign-in link up: it sets the password, ends every session of that person, and lets them in as
// their password would. A fault in the password leaves the link as it was.
func (s *Signin) UseLink(ctx context.Context, secret, chosen string, from From) (Entry, error) {
	person, err := s.people.UseSignInLink(ctx, secret, chosen)
	if err != nil {
		return Entry{}, err
	}
	return s.letIn(ctx, person.ID, from, false, nil)
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

// byLogin finds whom a login means, and tells how the login is compared. One that cannot be anybody's is missing like any
// unknown one.
func (s *Signin) byLogin(ctx context.Context, login string) (credentials, string, error) {
	if strings.Contains(login, "@") {
		email, complaint := accounts.ValidEmail(login)
		if complaint != "" {
			return credentials{}, login, sql.ErrNoRows
		}
		c, err := credentialsByConfirmedEmail(ctx, s.db, email)
		return c, strings.ToLower(email), err
	}
	_, fold, err := text.Handle(login)
	if err != nil {
		return credentials{}, login, sql.ErrNoRows
	}
	c, err := credentialsByHandle(ctx, s.db, fold)
	return c, fold, err
}
