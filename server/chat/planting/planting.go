// Package planting says the messages of the demo community. It is a room of chat, whose tables it fills as a send would.
//
// Owns: nothing of its own. Emits: nothing: nobody hears of what never happened.
// Not here: how people send (chat), what the community says (demo).
package planting

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
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

// Message is chat's Send in the transaction that fills the demo, at a moment of its own, but nobody hears of it; it gives the
// message's number. The viewer's label is the message's.
func Message(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, line chat.Line, at time.Time) (n int64, err error) {
	body, err := text.Body(line.Body, chat.MaxBody)
	if err != nil {
		return 0, fmt.Errorf("planting a message: %w", err)
	}
	n, err = insertPlanted(ctx, tx, planted{
		room: line.Room, body: body, html: richtext.RenderMessage(body), authorID: viewer.ID, re: line.Re, label: viewer.Label,
		cmid: uuid.New(), at: at,
	})
	if err != nil {
		return 0, fmt.Errorf("planting a message in %s: %w", line.Room, err)
	}
	return n, nil
}
