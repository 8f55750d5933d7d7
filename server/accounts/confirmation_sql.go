package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// confirmation is an address that somebody may say is theirs.
type confirmation struct {
	ID, PersonID int64
	Email        string // what the letter asks about
	Current      string // what they have now
	Confirmed    bool   // which they have confirmed
	Taken        bool   // somebody else has confirmed what the letter asks about
	Banned       bool   // it gets no letters
}

// openConfirmation gives the confirmation of this address whose letter is not written yet, so that there is one at most.
func openConfirmation(ctx context.Context, tx *db.Tx, personID int64, email string) (int64, error) {
	var id int64
	err := tx.NewRaw(`
		WITH waits AS (
			SELECT id FROM email_confirmations WHERE person_id = ?0 AND email = ?1 AND token_hash IS NULL LIMIT 1
		), opened AS (
			INSERT INTO email_confirmations (person_id, email) SELECT ?0, ?1 WHERE NOT EXISTS (SELECT FROM waits)
			RETURNING id
		)
		SELECT id FROM waits UNION ALL SELECT id FROM opened`, personID, email).Scan(ctx, &id)
	return id, err
}

func confirmationByID(ctx context.Context, idb bun.IDB, id int64) (confirmation, error) {
	var c confirmation
	err := idb.NewRaw(`
		SELECT c.id, c.person_id, c.email, p.email AS current, p.email_confirmed_at IS NOT NULL AS confirmed,
			EXISTS (SELECT FROM people o WHERE lower(o.email) = lower(c.email) AND o.email_confirmed_at IS NOT NULL AND o.id <> p.id) AS taken,
			`+bannedNow("c.email")+` AS banned
		FROM email_confirmations c JOIN people p ON p.id = c.person_id
		WHERE c.id = ? AND c.used_at IS NULL AND p.left_at IS NULL`, id).Scan(ctx, &c)
	return c, err
}

// bannedNow tells of an address, as addressHash does, whether it gets no letters.
func bannedNow(email string) string {
	return `EXISTS (SELECT FROM banned_emails b WHERE b.hash = encode(sha256(convert_to(lower(` + email + `), 'UTF8')), 'hex'))`
}

func keepToken(ctx context.Context, idb bun.IDB, id int64, tokenHash []byte, expires time.Time) error {
	_, err := idb.NewRaw(`UPDATE email_confirmations SET token_hash = ?, expires_at = ? WHERE id = ?`, tokenHash, expires, id).Exec(ctx)
	return err
}

func confirmationHandle(ctx context.Context, idb bun.IDB, tokenHash []byte, now time.Time) (string, error) {
	var handle string
	err := idb.NewRaw(`
		SELECT p.handle FROM email_confirmations c JOIN people p ON p.id = c.person_id
		WHERE c.token_hash = ? AND c.used_at IS NULL AND c.expires_at > ?`, tokenHash, now).Scan(ctx, &handle)
	return handle, err
}

// useConfirmation marks a link as used; where it is used or over already, the row is missing.
func useConfirmation(ctx context.Context, tx *db.Tx, tokenHash []byte, now time.Time) (confirmation, error) {
	var c confirmation
	err := tx.NewRaw(`
		UPDATE email_confirmations SET used_at = ?0 WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?0
		RETURNING id, person_id, email`, now, tokenHash).Scan(ctx, &c)
	return c, err
}

// holdEmail lets nobody else confirm this address until the commit, and says whether somebody other than this person has.
func holdEmail(ctx context.Context, tx *db.Tx, email string, personID int64) (taken bool, err error) {
	if _, err := tx.NewRaw(`SELECT pg_advisory_xact_lock(hashtextextended('people.email ' || lower(?), 0))`, email).Exec(ctx); err != nil {
		return false, err
	}
	err = tx.NewRaw(`
		SELECT EXISTS (SELECT FROM people WHERE lower(email) = lower(?) AND email_confirmed_at IS NOT NULL AND id <> ?)`,
		email, personID).Scan(ctx, &taken)
	return taken, err
}

// confirmEmail makes the address that person's, and their other letters void.
func confirmEmail(ctx context.Context, tx *db.Tx, c confirmation, now time.Time) error {
	_, err := tx.NewRaw(`
		UPDATE people SET email = ?, email_confirmed_at = ?, awaits = nullif(awaits, ?) WHERE id = ?`,
		c.Email, now, AwaitsLetter, c.PersonID).Exec(ctx)
	if err != nil {
		return err
	}
	_, err = tx.NewRaw(`DELETE FROM email_confirmations WHERE person_id = ? AND used_at IS NULL`, c.PersonID).Exec(ctx)
	return err
}
