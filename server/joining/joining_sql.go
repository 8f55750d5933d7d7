package joining

import (
	"context"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

func settingOf(ctx context.Context, idb bun.IDB, name string) (string, error) {
	var value string
	err := idb.NewRaw(`SELECT value FROM settings WHERE name = ?`, name).Scan(ctx, &value)
	return value, err
}

// upsertSetting stores a setting, and says whether it was another.
func upsertSetting(ctx context.Context, tx *db.Tx, name, value string) (bool, error) {
	id, err := idOrNone(ctx, tx.NewRaw(`
		INSERT INTO settings AS s (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE s.value <> excluded.value
		RETURNING 1`, name, value))
	return id != 0, err
}

// idOrNone is the id that a statement gives, or 0 where it did nothing.
func idOrNone(ctx context.Context, q *bun.RawQuery) (int64, error) {
	var id int64
	if err := q.Scan(ctx, &id); err != nil && !db.IsMissing(err) {
		return 0, err
	}
	return id, nil
}

func waitingAfter(ctx context.Context, idb bun.IDB, after int64, limit int) ([]Waiting, error) {
	people := []Waiting{}
	err := idb.NewRaw(`
		SELECT id, handle, created_at AS joined_at, email_confirmed_at IS NOT NULL AS confirmed
		FROM people WHERE awaits = 'approval' AND declined_at IS NULL AND id > ? ORDER BY id LIMIT ?`, after, limit).Scan(ctx, &people)
	return people, err
}
