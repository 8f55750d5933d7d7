package forum

import (
	"context"
	"fmt"

	"firstdrops/server/platform/db"
	"firstdrops/server/words"
)

// insertNotices stores what is said below a post.
func insertNotices(ctx context.Context, tx *db.Tx, postID int64, notices []words.Notice) error {
	for _, n := range notices {
		_, err := tx.NewRaw(`INSERT INTO post_notices (post_id, rule_id, dosed) VALUES (?, ?, ?)`, postID, n.ID, n.Dosed).Exec(ctx)
		if err != nil {
			return fmt.Errorf("keeping the notices: %w", err)
		}
	}
	return nil
}

// replaceNotices is insertNotices for a post with new words.
func replaceNotices(ctx context.Context, tx *db.Tx, postID int64, notices []words.Notice) error {
	if _, err := tx.NewRaw(`DELETE FROM post_notices WHERE post_id = ?`, postID).Exec(ctx); err != nil {
		return fmt.Errorf("letting go of the notices: %w", err)
	}
	return insertNotices(ctx, tx, postID, notices)
}
