package signin

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

func insertReset(ctx context.Context, tx *db.Tx, address string, now time.Time) (int64, error) {
	var id int64
	err := tx.NewRaw(`INSERT INTO password_resets (address, asked_at) VALUES (?, ?) RETURNING id`, address, now).Scan(ctx, &id)
	return id, err
}

// reset is what somebody asked for.
type reset struct {
	Address string
	AskedAt time.Time
}

func lockReset(ctx context.Context, tx *db.Tx, id int64) (reset, error) {
	var r reset
	err := tx.NewRaw(`SELECT address, asked_at FROM password_resets WHERE id = ? FOR UPDATE`, id).Scan(ctx, &r)
	return r, err
}

func deleteReset(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.NewRaw(`DELETE FROM password_resets WHERE id = ?`, id).Exec(ctx)
	return err
}

// countResets tells how many other letters a person was written since, and forgets those before. It holds the person until
// the commit, so that two workers do not both write the last one.
func countResets(ctx context.Context, tx *db.Tx, personID, but int64, since time.Time) (int, error) {
	var held int64
	if err := tx.NewRaw(`SELECT id FROM people WHERE id = ? FOR NO KEY UPDATE`, personID).Scan(ctx, &held); err != nil {
		return 0, err
	}
	if _, err := tx.NewRaw(`DELETE FROM password_resets WHERE person_id = ? AND asked_at <= ?`, personID, since).Exec(ctx); err != nil {
		return 0, err
	}
	var count int
	err := tx.NewRaw(`SELECT count(*) FROM password_resets WHERE person_id = ? AND id <> ?`, personID, but).Scan(ctx, &count)
	return count, err
}

func armReset(ctx context.Context, tx *db.Tx, id, personID int64, tokenHash []byte, expires time.Time) error {
	_, err := tx.NewRaw(`UPDATE password_resets SET person_id = ?, token_hash = ?, expires_at = ? WHERE id = ?`,
		personID, tokenHash, expires, id).Exec(ctx)
	return err
}

// forgetAddress notes that a letter has gone.
func forgetAddress(ctx context.Context, idb bun.IDB, id int64) error {
	_, err := idb.NewRaw(`UPDATE password_resets SET address = '' WHERE id = ?`, id).Exec(ctx)
	return err
}

// resetHolds is of a reset r of a person p, by the hash of its token at a moment. A letter that went to an address which is
// theirs no more opens nothing.
const resetHolds = `r.token_hash = ? AND r.expires_at > ? AND p.email_confirmed_at <= r.asked_at`

func handleByReset(ctx context.Context, idb bun.IDB, tokenHash []byte, now time.Time) (string, error) {
	var handle string
	err := idb.NewRaw(`
		SELECT p.handle FROM password_resets r JOIN people p ON p.id = r.person_id
		WHERE `+resetHolds, tokenHash, now).Scan(ctx, &handle)
	return handle, err
}

// useReset takes a token away and tells whose it was; where it is used or over already, the row is missing.
func useReset(ctx context.Context, tx *db.Tx, tokenHash []byte, now time.Time) (int64, error) {
	var personID int64
	err := tx.NewRaw(`
		DELETE FROM password_resets r USING people p WHERE p.id = r.person_id AND `+resetHolds+`
		RETURNING r.person_id`, tokenHash, now).Scan(ctx, &personID)
	return personID, err
}

func deleteResets(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM password_resets WHERE person_id = ?`, personID).Exec(ctx)
	return err
}
