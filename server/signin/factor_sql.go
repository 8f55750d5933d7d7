package signin

import (
	"context"
	"encoding/base32"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// keptTOTP is what codes of an app are judged by; without Secret none counts.
type keptTOTP struct {
	Secret, Pending string
	LastStep        int64
}

// raw are the bytes of the pending secret.
func (k keptTOTP) raw() []byte {
	bytes, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(k.Pending) // ours, as we wrote it
	return bytes
}

const totpColumns = `coalesce(secret, '') AS secret, coalesce(pending, '') AS pending, last_step`

func hasTOTP(ctx context.Context, idb bun.IDB, personID int64) (bool, error) {
	var has bool
	err := idb.NewRaw(`SELECT EXISTS (SELECT FROM totps WHERE person_id = ? AND secret IS NOT NULL)`, personID).Scan(ctx, &has)
	return has, err
}

func readSecurity(ctx context.Context, idb bun.IDB, personID int64) (Security, error) {
	var kept Security
	err := idb.NewRaw(`
		SELECT p.password_hash IS NOT NULL AS password, t.secret IS NOT NULL AS codes,
			(SELECT count(*) FROM recovery_codes c WHERE c.person_id = p.id) AS recovery,
			(SELECT count(*) FROM passkeys k WHERE k.person_id = p.id) AS passkeys
		FROM people p LEFT JOIN totps t ON t.person_id = p.id WHERE p.id = ?`, personID).Scan(ctx, &kept)
	return kept, err
}

func readTOTP(ctx context.Context, idb bun.IDB, personID int64) (keptTOTP, error) {
	var kept keptTOTP
	err := idb.NewRaw(`SELECT `+totpColumns+` FROM totps WHERE person_id = ?`, personID).Scan(ctx, &kept)
	return kept, err
}

// lockTOTP reads a secret and holds it until the commit, so that two uses of a code come one after the other.
func lockTOTP(ctx context.Context, tx *db.Tx, personID int64) (keptTOTP, error) {
	var kept keptTOTP
	err := tx.NewRaw(`SELECT `+totpColumns+` FROM totps WHERE person_id = ? FOR UPDATE`, personID).Scan(ctx, &kept)
	return kept, err
}

func savePending(ctx context.Context, tx *db.Tx, personID int64, secret string, now time.Time) error {
	_, err := tx.NewRaw(`
		INSERT INTO totps (person_id, pending, changed_at)
		VALUES (?, ?, ?)
		ON CONFLICT (person_id) DO UPDATE SET pending = excluded.pending`, personID, secret, now).Exec(ctx)
	return err
}

// confirmPending makes the pending secret the one that counts, with the step of the code that confirmed it used up.
func confirmPending(ctx context.Context, tx *db.Tx, personID, step int64, now time.Time) error {
	_, err := tx.NewRaw(`
		UPDATE totps SET secret = pending, pending = NULL, last_step = ?, changed_at = ? WHERE person_id = ?`, step, now, personID).Exec(ctx)
	return err
}

func useStep(ctx context.Context, tx *db.Tx, personID, step int64) error {
	_, err := tx.NewRaw(`UPDATE totps SET last_step = ? WHERE person_id = ?`, step, personID).Exec(ctx)
	return err
}

func deleteTOTP(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM totps WHERE person_id = ?`, personID).Exec(ctx)
	return err
}

func replaceRecovery(ctx context.Context, tx *db.Tx, personID int64, hashes [][]byte) error {
	if err := deleteRecovery(ctx, tx, personID); err != nil {
		return err
	}
	_, err := tx.NewRaw(`
		INSERT INTO recovery_codes (person_id, code_hash)
		SELECT ?, h FROM unnest(?::bytea[]) h`, personID, pgdialect.Array(hashes)).Exec(ctx)
	return err
}

func deleteRecovery(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM recovery_codes WHERE person_id = ?`, personID).Exec(ctx)
	return err
}

// spendRecovery uses a recovery code up; it is missing where it is none of this person's.
func spendRecovery(ctx context.Context, tx *db.Tx, personID int64, hash []byte) error {
	var found int64
	return tx.NewRaw(`
		DELETE FROM recovery_codes WHERE person_id = ? AND code_hash = ?
		RETURNING person_id`, personID, hash).Scan(ctx, &found)
}

// confirmedEmail is where a letter to somebody goes; empty where they confirmed none.
func confirmedEmail(ctx context.Context, idb bun.IDB, personID int64) (string, error) {
	var email string
	err := idb.NewRaw(`SELECT email FROM people WHERE id = ? AND email_confirmed_at IS NOT NULL`, personID).Scan(ctx, &email)
	if db.IsMissing(err) {
		return "", nil
	}
	return email, err
}
