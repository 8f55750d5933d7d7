package accounts

import (
	"context"

	"firstdrops/server/platform/db"
)

// nameTaken is the constraint that keeps names, handles among them, unique after folding.
const nameTaken = "names_pkey"

// claimName adds a name unless somebody has it, and says whether it is this person's of this kind now.
func claimName(ctx context.Context, tx *db.Tx, personID int64, fold string, kind NameKind) (theirs bool, err error) {
	err = tx.NewRaw(`
		WITH added AS (INSERT INTO names (fold, person_id, kind) VALUES (?0, ?1, ?2) ON CONFLICT (fold) DO NOTHING RETURNING fold)
		SELECT EXISTS (SELECT FROM added) OR EXISTS (SELECT FROM names WHERE fold = ?0 AND person_id = ?1 AND kind = ?2)`,
		fold, personID, kind).Scan(ctx, &theirs)
	return theirs, err
}
