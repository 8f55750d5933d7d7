package forum

import (
	"context"

	"firstdrops/server/platform/db"
)

func firstPost(ctx context.Context, tx *db.Tx, threadID int64) (id int64, err error) {
	err = tx.NewRaw(`SELECT id FROM posts WHERE thread_id = ? AND n = 1`, threadID).Scan(ctx, &id)
	return id, err
}
