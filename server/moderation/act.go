package moderation

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// act is what is done to a thing or a person.
type act struct {
	verb     audit.Verb // None does nothing
	reason   audit.Reason
	until    time.Time // of a mute or a suspension; zero takes it back
	category string    // where a thread goes
}

// act does it, and each domain writes it into the audit. A person is acted on first: whoever writes holds their own
// standing before any thread or room.
func (m *Moderation) act(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, c Case, a act) error {
	var err error
	switch {
	case a.verb == None:
		return nil
	case toPerson(a.verb):
		return m.pause(ctx, tx, viewer, c, a)
	case c.Kind == audit.Post:
		err = m.forum.Carry(ctx, tx, viewer, forum.Order{Verb: a.verb, PostID: c.ObjectID, Reason: a.reason})
	case c.Kind == audit.Thread:
		err = m.forum.Carry(ctx, tx, viewer, forum.Order{Verb: a.verb, ThreadID: c.ObjectID, Category: a.category, Reason: a.reason})
	case c.Kind == audit.Message:
		err = m.chat.Carry(ctx, tx, viewer, chat.Order{Verb: a.verb, RoomID: c.RoomID, N: c.ObjectID, Reason: a.reason})
	case c.Kind == audit.Listing:
		err = m.directory.Carry(ctx, tx, viewer, directory.Order{Verb: a.verb, ConsultantID: c.ObjectID, Reason: a.reason})
	}
	if fault.Is(err, fault.NotFound) {
		return fault.Field("action", "It is not there any more: its author took it away. You can still leave it so, or write to them.").Because(err)
	}
	return err
}

// pause warns, mutes or suspends the person whom a case is about, or lifts that.
func (m *Moderation) pause(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, c Case, a act) error {
	now, verb := m.clock(), a.verb
	if timed(verb) {
		about, err := roleOf(ctx, tx, c.AboutID)
		if err != nil {
			return fmt.Errorf("reading whom it is about: %w", err)
		}
		if !mayPause(viewer, about) {
			return fault.New(fault.Forbidden, "Only an administrator can mute or suspend somebody of the staff. Please give the case back, so that one of them can take it.")
		}
		take := m.people.Mute
		if verb == audit.Suspend {
			take = m.people.Suspend
		}
		if err := take(ctx, tx, c.AboutID, a.until); err != nil {
			return err
		}
		if !a.until.After(now) {
			verb = audit.Lift
		}
	}
	entry := audit.Entry{At: now, ActorID: viewer.ID, Verb: verb, Kind: audit.Person, ObjectID: c.AboutID, Reason: a.reason}
	if c.AliasID != 0 { // the record is no way around the alias
		entry.Kind, entry.ObjectID = audit.Case, c.ID
	}
	return audit.Write(ctx, tx, entry)
}

// undoing is how a decision is taken back.
type undoing struct {
	Action   audit.Verb // None where it changed nothing
	Category string
	Until    time.Time `bun:",nullzero"`
}

func (u undoing) act(reason audit.Reason) act {
	return act{verb: u.Action, reason: reason, until: u.Until, category: u.Category}
}

// undoing is the act that makes it what it is now, before this decision.
func (d Decision) undoing(now Current) undoing {
	back := func(changes bool, verb audit.Verb) undoing {
		if !changes {
			verb = None
		}
		return undoing{Action: verb}
	}
	stood := audit.Restore
	switch {
	case now.Removed:
		stood = audit.Remove
	case now.Hidden:
		stood = audit.Hide
	}
	switch d.Action {
	case audit.Hide, audit.Remove, audit.Restore:
		return back(stood != d.Action, stood)
	case audit.Lock:
		return back(!now.Locked, audit.Unlock)
	case audit.Unlock:
		return back(now.Locked, audit.Lock)
	case audit.Pin:
		return back(!now.Pinned, audit.Unpin)
	case audit.Move:
		u := back(now.Category != d.Category, audit.Move)
		u.Category = now.Category
		return u
	case audit.Mute:
		return undoing{Action: audit.Mute, Until: now.MutedUntil}
	case audit.Suspend:
		return undoing{Action: audit.Suspend, Until: now.SuspendedUntil}
	}
	return undoing{Action: None}
}
