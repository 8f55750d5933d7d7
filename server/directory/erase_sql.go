package directory

import (
	"context"

	"firstdrops/server/platform/db"
)

func deleteConsultant(ctx context.Context, tx *db.Tx, personID int64) (bool, error) {
	result, err := tx.NewRaw(`DELETE FROM consultants WHERE person_id = ?`, personID).Exec(ctx)
	if err != nil {
		return false, err
	}
	deleted, err := result.RowsAffected()
	return deleted > 0, err
}

// forgetWords lets go of the words that stand in no listing any more.
func forgetWords(ctx context.Context, tx *db.Tx) error {
	_, err := tx.NewRaw(`DELETE FROM listing_words WHERE word NOT IN (SELECT word FROM ts_stat('SELECT search FROM consultants'))`).Exec(ctx)
	return err
}
