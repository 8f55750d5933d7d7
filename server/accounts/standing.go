package accounts

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// SuspendedSubject and a person's id is the news that they were suspended.
const SuspendedSubject = "accounts.suspended."

// The codes of a refusal, for machines: muted is CHAT-PROTOCOL's.
const (
	codeMuted     = "muted"
	codeSuspended = "suspended"
	codeAwaits    = "awaits"
)

// What has to come before somebody may write.
const (
	AwaitsLetter   = "letter"   // they confirm their e-mail
	AwaitsApproval = "approval" // an administrator says yes
)

// Standing is what a moderator's decision took from a person for a while, and what they wait for. Decisions end by
// themselves; zero where nothing was taken.
type Standing struct {
	MutedUntil     time.Time `bun:",nullzero"` // they read, and write nothing that others see
	SuspendedUntil time.Time `bun:",nullzero"` // they are not in the rooms either
	Awaits         string    `bun:",nullzero"` // letter or approval; empty where nothing has to come
}

// Muted reports whether the person may write nothing now.
func (s Standing) Muted(now time.Time) bool { return s.MutedUntil.After(now) || s.Suspended(now) }

// Suspended reports whether the person may not be in the rooms now.
func (s Standing) Suspended(now time.Time) bool { return s.SuspendedUntil.After(now) }

// Refusal is the answer to somebody in this standing who would write; nil where they may.
func (s Standing) Refusal(now time.Time) error {
	switch {
	case s.Suspended(now):
		return fault.New(fault.Forbidden, "A moderator has suspended your account until "+untilWords(s.SuspendedUntil)+
			". You can read, and what you typed is kept. Look among your notices for why, and how to object.").Coded(codeSuspended)
	case s.Awaits == AwaitsLetter:
		return fault.New(fault.Forbidden, "Please confirm your e-mail first: we sent you a letter with a link. What you typed is kept.").Coded(codeAwaits)
	case s.Awaits == AwaitsApproval:
		return fault.New(fault.Forbidden, "Somebody who looks after this place has to let you in first. You will get a letter, and what you typed is kept.").Coded(codeAwaits)
	case s.Muted(now):
		return fault.New(fault.Forbidden, "A moderator has asked you to pause until "+untilWords(s.MutedUntil)+
			". You can read, and what you typed is kept. Look among your notices for why, and how to object.").Coded(codeMuted)
	}
	return nil
}

func untilWords(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") + " UTC" }

// Admit lets a person write in this transaction, or says until when they may not. Their standing and their role are held
// until the commit, so that a decision which comes first counts, on every node.
func Admit(ctx context.Context, tx *db.Tx, viewer Viewer, now time.Time) error {
	standing, role, err := holdStanding(ctx, tx, viewer.ID)
	if db.IsMissing(err) {
		return fault.New(fault.Unauthenticated, "Please sign in to write here.")
	}
	if err != nil {
		return fmt.Errorf("reading a person's standing: %w", err)
	}
	if viewer.Role != Member && viewer.Role != role { // somebody took it from them this moment
		return fault.New(fault.Unauthenticated, "What you may do here has changed. Please sign in again.")
	}
	return standing.Refusal(now)
}

// Mute lets a person write nothing until then; a zero until takes it back. It composes into the transaction of whoever
// decided it, before any thread or room is locked there: writers hold their own standing first, too.
func (a *Accounts) Mute(ctx context.Context, tx *db.Tx, personID int64, until time.Time) error {
	if err := updateMuted(ctx, tx, personID, until); err != nil {
		return fmt.Errorf("muting a person: %w", err)
	}
	return nil
}

// Suspend is Mute, and closes the person's sockets on every node.
func (a *Accounts) Suspend(ctx context.Context, tx *db.Tx, personID int64, until time.Time) error {
	if err := updateSuspended(ctx, tx, personID, until); err != nil {
		return fmt.Errorf("suspending a person: %w", err)
	}
	if until.After(a.now()) {
		tx.AfterCommit(func() { a.tell(SuspendedSubject+strconv.FormatInt(personID, 10), nil) })
	}
	return nil
}
