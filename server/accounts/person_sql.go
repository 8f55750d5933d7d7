package accounts

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// handleTaken is the constraint that keeps handles unique after folding.
const handleTaken = "people_handle_fold_key"

const personColumns = `p.id, p.handle, p.display_name AS name, p.role, p.created_at AS joined_at`

func personByHandle(ctx context.Context, idb bun.IDB, viewer Viewer, h handle, now time.Time) (Person, error) {
	var person Person
	err := idb.NewRaw(`
		SELECT `+personColumns+`, `+labelNow("?0")+` AS label, p.pronouns, p.way, p.way_line, p.visibility,
			EXISTS (SELECT FROM apart WHERE person_id = ?2 AND other_id = p.id) AS apart, coalesce((SELECT b.id FROM blocks b
				WHERE b.blocker_id = ?2 AND b.blocked_id = p.id AND b.thread_id = 0), 0) AS block
		FROM people p WHERE p.handle_fold = ?1`, now, h.fold, viewer.ID).Scan(ctx, &person)
	return person, err
}

// lockByHandle finds a person, and holds them until the commit.
func lockByHandle(ctx context.Context, tx *db.Tx, h handle) (int64, error) {
	var id int64
	err := tx.NewRaw(`SELECT id FROM people WHERE handle_fold = ? FOR NO KEY UPDATE`, h.fold).Scan(ctx, &id)
	return id, err
}

// takenHandles tells by what they look like which of these somebody's name, or that of somebody who left, can be taken for.
func takenHandles(ctx context.Context, idb bun.IDB, handles []handle) (map[string]bool, error) {
	looks := []string{}
	for _, h := range handles {
		looks = append(looks, h.looks())
	}
	var found []string
	err := idb.NewRaw(`
		SELECT l FROM unnest(?::text[]) l WHERE EXISTS (SELECT FROM names n WHERE n.looks = l)
		OR EXISTS (SELECT FROM former_handles f WHERE f.looks_hash = sha256(convert_to(l, 'UTF8')))`, pgdialect.Array(looks)).Scan(ctx, &found)
	taken := map[string]bool{}
	for _, look := range found {
		taken[look] = true
	}
	return taken, err
}

func insertPerson(ctx context.Context, tx *db.Tx, n newcomer) (int64, error) {
	var id int64
	err := tx.NewRaw(`
		INSERT INTO people (handle, handle_fold, display_name, email, password_hash, role, created_at, uid, awaits)
		VALUES (?0, ?1, ?0, ?2, nullif(?3, ''), ?4, ?5, ?6, nullif(?7, ''))
		RETURNING id`,
		n.handle.shown, n.handle.fold, n.email, n.passwordHash, n.role, n.createdAt, cmp.Or(n.uid, uuid.New()), n.awaits).Scan(ctx, &id)
	return id, err
}

// waitingAdministrator finds an administrator who has not chosen a password yet.
func waitingAdministrator(ctx context.Context, tx *db.Tx, h handle, email string) (int64, error) {
	var id int64
	err := tx.NewRaw(`
		SELECT id FROM people
		WHERE handle_fold = ? AND lower(email) = lower(?) AND role = ? AND password_hash IS NULL
		FOR UPDATE`, h.fold, email, Administrator).Scan(ctx, &id)
	return id, err
}

// changePassword stores a password's hash and ends all sessions of that person, whose ids it gives.
func changePassword(ctx context.Context, tx *db.Tx, personID int64, passwordHash string) ([]int64, error) {
	_, err := tx.NewRaw(`UPDATE people SET password_hash = ? WHERE id = ?`, passwordHash, personID).Exec(ctx)
	if err != nil {
		return nil, err
	}
	return deleteSessions(ctx, tx, personID, 0)
}

func insertBenchPeople(ctx context.Context, tx *db.Tx, handles []string, hashes [][]byte, now, expires time.Time) error {
	_, err := tx.NewRaw(`
		WITH made AS (
			INSERT INTO people (handle, handle_fold, display_name, email, role, created_at)
			SELECT h, h, h, h || '@example.invalid', ?2, ?3 FROM unnest(?0::text[]) h
			RETURNING id, handle
		)
		INSERT INTO sessions (person_id, token_hash, device, second_factor, created_at, seen_at, proved_at, expires_at)
		SELECT made.id, t.token_hash, 'a load test', true, ?3, ?3, ?3, ?4
		FROM unnest(?0::text[], ?1::bytea[]) t (handle, token_hash) JOIN made ON made.handle = t.handle`,
		pgdialect.Array(handles), pgdialect.Array(hashes), Member, now, expires).Exec(ctx)
	return err
}
