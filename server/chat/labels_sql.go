package chat

import (
	"context"

	"firstdrops/server/platform/db"
)

// movedRoom is a room with the seq that it was moved to.
type movedRoom struct{ RoomID, Seq int64 }

// moveStates gives a new state to the rooms where a person spoke lately: those whose state may hold a label of theirs.
func moveStates(ctx context.Context, tx *db.Tx, personID int64) ([]movedRoom, error) {
	var moved []movedRoom
	err := tx.NewRaw(`UPDATE room_counters c SET seq = c.seq + 1, state_rev = c.seq + 1
		WHERE EXISTS (SELECT FROM messages m WHERE m.room_id = c.room_id AND m.n > c.n - ? AND m.author_id = ?)
		RETURNING c.room_id, c.seq`, spokeLately, personID).Scan(ctx, &moved)
	return moved, err
}

// moveState is moveStates for one room, whoever speaks there.
func moveState(ctx context.Context, tx *db.Tx, roomID int64) (seq int64, err error) {
	err = tx.NewRaw(`UPDATE room_counters SET seq = seq + 1, state_rev = seq + 1 WHERE room_id = ? RETURNING seq`, roomID).Scan(ctx, &seq)
	return seq, err
}
