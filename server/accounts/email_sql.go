package accounts

import (
	"context"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

func addressOf(ctx context.Context, idb bun.IDB, personID int64) (email string, confirmed bool, err error) {
	err = idb.NewRaw(`SELECT email, email_confirmed_at IS NOT NULL FROM people WHERE id = ?`, personID).Scan(ctx, &email, &confirmed)
	return email, confirmed, err
}

// keepFormer notes with a confirmation the address that it takes the place of, and says whether there is one to be told.
func keepFormer(ctx context.Context, tx *db.Tx, confirmationID int64) (bool, error) {
	result, err := tx.NewRaw(`
		UPDATE email_confirmations c SET former = p.email FROM people p
		WHERE c.id = ? AND p.id = c.person_id AND p.email_confirmed_at IS NOT NULL AND lower(p.email) <> lower(c.email)`,
		confirmationID).Exec(ctx)
	if err != nil {
		return false, err
	}
	kept, err := result.RowsAffected()
	return kept > 0, err
}

func formerOf(ctx context.Context, idb bun.IDB, confirmationID int64) (string, error) {
	var former string
	err := idb.NewRaw(`SELECT former FROM email_confirmations WHERE id = ? AND former <> ''`, confirmationID).Scan(ctx, &former)
	return former, err
}

func forgetFormer(ctx context.Context, idb bun.IDB, confirmationID int64) error {
	_, err := idb.NewRaw(`UPDATE email_confirmations SET former = '' WHERE id = ?`, confirmationID).Exec(ctx)
	return err
}

// deleteOtherEmails makes void what would take the place of the address that somebody has.
func deleteOtherEmails(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`
		DELETE FROM email_confirmations c USING people p
		WHERE p.id = ? AND c.person_id = p.id AND c.used_at IS NULL AND lower(c.email) <> lower(p.email)`, personID).Exec(ctx)
	return err
}
