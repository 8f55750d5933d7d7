package forum

import (
	"context"
	"fmt"

	"firstdrops/server/platform/db"
)

// maskPosts takes from a person's posts in a thread the label that they wore, and from the thread what it says of it.
func maskPosts(ctx context.Context, tx *db.Tx, threadID, personID int64) error {
	_, err := tx.NewRaw(`UPDATE posts SET label = 'peer' WHERE thread_id = ? AND author_id = ? AND label <> 'peer'`, threadID, personID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("masking the posts: %w", err)
	}
	if err := deleteTake(ctx, tx, threadID, personID); err != nil {
		return err
	}
	return countPosts(ctx, tx, threadID)
}
