// Package audit is the record of what staff did: added to, never changed. Each entry's hash covers the hash before it, so
// that an entry which was changed, dropped or swapped is found.
//
// Owns: the chain and its end (tables audit_entries, audit_head) and the reason codes of staff. It holds ids, verbs, reason
// codes and times only: no word that anybody wrote, so that nothing here ever has to be erased.
// Emits: nothing.
// Not here: who may do what, and who may read this (the domains and pages that call it), the notes and texts of a case
// (moderation).
package audit

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/platform/db"
)

// Verb is what was done.
type Verb string

// The verbs.
const (
	Pin               Verb = "pin"
	Unpin             Verb = "unpin"
	Lock              Verb = "lock"
	Unlock            Verb = "unlock"
	Hide              Verb = "hide"
	Restore           Verb = "restore"
	Move              Verb = "move"
	MakeMember        Verb = "make_member"
	MakeConsultant    Verb = "make_consultant"
	MakeModerator     Verb = "make_moderator"
	MakeAdministrator Verb = "make_administrator"

	Remove  Verb = "remove"
	Warn    Verb = "warn"
	Mute    Verb = "mute"
	Suspend Verb = "suspend"
	Lift    Verb = "lift"    // a mute or a suspension ends early
	Open    Verb = "open"    // private data is looked at: a case, a credential
	Claim   Verb = "claim"   // a case is taken
	Release Verb = "release" // and given back
	Decide  Verb = "decide"  // a case is closed; what was done to its object is an entry of its own
	Undo    Verb = "undo"    // a decision is taken back
	Verify  Verb = "verify"  // a credential or a wording is found true
	Refuse  Verb = "refuse"  // or not
	Add     Verb = "add"     // a category or a room
	Change  Verb = "change"

	Accept  Verb = "accept"  // somebody who waited is let in
	Decline Verb = "decline" // or not

	LetIn              Verb = "let_in" // a person, into a group
	TakeOut            Verb = "take_out"
	MakeGroupModerator Verb = "make_group_moderator"
	EndGroupModerator  Verb = "end_group_moderator"
	GrantSupporter     Verb = "grant_supporter" // by a group that may
	EndSupporter       Verb = "end_supporter"

	EndSessions       Verb = "end_sessions"        // somebody is signed out
	ResetSecondFactor Verb = "reset_second_factor" // somebody lost it, and signs in without
)

// Operator is the ActorID of whoever runs the machine and acts by its commands: no person of the house.
const Operator int64 = 0

// Kind is what sort of thing it was done to.
type Kind string

// The kinds.
const (
	Thread     Kind = "thread"
	Post       Kind = "post"
	Message    Kind = "message"
	Person     Kind = "person"
	Listing    Kind = "listing"
	Credential Kind = "credential"
	Case       Kind = "case"
	Category   Kind = "category"
	Room       Kind = "room"
	Group      Kind = "group"
	Wording    Kind = "wording" // of a care note: a rule's number

	Setting     Kind = "setting" // of the whole house
	Invitation  Kind = "invitation"
	BannedEmail Kind = "banned_email"
)

// Entry is one act.
type Entry struct {
	ID       int64 // 1, 2, 3 … in the order of the commits; given by Write
	At       time.Time
	ActorID  int64
	Verb     Verb
	Kind     Kind
	ObjectID int64  // of a message its n
	IntoID   int64  // for a move the category that it went into; for a message its room; for what a group does the group; else 0
	Reason   Reason `bun:"reason_code"` // empty where none is asked for
	Hash     []byte // covers the entry before and this one; given by Write
}

// Audit reads the record.
type Audit struct {
	db *db.DB
}

// New makes an Audit on a migrated database.
func New(database *db.DB) *Audit { return &Audit{db: database} }

// Write adds an entry in the transaction of the act itself: both are, or neither. Writers wait for each other until they
// commit, so it belongs at the transaction's end.
func Write(ctx context.Context, tx *db.Tx, e Entry) error {
	if err := appendEntry(ctx, tx, e); err != nil {
		return fmt.Errorf("writing the audit: %w", err)
	}
	return nil
}

const perPage = 50

// Page is a stretch of the record, the newest first.
type Page struct {
	Entries []Entry
	Next    int64 // the id before which the next page begins; 0 on the last
}

// Page reads the entries before an id; 0 is the newest. Whoever calls it has made sure that a moderator or an administrator
// asks.
func (a *Audit) Page(ctx context.Context, before int64) (Page, error) {
	entries, err := entriesBefore(ctx, a.db, before, perPage+1)
	if err != nil {
		return Page{}, fmt.Errorf("reading the audit: %w", err)
	}
	page := Page{Entries: entries}
	if len(entries) > perPage {
		page.Entries = entries[:perPage]
		page.Next = entries[perPage-1].ID
	}
	return page, nil
}
