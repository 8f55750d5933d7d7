package signin

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// credentials are what a sign-in is judged by.
type credentials struct {
	ID           int64
	PasswordHash string
}

func credentialsByHandle(ctx context.Context, idb bun.IDB, fold string) (credentials, error) {
	var c credentials
	err := idb.NewRaw(`
		SELECT id, coalesce(password_hash, '') AS password_hash
		FROM people WHERE handle_fold = ?`, fold).Scan(ctx, &c)
	return c, err
}

// credentialsByConfirmedEmail finds the one person who confirmed this address. Where several did, it
// finds nobody: they sign in by handle.
func credentialsByConfirmedEmail(ctx context.Context, idb bun.IDB, email string) (credentials, error) {
	var c credentials
	err := idb.NewRaw(`
		SELECT min(id) AS id, coalesce(min(password_hash), '') AS password_hash
		FROM people WHERE lower(email) = lower(?) AND email_confirmed_at IS NOT NULL
		HAVING count(*) = 1`, email).Scan(ctx, &c)
	return c, err
}

// credentialsOf are those of somebody who is signed in.
func credentialsOf(ctx context.Context, idb bun.IDB, personID int64) (credentials, error) {
	var c credentials
	err := idb.NewRaw(`
		SELECT id, coalesce(password_hash, '') AS password_hash
		FROM people WHERE id = ?`, personID).Scan(ctx, &c)
	return c, err
}

// insertHalf keeps half a sign-in, and clears away the person's old ones.
func insertHalf(ctx context.Context, tx *db.Tx, personID int64, tokenHash []byte, now, expires time.Time) error {
	if _, err := tx.NewRaw(`DELETE FROM half_sign_ins WHERE person_id = ? AND expires_at <= ?`, personID, now).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewRaw(`
		INSERT INTO half_sign_ins (token_hash, person_id, expires_at)
		VALUES (?, ?, ?)`, tokenHash, personID, expires).Exec(ctx)
	return err
}

// readHalf finds whose half sign-in this is; it is missing where it is over or took too many codes.
func readHalf(ctx context.Context, idb bun.IDB, tokenHash []byte, now time.Time) (int64, error) {
	var personID int64
	err := idb.NewRaw(`
		SELECT person_id FROM half_sign_ins
		WHERE token_hash = ? AND expires_at > ? AND tries < ?`, tokenHash, now, halfTries).Scan(ctx, &personID)
	return personID, err
}

// countTry counts a code of a half sign-in; it is missing where it took too many.
func countTry(ctx context.Context, idb bun.IDB, tokenHash []byte) error {
	var tries int
	return idb.NewRaw(`
		UPDATE half_sign_ins SET tries = tries + 1 WHERE token_hash = ? AND tries < ?
		RETURNING tries`, tokenHash, halfTries).Scan(ctx, &tries)
}

// deleteHalf ends a half sign-in; it is missing where it is over already.
func deleteHalf(ctx context.Context, tx *db.Tx, tokenHash []byte) error {
	var personID int64
	return tx.NewRaw(`DELETE FROM half_sign_ins WHERE token_hash = ? RETURNING person_id`, tokenHash).Scan(ctx, &personID)
}

func deleteHalves(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM half_sign_ins WHERE person_id = ?`, personID).Exec(ctx)
	return err
}
