package moderation

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Alias is the name under which somebody writes in a thread.
type Alias struct {
	ID       int64
	Name     string
	ThreadID int64
	Slug     string // the thread's
	Title    string // the thread's
	personID int64  // who it is: only Unmask tells
}

// Path is the address of the thread.
func (a Alias) Path() string { return fmt.Sprintf("/t/%d/%s", a.ThreadID, a.Slug) }

// Alias finds one for staff, by its name as it is typed.
func (m *Moderation) Alias(ctx context.Context, viewer accounts.Viewer, threadID int64, name string) (Alias, error) {
	if !viewer.Staff() {
		return Alias{}, fault.Missing()
	}
	_, fold, err := text.Handle(name)
	if err != nil {
		return Alias{}, fault.Missing().Because(err)
	}
	alias, err := aliasCalled(ctx, m.db, threadID, fold)
	switch {
	case db.IsMissing(err):
		return Alias{}, fault.Missing()
	case err != nil:
		return Alias{}, fmt.Errorf("reading an alias: %w", err)
	}
	return alias, nil
}

// unmasking is that somebody of the staff looked who writes under an alias.
type unmasking struct {
	AliasID, ActorID int64
	Reason           audit.Reason
	Note             string
	At               time.Time
}

// Unmask tells staff who writes under an alias, for a reason and with a note of their own, and writes down that they looked.
// Faults are of the fields reason_code and note. The cases of words under this alias then show them their author.
func (m *Moderation) Unmask(ctx context.Context, viewer accounts.Viewer, threadID int64, name string, reason audit.Reason, note string) (accounts.Person, error) {
	alias, err := m.Alias(ctx, viewer, threadID, name)
	if err != nil {
		return accounts.Person{}, err
	}
	if alias.personID == viewer.ID {
		return accounts.Person{}, fault.New(fault.Forbidden, "This is your own name here.")
	}
	faults := map[string]string{}
	if note = readNote(note, faults); note == "" && faults["note"] == "" {
		faults["note"] = "Please write why you need to know."
	}
	if !reason.Known() {
		faults["reason_code"] = "Please choose why."
	}
	if err := fault.Fields(faults); err != nil {
		return accounts.Person{}, err
	}
	now := m.clock()
	err = m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, viewer, now); err != nil {
			return err
		}
		if err := insertUnmasking(ctx, tx, unmasking{AliasID: alias.ID, ActorID: viewer.ID, Reason: reason, Note: note, At: now}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{At: now, ActorID: viewer.ID, Verb: audit.Unmask, Kind: audit.Thread, ObjectID: threadID, Reason: reason})
	})
	if err != nil {
		return accounts.Person{}, fmt.Errorf("looking who writes under an alias: %w", err)
	}
	named, err := m.people.Names(ctx, viewer, []int64{alias.personID})
	return named[alias.personID], err
}

// maskLines gives the texts of a snapshot the aliases under which their authors write now: they may have taken them since.
func maskLines(ctx context.Context, tx *db.Tx, c Case) error {
	if c.Kind != audit.Post && c.Kind != audit.Thread {
		return nil
	}
	ids := make([]int64, 0, len(c.Snapshot))
	for _, l := range c.Snapshot {
		ids = append(ids, l.ID)
	}
	aliases, err := aliasesOf(ctx, tx, ids)
	if err != nil {
		return fmt.Errorf("reading the aliases: %w", err)
	}
	for i, l := range c.Snapshot {
		if name, is := aliases[l.ID]; is {
			c.Snapshot[i].Author, c.Snapshot[i].Handle, c.Snapshot[i].Label = name, "", accounts.Peer
		}
	}
	return nil
}
