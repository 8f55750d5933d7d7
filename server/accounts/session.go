package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

const (
	sessionLife = 30 * 24 * time.Hour
	tokenBytes  = 32
)

// wrongSignIn is the same for a name that nobody has and for a password that does not fit: whether
// somebody is here is nobody's business.
const wrongSignIn = "That name and that password do not belong together. Your name is kept; please type the password again."

// SignIn opens a session for the person with this handle, or with this confirmed e-mail, and this
// password. The session is always a new one; device says in words what they came with.
func (a *Accounts) SignIn(ctx context.Context, login, password, device string) (Session, error) {
	login = strings.TrimSpace(login)
	if faults := emptySignIn(login, password); len(faults) > 0 {
		return Session{}, fault.Fields(faults)
	}
	person, err := a.byLogin(ctx, login)
	if err != nil && !db.IsMissing(err) {
		return Session{}, fmt.Errorf("looking for who signs in: %w", err)
	}
	fits, err := a.passwords.fits(ctx, password, person.PasswordHash)
	if err != nil {
		return Session{}, fmt.Errorf("comparing the password: %w", err)
	}
	if !fits {
		return Session{}, fault.Field("login", wrongSignIn)
	}
	var session Session
	err = a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		session, err = a.openSession(ctx, tx, person.ID, device)
		return err
	})
	if err != nil {
		return Session{}, fmt.Errorf("signing in: %w", err)
	}
	return session, nil
}

func emptySignIn(login, password string) map[string]string {
	faults := map[string]string{}
	if login == "" {
		faults["login"] = "Please write the name that you chose, or your e-mail."
	}
	if password == "" {
		faults["password"] = "Please write your password."
	}
	return faults
}

// byLogin finds whom a login means. One that cannot be anybody's is missing like any unknown one.
func (a *Accounts) byLogin(ctx context.Context, login string) (credentials, error) {
	if strings.Contains(login, "@") {
		email, complaint := validEmail(login)
		if complaint != "" {
			return credentials{}, sql.ErrNoRows
		}
		return credentialsByConfirmedEmail(ctx, a.db, email)
	}
	h, err := parseHandle(login)
	if err != nil {
		return credentials{}, sql.ErrNoRows
	}
	return credentialsByHandle(ctx, a.db, h)
}

// openSession adds a session and clears away the person's expired ones.
func (a *Accounts) openSession(ctx context.Context, tx *db.Tx, personID int64, device string) (Session, error) {
	now := a.now()
	if err := deleteExpiredSessions(ctx, tx, personID, now); err != nil {
		return Session{}, fmt.Errorf("clearing expired sessions: %w", err)
	}
	token, hash := newToken()
	session := Session{Token: token, Expires: now.Add(sessionLife)}
	id, err := insertSession(ctx, tx, sessionRow{personID, hash, device, now, session.Expires})
	if err != nil {
		return Session{}, fmt.Errorf("opening a session: %w", err)
	}
	session.ID = id
	return session, nil
}

// SignOut ends the session by which the viewer came. Its sockets are told to close.
func (a *Accounts) SignOut(ctx context.Context, viewer Viewer) error {
	if viewer.Guest() {
		return nil
	}
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ended, err := deleteSession(ctx, tx, viewer.ID, viewer.SessionID)
		tx.AfterCommit(func() { a.sessionEnded(ended...) })
		return err
	})
	if err != nil {
		return fmt.Errorf("ending the session: %w", err)
	}
	return nil
}

// Viewer tells who holds a session's token: one prepared statement. Nobody in particular, with a
// token that is unknown, expired or malformed, is a guest and no error.
func (a *Accounts) Viewer(ctx context.Context, token string) (Viewer, error) {
	hash, ok := tokenHash(token)
	if !ok {
		return Viewer{}, nil
	}
	var viewer Viewer
	switch err := a.viewer.Scan(ctx, &viewer, hash, a.now()); {
	case db.IsMissing(err):
		return Viewer{}, nil
	case err != nil:
		return Viewer{}, fmt.Errorf("reading the viewer: %w", err)
	}
	return viewer, nil
}

// LiveSessions tells which of these sessions still live, and are of somebody who is not suspended, for sockets that outlast
// the request.
func (a *Accounts) LiveSessions(ctx context.Context, ids []int64) ([]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	live, err := liveSessions(ctx, a.db, ids, a.now())
	if err != nil {
		return nil, fmt.Errorf("reading which sessions live: %w", err)
	}
	return live, nil
}

// SuspendedOf tells which of these sessions are of somebody who is suspended now.
func (a *Accounts) SuspendedOf(ctx context.Context, sessionIDs []int64) ([]int64, error) {
	suspended, err := suspendedSessions(ctx, a.db, sessionIDs, a.now())
	if err != nil {
		return nil, fmt.Errorf("reading whose sessions are suspended: %w", err)
	}
	return suspended, nil
}

// newToken makes a secret for a cookie or a link, and the hash under which it is stored.
func newToken() (token string, hash []byte) {
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails: see crypto/rand
	sum := sha256.Sum256(secret)
	return base64.RawURLEncoding.EncodeToString(secret), sum[:]
}

// tokenHash gives the hash of a token, or false for what was never one of ours.
func tokenHash(token string) ([]byte, bool) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return nil, false
	}
	secret, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(secret) != tokenBytes {
		return nil, false
	}
	sum := sha256.Sum256(secret)
	return sum[:], true
}
