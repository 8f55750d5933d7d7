package chat

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Room is a place to talk live. Rooms are for members; a guest is told what rooms there are.
type Room struct {
	ID    int64
	Slug  string
	Name  string
	About string // one line for the list
	Topic string // what is asked of everybody inside
	LastN int64  `bun:"last_n"` // the number of its newest message; 0 for guests
	ReadN int64  `bun:"read_n"` // how far this viewer has read

	Position int // among the rooms, from 1
}

// Unread is how many messages came since the viewer last read here.
func (r Room) Unread() int64 { return max(0, r.LastN-r.ReadN) }

// Rooms lists the rooms in their order: to whom they are not open without anything that tells what happens in them.
func (c *Chat) Rooms(ctx context.Context, viewer accounts.Viewer) ([]Room, error) {
	rooms := []Room{}
	if err := c.queries.rooms.Scan(ctx, &rooms, viewer.ID); err != nil {
		return nil, fmt.Errorf("listing the rooms: %w", err)
	}
	if !mayRead(viewer) {
		for i := range rooms {
			rooms[i].LastN = 0
		}
	}
	return rooms, nil
}

// Room is one room by its slug; to guests and who waits to be let in there is none, and to the suspended it is closed.
func (c *Chat) Room(ctx context.Context, viewer accounts.Viewer, slug string) (Room, error) {
	if !mayRead(viewer) || !text.IsSlug(slug) {
		return Room{}, fault.Missing()
	}
	if err := closed(viewer.Standing, c.now()); err != nil {
		return Room{}, err
	}
	var room Room
	err := c.queries.room.Scan(ctx, &room, slug, viewer.ID)
	if db.IsMissing(err) {
		return Room{}, fault.Missing()
	}
	if err != nil {
		return Room{}, fmt.Errorf("finding a room: %w", err)
	}
	return room, nil
}
