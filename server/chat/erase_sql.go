package chat

import (
	"context"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// roomWithWords finds a room where a person's words still stand, and locks it as a send does; 0 where there is none.
func roomWithWords(ctx context.Context, tx *db.Tx, personID int64) (int64, error) {
	var roomID int64
	err := tx.NewRaw(`SELECT c.room_id FROM room_counters c
		WHERE EXISTS (SELECT FROM messages m WHERE m.author_id = ? AND m.room_id = c.room_id AND m.body <> '')
		ORDER BY c.room_id LIMIT 1 FOR UPDATE`, personID).Scan(ctx, &roomID)
	if db.IsMissing(err) {
		return 0, nil
	}
	return roomID, err
}

// emptyMessages gives the numbers of those that it emptied.
func emptyMessages(ctx context.Context, tx *db.Tx, roomID, authorID int64, limit int, now time.Time) ([]int64, error) {
	var ns []int64
	err := tx.NewRaw(`UPDATE messages SET body = '', html = '', deleted_at = coalesce(deleted_at, ?3)
		WHERE room_id = ?0 AND n IN (
			SELECT n FROM messages WHERE author_id = ?1 AND room_id = ?0 AND body <> '' ORDER BY n LIMIT ?2)
		RETURNING n`, roomID, authorID, limit, now).Scan(ctx, &ns)
	return ns, err
}

// namingMessages are those after one that hold an @, by their index: of one room, which is locked as a send does.
func namingMessages(ctx context.Context, tx *db.Tx, roomID, n int64, limit int) ([]naming, error) {
	var page []naming
	var room int64
	err := tx.NewRaw(`SELECT room_id FROM messages WHERE strpos(body, '@') > 0 AND (room_id, n) > (?, ?)
		ORDER BY room_id, n LIMIT 1`, roomID, n).Scan(ctx, &room)
	if db.IsMissing(err) {
		return nil, nil
	}
	if err == nil {
		err = tx.NewRaw(`SELECT room_id FROM room_counters WHERE room_id = ? FOR UPDATE`, room).Scan(ctx, &room)
	}
	if err != nil {
		return nil, err
	}
	err = tx.NewRaw(`SELECT room_id, n, body FROM messages WHERE strpos(body, '@') > 0 AND (room_id, n) > (?0, ?1) AND room_id = ?2
		ORDER BY n LIMIT ?3`, roomID, n, room, limit).Scan(ctx, &page)
	return page, err
}

func updateMessage(ctx context.Context, tx *db.Tx, roomID, n int64, body, html string) error {
	_, err := tx.NewRaw(`UPDATE messages SET body = ?, html = ? WHERE room_id = ? AND n = ?`, body, html, roomID, n).Exec(ctx)
	return err
}

// moveRevs moves a room on by one change for each of these messages, and gives the last seq: messages that share one would
// be a stretch that was cleared, with all between them.
func moveRevs(ctx context.Context, tx *db.Tx, roomID int64, ns []int64) (int64, error) {
	var seq int64
	err := tx.NewRaw(`WITH moved AS (
			UPDATE room_counters SET seq = seq + ?1 WHERE room_id = ?0 RETURNING seq
		), changed AS (
			UPDATE messages m SET rev = moved.seq - ?1 + i.ord FROM moved, unnest(?2::bigint[]) WITH ORDINALITY AS i(n, ord)
			WHERE m.room_id = ?0 AND m.n = i.n
		)
		SELECT seq FROM moved`, roomID, len(ns), pgdialect.Array(ns)).Scan(ctx, &seq)
	return seq, err
}
