package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// apartQuery reads whom the view finds apart from the person in $1, as other domains do in their own reads.
const apartQuery = `SELECT other_id AS id FROM apart WHERE person_id = $1`

// holdByHandle finds a person, who does not leave before the commit.
func holdByHandle(ctx context.Context, tx *db.Tx, h handle) (int64, error) {
	var id int64
	err := tx.NewRaw(`SELECT id FROM people WHERE handle_fold = ? AND left_at IS NULL FOR SHARE`, h.fold).Scan(ctx, &id)
	return id, err
}

// holdByAlias is holdByHandle for who writes under a name in a thread.
func holdByAlias(ctx context.Context, tx *db.Tx, threadID int64, fold string) (int64, error) {
	var id int64
	err := tx.NewRaw(`
		SELECT p.id FROM aliases x JOIN people p ON p.id = x.person_id
		WHERE x.thread_id = ? AND x.fold = ? AND p.left_at IS NULL FOR SHARE OF p`, threadID, fold).Scan(ctx, &id)
	return id, err
}

// insertBlock says whether there was no such block.
func insertBlock(ctx context.Context, tx *db.Tx, blockerID, blockedID, threadID int64, now time.Time) (bool, error) {
	result, err := tx.NewRaw(`
		INSERT INTO blocks (blocker_id, blocked_id, thread_id, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, blockerID, blockedID, threadID, now).Exec(ctx)
	if err != nil {
		return false, err
	}
	added, err := result.RowsAffected()
	return added > 0, err
}

// deleteBlock ends a block of this person, and tells whom and where it was about.
func deleteBlock(ctx context.Context, tx *db.Tx, blockerID, id int64) (blockedID, threadID int64, err error) {
	err = tx.NewRaw(`
		DELETE FROM blocks WHERE id = ? AND blocker_id = ?
		RETURNING blocked_id, thread_id`, id, blockerID).Scan(ctx, &blockedID, &threadID)
	return blockedID, threadID, err
}

// blocksOf names people and aliases as who blocked them knew them. Who has left is nobody whom one could meet.
func blocksOf(ctx context.Context, idb bun.IDB, blockerID int64, limit int) ([]Block, error) {
	blocks := []Block{}
	err := idb.NewRaw(`
		SELECT b.id, b.thread_id, b.created_at, coalesce(x.name, p.display_name) AS name,
			CASE WHEN b.thread_id = 0 THEN p.handle ELSE '' END AS handle
		FROM blocks b JOIN people p ON p.id = b.blocked_id
		LEFT JOIN aliases x ON x.thread_id = b.thread_id AND x.person_id = b.blocked_id
		WHERE b.blocker_id = ? AND p.left_at IS NULL AND (b.thread_id = 0 OR x.id IS NOT NULL)
		ORDER BY b.id DESC LIMIT ?`, blockerID, limit).Scan(ctx, &blocks)
	return blocks, err
}
