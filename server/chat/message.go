package chat

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"firstdrops/server/accounts"
)

// Message is something said in a room.
type Message struct {
	N        int64 // 1, 2, 3 … in its room
	Seq      int64 // the room's seq when it was said
	Rev      int64 // the room's seq of its last change
	AuthorID int64
	Author   string // the name shown in this room
	Label    accounts.Label
	Holds    bool // the label, or a higher one, is theirs also now; only History tells
	At       time.Time
	HTML     string // sanitised
	Re       int64  // the message that it answers; 0 for none
	Edited   bool
	Deleted  bool
	CMID     string  `bun:"cmid"`
	Apart    []int64 `bun:",array"` // who is not shown what the author says; only what is new tells
}

// Span is a stretch of a room's history: before, after or around a number; none of them is the
// newest messages.
type Span struct {
	Before, After, Around int64
	Limit                 int // clamped to 1 … 100; 0 is 50
}

// Page is a stretch of messages in rising order.
type Page struct {
	Messages []Message
	LastN    int64
	More     bool // whether there is more in the direction that was asked for
}

const (
	pageSize    = 50
	maxPageSize = 100
)

func (s Span) limit() int {
	if s.Limit == 0 {
		return pageSize
	}
	return min(max(s.Limit, 1), maxPageSize)
}

// History reads a stretch of a room's messages; removed ones are tombstones.
func (c *Chat) History(ctx context.Context, viewer accounts.Viewer, slug string, span Span) (Page, error) {
	room, err := c.Room(ctx, viewer, slug)
	if err != nil {
		return Page{}, err
	}
	limit, now := span.limit(), c.now()
	page := Page{Messages: []Message{}, LastN: room.LastN}
	switch {
	case span.After > 0:
		err = c.queries.after.Scan(ctx, &page.Messages, room.ID, span.After, limit+1, now, pq.Array(room.Apart))
		page.cut(limit, false)
	case span.Around > 0:
		// half of it from the number on, the rest before it, and one more
		err = c.queries.around.Scan(ctx, &page.Messages, room.ID, span.Around, (limit+1)/2, limit/2+1, now, pq.Array(room.Apart))
		page.cutAround(span.Around, limit/2)
	default:
		before := span.Before
		if before <= 0 {
			before = room.LastN + 1
		}
		err = c.queries.before.Scan(ctx, &page.Messages, room.ID, before, limit+1, now, pq.Array(room.Apart))
		slices.Reverse(page.Messages)
		page.cut(limit, true)
	}
	if err != nil {
		return Page{}, fmt.Errorf("reading a room's history: %w", err)
	}
	return page, nil
}

// cutAround is cut for older rows than the one in the middle, of which there are so many.
func (p *Page) cutAround(middle int64, older int) {
	before := slices.IndexFunc(p.Messages, func(m Message) bool { return m.N >= middle })
	if before < 0 {
		before = len(p.Messages)
	}
	if p.More = before > older; p.More {
		p.Messages = p.Messages[1:]
	}
}

// cut drops the row that was read only to know whether there is more.
func (p *Page) cut(limit int, older bool) {
	if p.More = len(p.Messages) > limit; !p.More {
		return
	}
	if older {
		p.Messages = p.Messages[1:]
		return
	}
	p.Messages = p.Messages[:limit]
}
