package chat

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Order is what a moderator wants done to a message, and why.
type Order struct {
	Verb   audit.Verb // Hide, Remove or Restore
	RoomID int64
	N      int64
	Reason audit.Reason
}

// Carry does it in the caller's transaction and writes it into the audit there, both or neither. To hide and to remove are
// the same here: the words go from every page and socket, for everybody, until they are restored. What is so already
// changes nothing and is not written down again. The room waits until the commit; then everybody hears of it.
func (c *Chat) Carry(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, o Order) error {
	if err := c.carry(ctx, tx, viewer, o); err != nil {
		return fmt.Errorf("carrying out %s: %w", o.Verb, err)
	}
	return nil
}

func (c *Chat) carry(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, o Order) error {
	held, err := lockMessage(ctx, tx, o.RoomID, o.N)
	if err != nil {
		return err
	}
	if err := o.check(viewer, held); err != nil {
		return err
	}
	now := c.clock()
	hiddenAt := now
	if o.Verb == audit.Restore {
		hiddenAt = time.Time{}
	}
	if held.Hidden == !hiddenAt.IsZero() {
		return nil
	}
	seq, err := moveSeq(ctx, tx, o.RoomID)
	if err != nil {
		return err
	}
	changed, err := setHidden(ctx, tx, o, hiddenAt, seq)
	if err != nil {
		return err
	}
	tx.AfterCommit(func() {
		c.offer(o.RoomID, []Message{changed})
		c.hint(o.RoomID, seq)
	})
	return audit.Write(ctx, tx, audit.Entry{
		At: now, ActorID: viewer.ID, Verb: o.Verb, Kind: audit.Message, ObjectID: o.N, IntoID: o.RoomID, Reason: o.Reason,
	})
}

// check says why the viewer may not have this done to the message.
func (o Order) check(viewer accounts.Viewer, held heldMessage) error {
	switch {
	case !mayRead(viewer):
		return fault.Missing()
	case !viewer.Staff():
		return fault.New(fault.Forbidden, "Only moderators can do this.")
	case held.AuthorID == viewer.ID:
		return fault.New(fault.Forbidden, "These are your own words. Please ask another moderator to decide.")
	case o.Verb != audit.Hide && o.Verb != audit.Remove && o.Verb != audit.Restore:
		return fault.New(fault.Invalid, "That is nothing that can be done to a message.")
	case !o.Reason.Known():
		return fault.Field("reason_code", "Please choose why.")
	}
	return nil
}

// aroundIt is how many messages Context gives on either side of the one that is asked for.
const aroundIt = 3

// Context is a message with up to three others that stand on either side of it; a removed one is missing, and one that the
// viewer is not shown.
func (c *Chat) Context(ctx context.Context, viewer accounts.Viewer, slug string, n int64) (Room, []Message, error) {
	room, err := c.Room(ctx, viewer, slug)
	if err != nil {
		return Room{}, nil, err
	}
	var found []Message
	if err := c.queries.standing.Scan(ctx, &found, room.ID, n, aroundIt+1, aroundIt, pq.Array(room.Apart)); err != nil {
		return Room{}, nil, fmt.Errorf("reading a message and what is around it: %w", err)
	}
	for _, m := range found {
		if m.N == n {
			return room, found, nil
		}
	}
	return Room{}, nil, fault.Missing()
}
