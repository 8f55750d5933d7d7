package accounts

import (
	"context"

	"firstdrops/server/platform/db"
)

// nameTaken is the constraint that keeps names, handles among them, unique after folding.
const nameTaken = "names_pkey"

// insertName adds a name unless somebody has it.
func insertName(ctx context.Context, tx *db.Tx, personID int64, fold string, kind NameKind) error {
	_, err := tx.NewRaw(`
		INSERT INTO names (fold, person_id, kind) VALUES (?, ?, ?)
		ON CONFLICT (fold) DO NOTHING`, fold, personID, kind).Exec(ctx)
	return err
}

func hasName(ctx context.Context, tx *db.Tx, personID int64, fold string, kind NameKind) (bool, error) {
	var has bool
	err := tx.NewRaw(`
		SELECT EXISTS (SELECT FROM names WHERE fold = ? AND person_id = ? AND kind = ?)`, fold, personID, kind).Scan(ctx, &has)
	return has, err
}
