package notify

import (
	"context"

	"firstdrops/server/platform/db"
)

// deleteNoticesOf gives those who had not seen theirs, in the order in which bells are held.
func deleteNoticesOf(ctx context.Context, tx *db.Tx, personID int64, posts bool) ([]unseen, error) {
	var counts []unseen
	err := tx.NewRaw(`
		WITH gone AS (
			DELETE FROM notices n WHERE n.person_id <> ?0 AND (
				n.kind IN ('contact', 'contact_answered') AND n.object_id IN (
					SELECT r.id FROM contact_requests r JOIN consultants c ON c.id = r.consultant_id WHERE ?0 IN (r.person_id, c.person_id))
				OR n.kind IN ('verified', 'refused') AND n.object_id IN (SELECT id FROM consultants WHERE person_id = ?0)
				OR ?1 AND n.kind IN ('mention', 'answer', 'reply') AND n.object_id IN (SELECT id FROM posts WHERE author_id = ?0))
			RETURNING n.person_id, n.read_at
		)
		SELECT person_id, count(*) AS count FROM gone WHERE read_at IS NULL GROUP BY person_id ORDER BY person_id`,
		personID, posts).Scan(ctx, &counts)
	return counts, err
}
