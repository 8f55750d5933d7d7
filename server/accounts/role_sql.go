package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// peopleAfter compares handles byte by byte, as their index does. Nothing sorts after U+10FFFF.
func peopleAfter(ctx context.Context, idb bun.IDB, begins, after string, now time.Time, limit int) ([]Person, error) {
	var people []Person
	err := idb.NewRaw(`
		SELECT `+personColumns+`, `+labelNow("?0")+` AS label
		FROM people p
		WHERE p.handle_fold COLLATE "C" >= ?1 AND p.handle_fold COLLATE "C" < ?1 || chr(1114111) AND p.handle_fold COLLATE "C" > ?2
		ORDER BY p.handle_fold COLLATE "C" LIMIT ?3`, now, begins, after, limit).Scan(ctx, &people)
	return people, err
}

func peopleByID(ctx context.Context, idb bun.IDB, ids []int64, now time.Time) ([]Person, error) {
	var people []Person
	err := idb.NewRaw(`
		SELECT `+personColumns+`, `+labelNow("?0")+` AS label
		FROM people p WHERE p.id = ANY (?1)`, now, pgdialect.Array(ids)).Scan(ctx, &people)
	return people, err
}

// lockRoles reads the roles of both, and holds them until the commit, the lower id first: two administrators may change
// each other at the same moment.
func lockRoles(ctx context.Context, tx *db.Tx, ids ...int64) (map[int64]Role, error) {
	var people []Person
	err := tx.NewRaw(`SELECT id, role FROM people WHERE id = ANY (?) ORDER BY id FOR NO KEY UPDATE`, pgdialect.Array(ids)).Scan(ctx, &people)
	roles := map[int64]Role{}
	for _, p := range people {
		roles[p.ID] = p.Role
	}
	return roles, err
}

// updateRole gives a role; the sessions that had another one get new ids.
func updateRole(ctx context.Context, tx *db.Tx, personID int64, role Role) error {
	_, err := tx.NewRaw(`UPDATE people SET role = ? WHERE id = ?`, role, personID).Exec(ctx)
	if err != nil {
		return err
	}
	return renewSessions(ctx, tx, personID)
}

// raiseMember is updateRole for a member who becomes a consultant, and says whether it was a member.
func raiseMember(ctx context.Context, tx *db.Tx, personID int64) (bool, error) {
	result, err := tx.NewRaw(`UPDATE people SET role = ? WHERE id = ? AND role = ?`, Consultant, personID, Member).Exec(ctx)
	if err != nil {
		return false, err
	}
	raised, err := result.RowsAffected()
	if err != nil || raised == 0 {
		return false, err
	}
	return true, renewSessions(ctx, tx, personID)
}
