package accounts

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/token"
)

// How long a session lives: from its opening, and since it was last used.
const (
	sessionLife = 90 * 24 * time.Hour
	idleLife    = 30 * 24 * time.Hour
	staffIdle   = 12 * time.Hour
)

// seenEvery is how precisely it is known when a session was last used: not every page writes.
const seenEvery = 10 * time.Minute

// Opening is a session about to be opened, always a new one.
type Opening struct {
	PersonID     int64
	Device       string // in words, what they came with
	SecondFactor bool   // whether they proved who they are twice
	Unproved     bool   // what they showed is less than they are asked for before sensitive changes
}

// OpenSession adds a session and clears away the person's expired ones, in the transaction of whoever knows that it is they.
func (a *Accounts) OpenSession(ctx context.Context, tx *db.Tx, o Opening) (Session, error) {
	now := a.now()
	if err := deleteExpiredSessions(ctx, tx, o.PersonID, now); err != nil {
		return Session{}, fmt.Errorf("clearing expired sessions: %w", err)
	}
	secret, hash := token.New()
	session := Session{Token: secret, Expires: now.Add(sessionLife)}
	id, err := insertSession(ctx, tx, o, hash, now, session.Expires)
	if err != nil {
		return Session{}, fmt.Errorf("opening a session: %w", err)
	}
	session.ID = id
	return session, nil
}

// RenewSession gives the viewer's session a new id and token, as at each change of privilege. The old one is over, and its
// sockets are told to close. It composes like OpenSession; a session that is over already is Unauthenticated.
func (a *Accounts) RenewSession(ctx context.Context, tx *db.Tx, viewer Viewer) (Session, error) {
	return a.renew(ctx, tx, viewer, renewal{})
}

// ProveSession is RenewSession for somebody who showed at this moment that it is they; twice tells that it was by a second
// factor, which the session has from then on.
func (a *Accounts) ProveSession(ctx context.Context, tx *db.Tx, viewer Viewer, twice bool) (Session, error) {
	return a.renew(ctx, tx, viewer, renewal{Proved: true, SecondFactor: twice})
}

func (a *Accounts) renew(ctx context.Context, tx *db.Tx, viewer Viewer, r renewal) (Session, error) {
	secret, hash := token.New()
	renewed, err := replaceSession(ctx, tx, viewer, r, hash, a.now())
	if db.IsMissing(err) {
		return Session{}, fault.New(fault.Unauthenticated, "Please sign in first.")
	}
	if err != nil {
		return Session{}, fmt.Errorf("renewing a session: %w", err)
	}
	renewed.Token = secret
	tx.AfterCommit(func() { a.tell(SessionSubject+strconv.FormatInt(viewer.SessionID, 10), []byte(SessionRenewed)) })
	return renewed, nil
}

// DemoteSessions takes the second factor from all sessions of a person who has none any more, in the transaction that takes
// it away. Each gets a new id at its next request.
func (a *Accounts) DemoteSessions(ctx context.Context, tx *db.Tx, personID int64) error {
	if err := demoteSessions(ctx, tx, personID); err != nil {
		return fmt.Errorf("taking the second factor from sessions: %w", err)
	}
	return nil
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
func (a *Accounts) Viewer(ctx context.Context, secret string) (Viewer, error) {
	hash, ok := token.Hash(secret)
	if !ok {
		return Viewer{}, nil
	}
	var row viewerRow
	switch err := a.viewer.Scan(ctx, &row, hash, a.now()); {
	case db.IsMissing(err):
		return Viewer{}, nil
	case err != nil:
		return Viewer{}, fmt.Errorf("reading the viewer: %w", err)
	}
	if now := a.now(); now.Sub(row.SeenAt) >= seenEvery {
		if err := touchSession(ctx, a.db, row.SessionID, now); err != nil {
			slog.WarnContext(ctx, "a session's last use was not noted", "error", err)
		}
	}
	return row.Viewer, nil
}

// SetPassword stores a password's hash and ends all sessions of that person, sockets too; no letter makes another e-mail theirs
// any more that was asked for in one of them. It composes like OpenSession, which lets them in again.
func (a *Accounts) SetPassword(ctx context.Context, tx *db.Tx, personID int64, phc string) error {
	ended, err := changePassword(ctx, tx, personID, phc)
	if err != nil {
		return fmt.Errorf("changing a password: %w", err)
	}
	if err := deleteOtherEmails(ctx, tx, personID); err != nil {
		return fmt.Errorf("voiding letters about another e-mail: %w", err)
	}
	tx.AfterCommit(func() { a.sessionEnded(ended...) })
	return nil
}

// HashPassword makes the string under which a password is stored. It may have to wait for its turn: see password.Hasher.
func (a *Accounts) HashPassword(ctx context.Context, chosen string) (string, error) {
	return a.passwords.Hash(ctx, chosen)
}

// PasswordFits compares a password with what is stored; without that it takes as long and says no.
func (a *Accounts) PasswordFits(ctx context.Context, typed, phc string) (bool, error) {
	return a.passwords.Fits(ctx, typed, phc)
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
