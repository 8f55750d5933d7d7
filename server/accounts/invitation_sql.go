package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

const invitationColumns = `id, code, note, uses, used, ends_at`

func invitationsBefore(ctx context.Context, idb bun.IDB, before int64, limit int) ([]Invitation, error) {
	all := []Invitation{}
	err := idb.NewRaw(`
		SELECT `+invitationColumns+` FROM invitations WHERE ?0 = 0 OR id < ?0 ORDER BY id DESC LIMIT ?1`, before, limit).Scan(ctx, &all)
	return all, err
}

func invitationByCode(ctx context.Context, idb bun.IDB, code string) (Invitation, error) {
	var found Invitation
	err := idb.NewRaw(`SELECT `+invitationColumns+` FROM invitations WHERE code = ?`, code).Scan(ctx, &found)
	return found, err
}

func holdInvitation(ctx context.Context, tx *db.Tx, id int64) (Invitation, error) {
	var found Invitation
	err := tx.NewRaw(`SELECT `+invitationColumns+` FROM invitations WHERE id = ? FOR UPDATE`, id).Scan(ctx, &found)
	return found, err
}

func insertInvitation(ctx context.Context, tx *db.Tx, i Invitation, now time.Time) (int64, error) {
	return idOrNone(ctx, tx.NewRaw(`
		INSERT INTO invitations (code, note, uses, ends_at, added_at) VALUES (?, ?, ?, ?, ?)
		RETURNING id`, i.Code, i.Note, i.Uses, i.EndsAt, now))
}

func endInvitation(ctx context.Context, tx *db.Tx, id int64, now time.Time) error {
	_, err := tx.NewRaw(`UPDATE invitations SET ends_at = ? WHERE id = ?`, now, id).Exec(ctx)
	return err
}

// useInvitation counts one more use, and says whether there was one left.
func useInvitation(ctx context.Context, tx *db.Tx, code string, now time.Time) (bool, error) {
	id, err := idOrNone(ctx, tx.NewRaw(`
		UPDATE invitations SET used = used + 1 WHERE code = ? AND used < uses AND ends_at > ?
		RETURNING id`, code, now))
	return id != 0, err
}
