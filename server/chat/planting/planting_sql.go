package planting

import (
	"context"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/richtext"
)

// insertPlanted moves the room's counters on by one message, as a send of its own does, and gives the message's number.
func insertPlanted(ctx context.Context, tx *db.Tx, m planted) (n int64, err error) {
	err = tx.NewRaw(`
		WITH moved AS (
			UPDATE room_counters SET seq = seq + 1, n = n + 1
			WHERE room_id = (SELECT id FROM rooms WHERE slug = ?) RETURNING room_id, seq, n
		)
		INSERT INTO messages (room_id, n, seq, rev, author_id, cmid, label, body, html, html_version, re, at)
		SELECT room_id, n, seq, seq, ?, ?, ?, ?, ?, ?, nullif(?, 0), ? FROM moved RETURNING n`,
		m.room, m.authorID, m.cmid, m.label, m.body, m.html, richtext.Version, m.re, m.at).Scan(ctx, &n)
	return n, err
}
