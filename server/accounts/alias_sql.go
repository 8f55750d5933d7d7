package accounts

import (
	"context"
	"time"

	"firstdrops/server/platform/db"
)

// aliasIn is the name by which a person writes in a thread; empty where that is their own.
func aliasIn(ctx context.Context, tx *db.Tx, personID, threadID int64) (string, error) {
	var name string
	err := tx.NewRaw(`SELECT name FROM aliases WHERE thread_id = ? AND person_id = ?`, threadID, personID).Scan(ctx, &name)
	if db.IsMissing(err) {
		return "", nil
	}
	return name, err
}

func usedAlias(ctx context.Context, tx *db.Tx, personID int64, fold string) (bool, error) {
	var used bool
	err := tx.NewRaw(`SELECT EXISTS (SELECT FROM aliases WHERE person_id = ? AND fold = ?)`, personID, fold).Scan(ctx, &used)
	return used, err
}

func insertAlias(ctx context.Context, tx *db.Tx, personID, threadID int64, h handle, now time.Time) error {
	_, err := tx.NewRaw(`
		INSERT INTO aliases (person_id, thread_id, name, fold, created_at)
		VALUES (?, ?, ?, ?, ?)`, personID, threadID, h.shown, h.fold, now).Exec(ctx)
	return err
}
