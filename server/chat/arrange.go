package chat

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Bounds of what is said about a room, in code points.
const (
	maxAbout = 120
	maxTopic = 300
)

// AddRoom opens a room, for administrators. Its slug stays what it is.
func (c *Chat) AddRoom(ctx context.Context, viewer accounts.Viewer, r Room) error {
	return c.arrange(ctx, viewer, r, audit.Add, func(ctx context.Context, tx *db.Tx, r Room) (int64, error) {
		id, err := insertRoom(ctx, tx, r)
		if db.IsUnique(err, slugTaken) {
			err = fault.Field("slug", "There is a room at this address already.")
		}
		return id, err
	})
}

// ChangeRoom gives the room with this slug another name, line, topic or place, for administrators. Whoever is in it reads a
// new topic at once.
func (c *Chat) ChangeRoom(ctx context.Context, viewer accounts.Viewer, r Room) error {
	if !text.IsSlug(r.Slug) {
		return fault.Missing()
	}
	return c.arrange(ctx, viewer, r, audit.Change, func(ctx context.Context, tx *db.Tx, r Room) (int64, error) {
		before, err := lockRoom(ctx, tx, r.Slug)
		if db.IsMissing(err) {
			return 0, fault.Missing()
		}
		if r.ID = before.ID; err != nil || r.like(before) {
			return 0, err
		}
		if r.Topic != before.Topic {
			seq, err := moveState(ctx, tx, r.ID)
			if err != nil {
				return 0, err
			}
			tx.AfterCommit(func() { c.moved(r.ID, seq) })
		}
		return r.ID, updateRoom(ctx, tx, r)
	})
}

// arrange does something to a room, as accounts.Administer has it done.
func (c *Chat) arrange(ctx context.Context, viewer accounts.Viewer, r Room, verb audit.Verb, do func(context.Context, *db.Tx, Room) (int64, error)) error {
	entry := audit.Entry{At: c.clock(), Verb: verb, Kind: audit.Room}
	err := accounts.Administer(ctx, c.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		r, err := r.written()
		if err != nil {
			return 0, err
		}
		return do(ctx, tx, r)
	})
	if err != nil {
		return fmt.Errorf("arranging a room: %w", err)
	}
	return nil
}

// like reports whether an administrator said the same of both.
func (r Room) like(other Room) bool {
	return r.Name == other.Name && r.About == other.About && r.Topic == other.Topic && r.Position == other.Position
}

// written is what an administrator says of a room, as it is kept.
func (r Room) written() (Room, error) {
	faults := map[string]string{}
	said := text.Place{Slug: r.Slug, Name: r.Name, About: r.About}.Written(maxAbout, faults)
	topic, err := text.Line(r.Topic, maxTopic)
	if err != nil {
		faults["topic"] = err.Error()
	}
	text.CheckPosition(r.Position, faults)
	kept := Room{Slug: said.Slug, Name: said.Name, About: said.About, Topic: topic, Position: r.Position}
	return kept, fault.Fields(faults)
}
