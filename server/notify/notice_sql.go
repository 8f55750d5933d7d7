package notify

import (
	"context"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// pageQuery reads the notices of the person $1 before the id $2, where 0 is the newest.
const pageQuery = `
	SELECT n.id, n.kind, n.object_id, coalesce(n.thread_id, 0) AS thread_id, n.at, n.read_at
	FROM notices n WHERE n.person_id = $1 AND ($2::bigint = 0 OR n.id < $2) ORDER BY n.id DESC LIMIT $3`

// insertNotices adds what is not there yet and gives whom it is new to. Those who have left in the meantime are passed over.
func insertNotices(ctx context.Context, tx *db.Tx, about subject, people []int64, kinds []Kind, now time.Time) ([]int64, error) {
	var fresh []int64
	err := tx.NewRaw(`
		INSERT INTO notices (person_id, kind, object_id, thread_id, round, at)
		SELECT p.id, t.kind, ?2, nullif(?3::bigint, 0), ?4, ?5
		FROM unnest(?0::bigint[], ?1::text[]) t (person_id, kind) JOIN people p ON p.id = t.person_id ORDER BY p.id
		ON CONFLICT DO NOTHING RETURNING person_id`,
		pgdialect.Array(people), pgdialect.Array(kinds), about.objectID, about.threadID, about.round, now).Scan(ctx, &fresh)
	return fresh, err
}

// markSeen gives how many there were to mark.
func markSeen(ctx context.Context, tx *db.Tx, personID, from, upto int64, now time.Time) (int, error) {
	result, err := tx.NewRaw(`
		UPDATE notices SET read_at = ? WHERE person_id = ? AND read_at IS NULL AND id BETWEEN ? AND ?`,
		now, personID, from, upto).Exec(ctx)
	if err != nil {
		return 0, err
	}
	marked, err := result.RowsAffected()
	return int(marked), err
}
