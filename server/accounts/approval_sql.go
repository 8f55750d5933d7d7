package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// waits is of a person who is to be let in still.
const waits = `awaits = 'approval' AND declined_at IS NULL`

func waitingAfter(ctx context.Context, idb bun.IDB, after int64, limit int) ([]Waiting, error) {
	people := []Waiting{}
	err := idb.NewRaw(`
		SELECT id, handle, created_at AS joined_at, email_confirmed_at IS NOT NULL AS confirmed
		FROM people WHERE `+waits+` AND id > ? ORDER BY id LIMIT ?`, after, limit).Scan(ctx, &people)
	return people, err
}

func acceptWaiting(ctx context.Context, tx *db.Tx, personID int64) (int64, error) {
	return idOrNone(ctx, tx.NewRaw(`UPDATE people SET awaits = NULL WHERE id = ? AND `+waits+` RETURNING id`, personID))
}

func declineWaiting(ctx context.Context, tx *db.Tx, personID int64, now time.Time) (int64, error) {
	return idOrNone(ctx, tx.NewRaw(`UPDATE people SET declined_at = ? WHERE id = ? AND `+waits+` RETURNING id`, now, personID))
}

// told is somebody who was let in or declined, and is to be told.
type told struct {
	Email            string
	Declined, Banned bool
}

func toBeTold(ctx context.Context, idb bun.IDB, personID int64) (told, error) {
	var p told
	err := idb.NewRaw(`
		SELECT email, declined_at IS NOT NULL AS declined, `+bannedNow("email")+` AS banned
		FROM people WHERE id = ? AND left_at IS NULL`, personID).Scan(ctx, &p)
	return p, err
}

func deleteDeclined(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM people WHERE id = ? AND declined_at IS NOT NULL`, personID).Exec(ctx)
	return err
}

// emptyDeclined leaves of a person what somebody who has left is.
func emptyDeclined(ctx context.Context, tx *db.Tx, personID int64, now time.Time) error {
	_, err := tx.NewRaw(`
		UPDATE people SET handle = '', handle_fold = NULL, display_name = 'a former member', email = '', email_confirmed_at = NULL,
			password_hash = NULL, pronouns = '', way = '{}', way_line = '', left_at = ?
		WHERE id = ? AND declined_at IS NOT NULL`, now, personID).Exec(ctx)
	return err
}
