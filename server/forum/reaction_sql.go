package forum

import (
	"context"
	"time"

	"firstdrops/server/platform/db"
)

// reactions are what people said to the post s of the thread that is the third argument; the second is the viewer. NULL
// where nobody did.
const reactions = `(SELECT jsonb_agg(jsonb_build_object('kind', k.kind, 'count', k.count, 'mine', k.mine, 'asker', k.asker)) FROM (
	SELECT r.kind, count(*), bool_or(r.person_id = $2) AS mine, bool_or(r.person_id = ` + asker + ` AND r.kind = 'helpful') AS asker
	FROM reactions r WHERE r.post_id = s.id GROUP BY r.kind) k)`

func insertReaction(ctx context.Context, tx *db.Tx, postID, personID int64, kind Kind, at time.Time) error {
	_, err := tx.NewRaw(`INSERT INTO reactions (post_id, person_id, kind, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		postID, personID, kind, at).Exec(ctx)
	return err
}

func deleteReaction(ctx context.Context, tx *db.Tx, postID, personID int64, kind Kind) error {
	_, err := tx.NewRaw(`DELETE FROM reactions WHERE post_id = ? AND person_id = ? AND kind = ?`, postID, personID, kind).Exec(ctx)
	return err
}
