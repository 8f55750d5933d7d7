package accounts

import (
	"context"

	"firstdrops/server/platform/db"
)

func updateName(ctx context.Context, tx *db.Tx, personID int64, name string) error {
	_, err := tx.NewRaw(`UPDATE people SET display_name = ? WHERE id = ?`, name, personID).Exec(ctx)
	return err
}
