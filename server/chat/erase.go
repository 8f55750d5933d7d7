package chat

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/richtext"
)

// erasedAtOnce is how many messages one transaction changes, while their room waits.
const erasedAtOnce = 64

// EraseWords takes away the messages of somebody who leaves, and empties them; everybody in the rooms hears of it. It does
// so in transactions of its own: broken off and begun anew, it goes on.
func (c *Chat) EraseWords(ctx context.Context, l accounts.Leaver) error {
	for more := true; more; {
		err := c.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			roomID, err := roomWithWords(ctx, tx, l.ID)
			if more = roomID != 0; !more || err != nil {
				return err
			}
			ns, err := emptyMessages(ctx, tx, roomID, l.ID, erasedAtOnce, c.clock())
			if err != nil {
				return err
			}
			return c.moveOn(ctx, tx, roomID, ns)
		})
		if err != nil {
			return fmt.Errorf("erasing somebody's messages: %w", err)
		}
	}
	return nil
}

// Unname puts another word wherever messages name somebody who leaves with an @, a page of them at a time.
func (c *Chat) Unname(ctx context.Context, l accounts.Leaver) error {
	var after naming
	for more := true; more; {
		err := c.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			page, err := namingMessages(ctx, tx, after.RoomID, after.N, erasedAtOnce)
			if more = len(page) > 0; !more || err != nil {
				return err
			}
			after = page[len(page)-1]
			return c.unname(ctx, tx, l, page)
		})
		if err != nil {
			return fmt.Errorf("taking somebody's name out of messages: %w", err)
		}
	}
	return nil
}

// unname changes those of a page that name them; the page is of one room.
func (c *Chat) unname(ctx context.Context, tx *db.Tx, l accounts.Leaver, page []naming) error {
	var changed []int64
	for _, m := range page {
		body := l.Unnamed(m.Body)
		if body == m.Body {
			continue
		}
		changed = append(changed, m.N)
		if err := updateMessage(ctx, tx, m.RoomID, m.N, body, richtext.RenderMessage(body)); err != nil {
			return err
		}
	}
	return c.moveOn(ctx, tx, page[0].RoomID, changed)
}

// moveOn gives each of a room's changed messages a seq of its own, and has everybody hear of them.
func (c *Chat) moveOn(ctx context.Context, tx *db.Tx, roomID int64, ns []int64) error {
	if len(ns) == 0 {
		return nil
	}
	seq, err := moveRevs(ctx, tx, roomID, ns)
	tx.AfterCommit(func() { c.moved(roomID, seq) })
	return err
}

// naming is a message that may name somebody.
type naming struct {
	RoomID, N int64
	Body      string
}
