package leaving

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

func upsertDeparture(ctx context.Context, tx *db.Tx, personID int64, d Departure) error {
	_, err := tx.NewRaw(`INSERT INTO departures AS d (person_id, parting, asked_at, due_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (person_id) DO UPDATE SET parting = excluded.parting, asked_at = excluded.asked_at, due_at = excluded.due_at
		WHERE d.begun_at IS NULL`, personID, d.Parting, d.AskedAt, d.DueAt).Exec(ctx)
	return err
}

func deleteDeparture(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM departures WHERE person_id = ? AND begun_at IS NULL`, personID).Exec(ctx)
	return err
}

// beginDeparture notes that the erasing has begun, and gives what is to be done with the words. Where nobody leaves, or it is
// not due yet, the row is missing.
func beginDeparture(ctx context.Context, tx *db.Tx, personID int64, now time.Time) (accounts.Parting, error) {
	var parting accounts.Parting
	err := tx.NewRaw(`UPDATE departures SET begun_at = coalesce(begun_at, ?1) WHERE person_id = ?0 AND due_at <= ?1 RETURNING parting`,
		personID, now).Scan(ctx, &parting)
	return parting, err
}

// leavingEmail is the confirmed address of somebody who leaves.
func leavingEmail(ctx context.Context, idb bun.IDB, personID int64) (string, error) {
	var email string
	err := idb.NewRaw(`SELECT p.email FROM people p JOIN departures d ON d.person_id = p.id
		WHERE p.id = ? AND p.email_confirmed_at IS NOT NULL`, personID).Scan(ctx, &email)
	return email, err
}
