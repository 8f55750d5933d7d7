package demo

import (
	"context"
	"time"

	"firstdrops/server/platform/db"
)

// setMark marks the database as the demo's and says whether it was not before. A second node that fills at the same
// moment waits here for the first.
func setMark(ctx context.Context, tx *db.Tx, now time.Time) (fresh bool, err error) {
	result, err := tx.NewRaw(`INSERT INTO demo_mark (filled_at) VALUES (?) ON CONFLICT DO NOTHING`, now).Exec(ctx)
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}

func anybody(ctx context.Context, tx *db.Tx) (bool, error) {
	var found bool
	err := tx.NewRaw(`SELECT EXISTS (SELECT FROM people)`).Scan(ctx, &found)
	return found, err
}
