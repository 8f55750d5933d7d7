package directory

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/accounts"
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

// bothMet keeps out what is between two people who are apart, one of whom is the person in the argument.
func bothMet(person string) string {
	return met("r.person_id", person) + ` AND ` + met("c.person_id", person)
}

// requestsByID reads those that are the viewer's, whichever side they stand on.
func requestsByID(ctx context.Context, idb bun.IDB, viewer accounts.Viewer, ids []int64) ([]Request, error) {
	var found []Request
	err := idb.NewRaw(requestColumns+requestTables+`WHERE r.id = ANY (?0) AND (r.person_id = ?1 OR c.person_id = ?1) AND `+bothMet("?2"),
		pgdialect.Array(ids), viewer.ID, sight(viewer)).Scan(ctx, &found)
	return found, err
}

// requestsBefore reads both sides by their own index.
func requestsBefore(ctx context.Context, idb bun.IDB, viewer accounts.Viewer, before int64, limit int) ([]Request, error) {
	var found []Request
	err := idb.NewRaw(`
		WITH mine AS (
			(SELECT r.id FROM contact_requests r JOIN consultants c ON c.id = r.consultant_id
				WHERE r.person_id = ?0 AND (?1 = 0 OR r.id < ?1) AND `+met("c.person_id", "?3")+` ORDER BY r.id DESC LIMIT ?2)
			UNION
			(SELECT r.id FROM contact_requests r WHERE r.consultant_id = (SELECT id FROM consultants WHERE person_id = ?0)
				AND (?1 = 0 OR r.id < ?1) AND `+met("r.person_id", "?3")+` ORDER BY r.id DESC LIMIT ?2)
		)
		`+requestColumns+requestTables+`WHERE r.id IN (SELECT id FROM mine) ORDER BY r.id DESC LIMIT ?2`,
		viewer.ID, before, limit, sight(viewer)).Scan(ctx, &found)
	return found, err
}

func lockRequest(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id int64) (Request, error) {
	var r Request
	err := tx.NewRaw(requestColumns+requestTables+`WHERE r.id = ?0 AND `+bothMet("?1")+` FOR UPDATE OF r`, id, sight(viewer)).Scan(ctx, &r)
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
