package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// holdAdministrators holds all of them until the commit, and counts those who stay when this one leaves.
func holdAdministrators(ctx context.Context, tx *db.Tx, without int64) (int, error) {
	var stay []bool
	err := tx.NewRaw(`SELECT id <> ?0 AND leaves_at IS NULL AND left_at IS NULL FROM people
		WHERE role = 'administrator' OR id = ?0 ORDER BY id LIMIT 1000 FOR NO KEY UPDATE`, without).Scan(ctx, &stay)
	others := 0
	for _, stays := range stay {
		if stays {
			others++
		}
	}
	return others, err
}

func updateLeaves(ctx context.Context, tx *db.Tx, personID int64, due time.Time) error {
	_, err := tx.NewRaw(`UPDATE people SET leaves_at = ? WHERE id = ?`, bun.NullTime{Time: due}, personID).Exec(ctx)
	return err
}

func closePerson(ctx context.Context, tx *db.Tx, personID int64, now time.Time) error {
	_, err := tx.NewRaw(`UPDATE people SET left_at = coalesce(left_at, ?), password_hash = NULL, email_confirmed_at = NULL WHERE id = ?`,
		now, personID).Exec(ctx)
	return err
}

const leaverColumns = `SELECT id, uid::text AS uid, handle, email, left_at FROM people `

func leaverByID(ctx context.Context, idb bun.IDB, personID int64) (Leaver, error) {
	var l Leaver
	err := idb.NewRaw(leaverColumns+`WHERE id = ?`, personID).Scan(ctx, &l)
	return l, err
}

func leaversByUID(ctx context.Context, idb bun.IDB, uids []string) ([]Leaver, error) {
	var found []Leaver
	err := idb.NewRaw(leaverColumns+`WHERE uid = ANY (?::uuid[])`, pgdialect.Array(uids)).Scan(ctx, &found)
	return found, err
}

func insertFormerHandle(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`INSERT INTO former_handles (looks_hash)
		SELECT sha256(convert_to(looks_like(handle_fold), 'UTF8')) FROM people WHERE id = ? AND handle_fold IS NOT NULL
		ON CONFLICT DO NOTHING`, personID).Exec(ctx)
	return err
}

func eraseWithPerson(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`SELECT erase_with_person(?)`, personID).Exec(ctx)
	return err
}

func emptyPerson(ctx context.Context, tx *db.Tx, personID int64, now time.Time) error {
	_, err := tx.NewRaw(`
		UPDATE people SET left_at = coalesce(left_at, ?1), leaves_at = NULL, uid = gen_random_uuid(), handle = '', handle_fold = NULL,
			display_name = ?2, email = '', email_confirmed_at = NULL, password_hash = NULL, role = 'member', awaits = NULL, declined_at = NULL,
			muted_until = NULL, suspended_until = NULL, pronouns = '', feeding = 'feeding', way = '{}', way_line = '', language = '',
			zone = '', theme = '', reduced_data = false, visibility = 'public'
		WHERE id = ?0`, personID, now, FormerName).Exec(ctx)
	return err
}
