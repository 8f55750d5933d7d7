package chat

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// heldMessage is a message under its room's lock.
type heldMessage struct {
	AuthorID int64
	Hidden   bool
}

// lockMessage locks the room as a send does, and then reads the message with a fresh snapshot. What its author took away
// is nobody's any more.
func lockMessage(ctx context.Context, tx *db.Tx, roomID, n int64) (heldMessage, error) {
	var held heldMessage
	err := tx.NewRaw(`SELECT room_id FROM room_counters WHERE room_id = ? FOR UPDATE`, roomID).Scan(ctx, new(int64))
	if err == nil {
		err = tx.NewRaw(`SELECT author_id, hidden_at IS NOT NULL AS hidden FROM messages
			WHERE room_id = ? AND n = ? AND deleted_at IS NULL`, roomID, n).Scan(ctx, &held)
	}
	if db.IsMissing(err) {
		return held, fault.Missing()
	}
	return held, err
}

// moveSeq gives the room's next seq, for one change; it takes the room's lock.
func moveSeq(ctx context.Context, tx *db.Tx, roomID int64) (int64, error) {
	var seq int64
	err := tx.NewRaw(`UPDATE room_counters SET seq = seq + 1 WHERE room_id = ? RETURNING seq`, roomID).Scan(ctx, &seq)
	return seq, err
}

// setHidden takes a message away, or with a zero time gives it back, and reads it as everybody does from then on.
func setHidden(ctx context.Context, tx *db.Tx, o Order, hiddenAt time.Time, rev int64) (Message, error) {
	var m Message
	err := tx.NewRaw(`UPDATE messages m SET hidden_at = ?, rev = ? FROM people p
		WHERE m.room_id = ? AND m.n = ? AND p.id = m.author_id
		RETURNING `+liveColumns, bun.NullTime{Time: hiddenAt}, rev, o.RoomID, o.N).Scan(ctx, &m)
	return m, err
}
