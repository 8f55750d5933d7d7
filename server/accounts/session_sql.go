package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// viewerQuery reads who holds a session: $1 is the hash of its token, $2 the time.
var viewerQuery = `
	SELECT p.id, p.handle, p.display_name AS name, p.role, s.id AS session_id, ` + labelNow("$2") + ` AS label,
		p.muted_until, p.suspended_until, coalesce(b.unread, 0) AS unread
	FROM sessions s JOIN people p ON p.id = s.person_id LEFT JOIN bells b ON b.person_id = p.id
	WHERE s.token_hash = $1 AND s.expires_at > $2`

// sessionRow is a session about to be added.
type sessionRow struct {
	personID           int64
	tokenHash          []byte
	device             string
	createdAt, expires time.Time
}

func insertSession(ctx context.Context, tx *db.Tx, s sessionRow) (int64, error) {
	var id int64
	err := tx.NewRaw(`
		INSERT INTO sessions (person_id, token_hash, device, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?)
		RETURNING id`, s.personID, s.tokenHash, s.device, s.createdAt, s.expires).Scan(ctx, &id)
	return id, err
}

// deleteSession ends a session of this person; it gives its id, or nothing where it was over already.
func deleteSession(ctx context.Context, tx *db.Tx, personID, sessionID int64) ([]int64, error) {
	var ended []int64
	err := tx.NewRaw(`
		DELETE FROM sessions WHERE id = ? AND person_id = ?
		RETURNING id`, sessionID, personID).Scan(ctx, &ended)
	return ended, err
}

func deleteExpiredSessions(ctx context.Context, tx *db.Tx, personID int64, now time.Time) error {
	_, err := tx.NewRaw(`DELETE FROM sessions WHERE person_id = ? AND expires_at <= ?`, personID, now).Exec(ctx)
	return err
}

func liveSessions(ctx context.Context, idb bun.IDB, ids []int64, now time.Time) ([]int64, error) {
	var live []int64
	err := idb.NewRaw(`
		SELECT s.id FROM sessions s JOIN people p ON p.id = s.person_id
		WHERE s.id = ANY (?0) AND s.expires_at > ?1 AND (p.suspended_until IS NULL OR p.suspended_until <= ?1)`,
		pgdialect.Array(ids), now).Scan(ctx, &live)
	return live, err
}

func suspendedSessions(ctx context.Context, idb bun.IDB, ids []int64, now time.Time) ([]int64, error) {
	var suspended []int64
	err := idb.NewRaw(`
		SELECT s.id FROM sessions s JOIN people p ON p.id = s.person_id
		WHERE s.id = ANY (?) AND p.suspended_until > ?`, pgdialect.Array(ids), now).Scan(ctx, &suspended)
	return suspended, err
}
