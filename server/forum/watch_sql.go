package forum

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/platform/db"
)

func insertWatch(ctx context.Context, tx *db.Tx, personID, threadID int64, at time.Time) error {
	_, err := tx.NewRaw(`INSERT INTO watches (person_id, thread_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		personID, threadID, at).Exec(ctx)
	if err != nil {
		return fmt.Errorf("watching the thread: %w", err)
	}
	return nil
}

func deleteWatch(ctx context.Context, tx *db.Tx, personID, threadID int64) error {
	_, err := tx.NewRaw(`DELETE FROM watches WHERE person_id = ? AND thread_id = ?`, personID, threadID).Exec(ctx)
	return err
}
