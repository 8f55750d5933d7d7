package chat

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/richtext"
	"firstdrops/server/platform/text"
)

// Seedling is a message of the demo community.
type Seedling struct {
	Room   string // its slug
	Author accounts.Viewer
	Body   string
	Re     int64 // the number of the message that it answers; 0 for none
	At     time.Time
}

// Plant says something in a room, in the transaction that fills the demo, and gives the message's number. Nobody hears
// of it: no socket is open yet.
func Plant(ctx context.Context, tx *db.Tx, s Seedling) (n int64, err error) {
	body, err := text.Body(s.Body, maxBody)
	if err != nil {
		return 0, fmt.Errorf("planting a message: %w", err)
	}
	m := planted{Seedling: s, cmid: uuid.New(), html: richtext.RenderMessage(body)}
	m.Body = body
	if n, err = insertPlanted(ctx, tx, m); err != nil {
		return 0, fmt.Errorf("planting a message in %s: %w", s.Room, err)
	}
	return n, nil
}

// planted is a message that is rendered and about to be a row.
type planted struct {
	Seedling
	cmid uuid.UUID
	html string
}

// PlantOrder is Carry in the transaction that fills the demo, at a moment.
func PlantOrder(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, o Order, at time.Time) error {
	if _, err := o.carry(ctx, tx, viewer, at); err != nil {
		return fmt.Errorf("planting %s: %w", o.Verb, err)
	}
	return nil
}
