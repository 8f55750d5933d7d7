package directory

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

const (
	requestColumns = `SELECT r.id, r.consultant_id, c.name AS consultant_name, c.slug AS consultant_slug, c.person_id AS asked_id,
		r.person_id, p.display_name AS person_name, p.handle AS person_handle, r.message, r.created_at, r.seen_at, r.answered_at,
		r.accepted, r.reply`

	requestTables = ` FROM contact_requests r JOIN consultants c ON c.id = r.consultant_id JOIN people p ON p.id = r.person_id `
)

func requestByKey(ctx context.Context, tx *db.Tx, personID int64, key uuid.UUID) (int64, error) {
	var id int64
	err := tx.NewRaw(`SELECT id FROM contact_requests WHERE person_id = ? AND key = ?`, personID, key).Scan(ctx, &id)
	return id, err
}

func insertRequest(ctx context.Context, tx *db.Tx, consultantID, personID int64, key uuid.UUID, message string, now time.Time) (int64, error) {
	var id int64
	err := tx.NewRaw(`
		INSERT INTO contact_requests (consultant_id, person_id, key, message, created_at)
		VALUES (?, ?, ?, ?, ?) RETURNING id`, consultantID, personID, key, message, now).Scan(ctx, &id)
	return id, err
}

// requestsByID reads those that are the person's, whichever side they stand on.
func requestsByID(ctx context.Context, idb bun.IDB, personID int64, ids []int64) ([]Request, error) {
	var found []Request
	err := idb.NewRaw(requestColumns+requestTables+`WHERE r.id = ANY (?0) AND (r.person_id = ?1 OR c.person_id = ?1)`,
		pgdialect.Array(ids), personID).Scan(ctx, &found)
	return found, err
}

// requestsBefore reads both sides by their own index.
func requestsBefore(ctx context.Context, idb bun.IDB, personID, before int64, limit int) ([]Request, error) {
	var found []Request
	err := idb.NewRaw(`
		WITH mine AS (
			(SELECT id FROM contact_requests WHERE person_id = ?0 AND (?1 = 0 OR id < ?1) ORDER BY id DESC LIMIT ?2)
			UNION
			(SELECT id FROM contact_requests WHERE consultant_id = (SELECT id FROM consultants WHERE person_id = ?0)
				AND (?1 = 0 OR id < ?1) ORDER BY id DESC LIMIT ?2)
		)
		`+requestColumns+requestTables+`WHERE r.id IN (SELECT id FROM mine) ORDER BY r.id DESC LIMIT ?2`,
		personID, before, limit).Scan(ctx, &found)
	return found, err
}

func lockRequest(ctx context.Context, tx *db.Tx, id int64) (Request, error) {
	var r Request
	err := tx.NewRaw(requestColumns+requestTables+`WHERE r.id = ? FOR UPDATE OF r`, id).Scan(ctx, &r)
	if db.IsMissing(err) {
		return Request{}, fault.Missing()
	}
	return r, err
}

// markSeen keeps the first moment.
func markSeen(ctx context.Context, tx *db.Tx, id int64, at time.Time) error {
	_, err := tx.NewRaw(`UPDATE contact_requests SET seen_at = ? WHERE id = ? AND seen_at IS NULL`, at, id).Exec(ctx)
	return err
}

func updateAnswer(ctx context.Context, tx *db.Tx, id int64, accepted bool, reply string, at time.Time) error {
	_, err := tx.NewRaw(`UPDATE contact_requests SET answered_at = ?0, seen_at = coalesce(seen_at, ?0), accepted = ?1, reply = ?2 WHERE id = ?3`,
		at, accepted, reply, id).Exec(ctx)
	return err
}
