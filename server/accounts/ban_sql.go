package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// idOrNone is the id that a statement gives, or 0 where it did nothing.
func idOrNone(ctx context.Context, q *bun.RawQuery) (int64, error) {
	var id int64
	if err := q.Scan(ctx, &id); err != nil && !db.IsMissing(err) {
		return 0, err
	}
	return id, nil
}

func insertBan(ctx context.Context, tx *db.Tx, hash string, at time.Time) (int64, error) {
	return idOrNone(ctx, tx.NewRaw(`INSERT INTO banned_emails (hash, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING id`, hash, at))
}

func deleteBan(ctx context.Context, tx *db.Tx, hash string) (int64, error) {
	return idOrNone(ctx, tx.NewRaw(`DELETE FROM banned_emails WHERE hash = ? RETURNING id`, hash))
}

// holdLooks lets nobody else take a name that looks like this until the commit, and says whether somebody other than this
// person has one, or had until they left.
func holdLooks(ctx context.Context, tx *db.Tx, looks string, personID int64) (taken bool, err error) {
	if _, err := tx.NewRaw(`SELECT pg_advisory_xact_lock(hashtextextended('names.looks ' || ?, 0))`, looks).Exec(ctx); err != nil {
		return false, err
	}
	err = tx.NewRaw(`SELECT EXISTS (SELECT FROM names WHERE looks = ?0 AND person_id <> ?1)
		OR EXISTS (SELECT FROM former_handles WHERE looks_hash = sha256(convert_to(?0, 'UTF8')))`, looks, personID).Scan(ctx, &taken)
	return taken, err
}
