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
	About string  // one line for the list
	Topic string  // what is asked of everybody inside
	LastN int64   `bun:"last_n"` // the number of its newest message; 0 for guests
	ReadN int64   `bun:"read_n"` // how far this viewer has read
	Apart []int64 `bun:",array"` // whose words and name the viewer is not shown

	Position  int   // among the rooms, from 1
	HiddenNew int64 // messages since then that the viewer is not shown; only Rooms counts them
}

// Unread is how many messages for the viewer came since they last read here; as Rooms gave it.
func (r Room) Unread() int64 { return max(0, r.LastN-r.ReadN-r.HiddenNew) }

// Rooms lists the rooms in their order: to whom they are not open without anything that tells what happens in them.
func (c *Chat) Rooms(ctx context.Context, viewer accounts.Viewer) ([]Room, error) {
	rooms := []Room{}
	if err := c.queries.rooms.Scan(ctx, &rooms, viewer.ID, sight(viewer)); err != nil {
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
	err := c.queries.room.Scan(ctx, &room, slug, viewer.ID, sight(viewer))
	if db.IsMissing(err) {
		return Room{}, fault.Missing()
	}
	if err != nil {
		return Room{}, fmt.Errorf("finding a room: %w", err)
	}
	return room, nil
}

// sight is by whose blocks the viewer reads: staff is shown everything.
func sight(viewer accounts.Viewer) int64 {
	if viewer.Staff() {
		return 0
	}
	return viewer.ID
}
