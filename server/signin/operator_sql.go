package signin

import (
	"context"

	"firstdrops/server/platform/db"
)

// deleteFactors leaves a person nothing but their password to prove who they are, and no sign-in half done.
func deleteFactors(ctx context.Context, tx *db.Tx, personID int64) error {
	for _, query := range []string{
		`DELETE FROM totps WHERE person_id = ?`, `DELETE FROM recovery_codes WHERE person_id = ?`,
		`DELETE FROM passkeys WHERE person_id = ?`, `DELETE FROM half_sign_ins WHERE person_id = ?`,
	} {
		if _, err := tx.NewRaw(query, personID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
