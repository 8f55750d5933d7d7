package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

func personByLink(ctx context.Context, idb bun.IDB, tokenHash []byte, now time.Time) (Person, error) {
	var person Person
	err := idb.NewRaw(`
		SELECT `+personColumns+`, `+labelNow("?0")+` AS label
		FROM sign_in_links k JOIN people p ON p.id = k.person_id
		WHERE k.token_hash = ?1 AND k.used_at IS NULL AND k.expires_at > ?0`, now, tokenHash).Scan(ctx, &person)
	return person, err
}

// replaceLink gives a person a new link; their older ones stop working.
func replaceLink(ctx context.Context, tx *db.Tx, personID int64, tokenHash []byte, expires time.Time) error {
	if _, err := tx.NewRaw(`DELETE FROM sign_in_links WHERE person_id = ?`, personID).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewRaw(`
		INSERT INTO sign_in_links (token_hash, person_id, expires_at)
		VALUES (?, ?, ?)`, tokenHash, personID, expires).Exec(ctx)
	return err
}

// useLink marks a link as used; where it is used or over already, the row is missing.
func useLink(ctx context.Context, tx *db.Tx, tokenHash []byte, now time.Time) error {
	var personID int64
	return tx.NewRaw(`
		UPDATE sign_in_links SET used_at = ?0
		WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?0
		RETURNING person_id`, now, tokenHash).Scan(ctx, &personID)
}
