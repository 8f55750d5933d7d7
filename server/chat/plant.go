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

// planted is a message of the demo community, rendered and about to be a row.
type planted struct {
	room, body, html string
	authorID, re     int64
	label            accounts.Label
	cmid             uuid.UUID
	at               time.Time
}

// Plant is Send in the transaction that fills the demo, at the clock's moment, but nobody hears of it; it gives the
// message's number. The viewer's label is the message's.
func (c *Chat) Plant(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, line Line) (n int64, err error) {
	body, err := text.Body(line.Body, maxBody)
	if err != nil {
		return 0, fmt.Errorf("planting a message: %w", err)
	}
	n, err = insertPlanted(ctx, tx, planted{
		room: line.Room, body: body, html: richtext.RenderMessage(body), authorID: viewer.ID, re: line.Re, label: viewer.Label,
		cmid: uuid.New(), at: c.clock(),
	})
	if err != nil {
		return 0, fmt.Errorf("planting a message in %s: %w", line.Room, err)
	}
	return n, nil
}
