package accounts

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Parting is what somebody who leaves wants done with their words.
type Parting string

// The partings.
const (
	KeepWords    Parting = "keep"   // they stay, under a former member's name
	RemoveWords  Parting = "remove" // they go
	RemoveQuotes Parting = "quotes" // they go, and what others quote of them
)

// Known reports whether it is one of the three.
func (p Parting) Known() bool { return p == KeepWords || p.Removes() }

// Removes reports whether the words go.
func (p Parting) Removes() bool { return p == RemoveWords || p == RemoveQuotes }

// FormerName and FormerHandle are what stands where somebody was named who has left.
const (
	FormerName   = "a former member"
	FormerHandle = "former-member"
)

// Leaver is somebody who is being erased.
type Leaver struct {
	ID      int64
	UID     string // what their tombstone names them by
	Handle  string // empty where they had left before
	Email   string
	LeftAt  time.Time `bun:",nullzero"`
	Parting Parting
}

// Fold is the handle as handles are compared.
func (l Leaver) Fold() string { return text.Fold(l.Handle) }

// Unnamed is a text without the leaver's handle.
func (l Leaver) Unnamed(said string) string {
	if l.Handle == "" {
		return said
	}
	return text.Unmention(said, l.Fold(), FormerHandle)
}

// StartLeaving notes until when somebody can change their mind, and signs them out everywhere. The last administrator cannot
// leave: that is Forbidden. Those who leave at the same moment wait for each other.
func (a *Accounts) StartLeaving(ctx context.Context, tx *db.Tx, viewer Viewer, due time.Time) error {
	others, err := holdAdministrators(ctx, tx, viewer.ID)
	if err != nil {
		return fmt.Errorf("holding the administrators: %w", err)
	}
	if viewer.Given == Administrator && others == 0 {
		return fault.New(fault.Forbidden, "You are the only administrator. Please make somebody else one first, so that this place is not left alone.")
	}
	if err := updateLeaves(ctx, tx, viewer.ID, due); err != nil {
		return fmt.Errorf("noting that somebody leaves: %w", err)
	}
	return a.endSessions(ctx, tx, viewer.ID)
}

// Stay takes StartLeaving back.
func (a *Accounts) Stay(ctx context.Context, tx *db.Tx, viewer Viewer) error {
	if err := updateLeaves(ctx, tx, viewer.ID, time.Time{}); err != nil {
		return fmt.Errorf("noting that somebody stays: %w", err)
	}
	return nil
}

func (a *Accounts) endSessions(ctx context.Context, tx *db.Tx, personID int64) error {
	ended, err := deleteSessions(ctx, tx, personID, 0)
	if err != nil {
		return fmt.Errorf("ending the sessions: %w", err)
	}
	tx.AfterCommit(func() { a.sessionEnded(ended...) })
	return nil
}

// Close shuts the door behind somebody: from the commit on no session, no password and no letter lets them in, and nothing
// of theirs is written any more. Whoever writes for them at the moment is waited for.
func (a *Accounts) Close(ctx context.Context, tx *db.Tx, personID int64) error {
	if err := closePerson(ctx, tx, personID, a.now()); err != nil {
		return fmt.Errorf("closing an account: %w", err)
	}
	return a.endSessions(ctx, tx, personID)
}

// Leaver reads somebody who is to be erased; missing where there is nobody.
func (a *Accounts) Leaver(ctx context.Context, personID int64) (Leaver, error) {
	l, err := leaverByID(ctx, a.db, personID)
	if err != nil {
		return Leaver{}, fmt.Errorf("reading who leaves: %w", err)
	}
	return l, nil
}

// Leavers tells which people have these uids.
func (a *Accounts) Leavers(ctx context.Context, uids []string) ([]Leaver, error) {
	found, err := leaversByUID(ctx, a.db, uids)
	if err != nil {
		return nil, fmt.Errorf("looking for who has left: %w", err)
	}
	return found, nil
}

// Erase ends an account: all that goes with a person goes, in every domain's tables, their handle is kept from others, and
// their row says nothing but that somebody was there. Its uid is a new one, so that a tombstone does not find it again.
func (a *Accounts) Erase(ctx context.Context, tx *db.Tx, l Leaver) error {
	if err := insertFormerHandle(ctx, tx, l.ID); err != nil {
		return fmt.Errorf("keeping a handle from others: %w", err)
	}
	if err := a.endSessions(ctx, tx, l.ID); err != nil {
		return err
	}
	if err := eraseWithPerson(ctx, tx, l.ID); err != nil {
		return fmt.Errorf("erasing what goes with a person: %w", err)
	}
	if err := emptyPerson(ctx, tx, l.ID, a.now()); err != nil {
		return fmt.Errorf("emptying an account: %w", err)
	}
	return nil
}
