package signin

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// passkeyKnown is the constraint that keeps a credential to one person.
const passkeyKnown = "passkeys_credential_id_key" //nolint:gosec // the name of a constraint

func insertCeremony(ctx context.Context, tx *db.Tx, c ceremony) error {
	_, err := tx.NewRaw(`
		INSERT INTO ceremonies (token_hash, purpose, person_id, challenge, expires_at)
		VALUES (?, ?, nullif(?, 0), ?, ?)`, c.TokenHash, c.Purpose, c.PersonID, string(c.Challenge), c.ExpiresAt).Exec(ctx)
	return err
}

// takeCeremony deletes a ceremony that this person may answer now, and gives its challenge to the first who asks.
func takeCeremony(ctx context.Context, idb bun.IDB, c ceremony) ([]byte, error) {
	var challenge []byte
	err := idb.NewRaw(`
		DELETE FROM ceremonies
		WHERE token_hash = ? AND purpose = ? AND person_id IS NOT DISTINCT FROM nullif(?, 0) AND expires_at > ?
		RETURNING challenge`, c.TokenHash, c.Purpose, c.PersonID, c.ExpiresAt).Scan(ctx, &challenge)
	return challenge, err
}

// deleteOldCeremonies clears some that nobody answered away; two who do so at once leave each other's alone.
func deleteOldCeremonies(ctx context.Context, tx *db.Tx, now time.Time) error {
	_, err := tx.NewRaw(`
		DELETE FROM ceremonies WHERE token_hash IN (
			SELECT token_hash FROM ceremonies WHERE expires_at <= ? ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED
		)`, now).Exec(ctx)
	return err
}

// keptPasskey is a passkey as a signature is judged by it.
type keptPasskey struct {
	ID, PersonID int64
	UID          uuid.UUID
	Credential   json.RawMessage
}

// holdPasskey finds a passkey by its credential; another use of it waits until the commit.
func holdPasskey(ctx context.Context, tx *db.Tx, credentialID []byte) (keptPasskey, error) {
	var kept keptPasskey
	err := tx.NewRaw(`
		SELECT k.id, k.person_id, p.uid, k.credential
		FROM passkeys k JOIN people p ON p.id = k.person_id
		WHERE k.credential_id = ? AND p.left_at IS NULL
		FOR UPDATE OF k`, credentialID).Scan(ctx, &kept)
	return kept, err
}

func updatePasskey(ctx context.Context, tx *db.Tx, id int64, credential json.RawMessage, now time.Time) error {
	_, err := tx.NewRaw(`UPDATE passkeys SET credential = ?, used_at = ? WHERE id = ?`, string(credential), now, id).Exec(ctx)
	return err
}

func insertPasskey(ctx context.Context, tx *db.Tx, personID int64, made newPasskey) error {
	_, err := tx.NewRaw(`
		INSERT INTO passkeys (person_id, credential_id, credential, name, created_at)
		VALUES (?, ?, ?, ?, ?)`, personID, made.credentialID, string(made.credential), made.name, made.createdAt).Exec(ctx)
	return err
}

// holderRow is a person with their credentials, in a JSON array.
type holderRow struct {
	UID    uuid.UUID
	Handle string
	Held   json.RawMessage
}

func holderByID(ctx context.Context, idb bun.IDB, personID int64) (holderRow, error) {
	var row holderRow
	err := idb.NewRaw(`
		SELECT p.uid, p.handle, coalesce((SELECT json_agg(k.credential) FROM passkeys k WHERE k.person_id = p.id), '[]') AS held
		FROM people p WHERE p.id = ?`, personID).Scan(ctx, &row)
	return row, err
}

func passkeysOf(ctx context.Context, idb bun.IDB, personID int64) ([]Passkey, error) {
	var all []Passkey
	err := idb.NewRaw(`
		SELECT id, name, created_at, used_at FROM passkeys
		WHERE person_id = ? ORDER BY id LIMIT ?`, personID, passkeysMost).Scan(ctx, &all)
	return all, err
}

// owesPasskey tells whether somebody has passkeys, and a role that asks for one.
func owesPasskey(ctx context.Context, tx *db.Tx, personID int64) (bool, error) {
	var owes bool
	err := tx.NewRaw(`
		SELECT EXISTS (SELECT FROM passkeys k JOIN people p ON p.id = k.person_id WHERE p.id = ? AND p.role <> ?)`,
		personID, accounts.Member).Scan(ctx, &owes)
	return owes, err
}

func renamePasskey(ctx context.Context, idb bun.IDB, personID, id int64, name string) (bool, error) {
	var found []int64
	err := idb.NewRaw(`UPDATE passkeys SET name = ? WHERE id = ? AND person_id = ? RETURNING id`, name, id, personID).Scan(ctx, &found)
	return len(found) == 1, err
}

func deletePasskey(ctx context.Context, tx *db.Tx, personID, id int64) (bool, error) {
	var found []int64
	err := tx.NewRaw(`DELETE FROM passkeys WHERE id = ? AND person_id = ? RETURNING id`, id, personID).Scan(ctx, &found)
	return len(found) == 1, err
}

// holdPerson lets nobody else add or take a way in of this person's until the commit: two who each take one of the last two
// would leave none. Statements after it see what came before the hold.
func holdPerson(ctx context.Context, tx *db.Tx, personID int64) error {
	var id int64
	return tx.NewRaw(`SELECT id FROM people WHERE id = ? FOR NO KEY UPDATE`, personID).Scan(ctx, &id)
}
