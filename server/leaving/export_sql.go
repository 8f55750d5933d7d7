package leaving

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

func exportOf(ctx context.Context, idb bun.IDB, personID int64, before, now time.Time) (Export, error) {
	var e Export
	err := idb.NewRaw(`SELECT key, asked_at, ready_at, expires_at, bytes FROM exports e
		WHERE person_id = ?0 AND NOT coalesce(e.expires_at <= ?2, e.asked_at <= ?1)`, personID, before, now).Scan(ctx, &e)
	return e, err
}

// insertExport says whether there was room for it: one that is over, or was asked for before that moment and never came, is
// none.
func insertExport(ctx context.Context, tx *db.Tx, personID int64, key uuid.UUID, before, now time.Time) (bool, error) {
	result, err := tx.NewRaw(`INSERT INTO exports AS e (person_id, key, asked_at) VALUES (?0, ?1, ?3)
		ON CONFLICT (person_id) DO UPDATE SET key = excluded.key, asked_at = excluded.asked_at, ready_at = NULL, expires_at = NULL, bytes = 0
		WHERE coalesce(e.expires_at <= ?3, e.asked_at <= ?2)`, personID, key, before, now).Exec(ctx)
	if err != nil {
		return false, err
	}
	added, err := result.RowsAffected()
	return added > 0, err
}

// updateExport says whether the copy is still waited for.
func updateExport(ctx context.Context, tx *db.Tx, personID int64, e Export) (bool, error) {
	result, err := tx.NewRaw(`UPDATE exports SET ready_at = ?, expires_at = ?, bytes = ? WHERE person_id = ? AND key = ?`,
		e.ReadyAt, e.ExpiresAt, e.Bytes, personID, e.Key).Exec(ctx)
	if err != nil {
		return false, err
	}
	waited, err := result.RowsAffected()
	return waited > 0, err
}

func deleteExport(ctx context.Context, tx *db.Tx, personID int64, key uuid.UUID) error {
	_, err := tx.NewRaw(`DELETE FROM exports WHERE person_id = ? AND key = ?`, personID, key).Exec(ctx)
	return err
}
