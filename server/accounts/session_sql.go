package accounts

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// viewerQuery reads who holds a session: $1 is the hash of its token, $2 the time. Without a second factor nobody has more
// than a member's role, nor a label of their own.
var viewerQuery = `
	SELECT p.id, p.handle, p.display_name AS name, s.id AS session_id, s.seen_at, s.proved_at, s.second_factor, s.renew,
		CASE WHEN s.second_factor THEN p.role ELSE 'member' END AS role, p.role AS given,
		CASE WHEN s.second_factor OR p.role = 'member' THEN ` + labelNow("$2") + ` ELSE 'peer' END AS label,
		p.muted_until, p.suspended_until, p.awaits, coalesce(b.unread, 0) AS unread,
		EXISTS (SELECT FROM blocks k WHERE k.blocker_id = p.id) OR EXISTS (SELECT FROM blocks k WHERE k.blocked_id = p.id) AS apart,
		p.feeding, p.language, p.zone, p.theme, p.reduced_data, p.leaves_at
	FROM sessions s JOIN people p ON p.id = s.person_id LEFT JOIN bells b ON b.person_id = p.id
	WHERE s.token_hash = $1 AND ` + sessionLives("$2")

// sessionLives is of a session s of a person p: it lives at the moment in the placeholder. Whoever has left or was turned away
// has none, by whatever way they would come in.
func sessionLives(moment string) string {
	return fmt.Sprintf(`p.left_at IS NULL AND p.declined_at IS NULL AND s.expires_at > %[1]s AND %[1]s < s.seen_at + make_interval(secs =>
		CASE WHEN p.role IN ('moderator', 'administrator') THEN %[2]d ELSE %[3]d END)`,
		moment, int(staffIdle.Seconds()), int(idleLife.Seconds()))
}

// viewerRow is a viewer and when they were last here.
type viewerRow struct {
	Viewer
	SeenAt time.Time
}

func touchSession(ctx context.Context, idb bun.IDB, sessionID int64, now time.Time) error {
	_, err := idb.NewRaw(`UPDATE sessions SET seen_at = ? WHERE id = ?`, now, sessionID).Exec(ctx)
	return err
}

func insertSession(ctx context.Context, tx *db.Tx, o Opening, tokenHash []byte, now, expires time.Time) (int64, error) {
	var id int64
	err := tx.NewRaw(`
		INSERT INTO sessions (person_id, token_hash, device, second_factor, created_at, seen_at, proved_at, expires_at)
		VALUES (?0, ?1, ?2, ?3, ?4, ?4, CASE WHEN ?6 THEN 'epoch' ELSE ?4::timestamptz END, ?5)
		RETURNING id`, o.PersonID, tokenHash, o.Device, o.SecondFactor, now, expires, o.Unproved).Scan(ctx, &id)
	return id, err
}

// renewal is what a session gains when it is renewed.
type renewal struct{ Proved, SecondFactor bool }

// replaceSession puts a session with a new id in the place of the viewer's; the row is missing where that one is over.
func replaceSession(ctx context.Context, tx *db.Tx, viewer Viewer, r renewal, tokenHash []byte, now time.Time) (Session, error) {
	var renewed Session
	err := tx.NewRaw(`
		WITH old AS (
			DELETE FROM sessions WHERE id = ?0 AND person_id = ?1 AND expires_at > ?2
			RETURNING person_id, device, second_factor, proved_at, created_at, expires_at
		)
		INSERT INTO sessions (person_id, token_hash, device, second_factor, created_at, seen_at, proved_at, expires_at)
		SELECT person_id, ?3, device, second_factor OR ?4, created_at, ?2, CASE WHEN ?5 THEN ?2 ELSE proved_at END, expires_at FROM old
		RETURNING id, expires_at AS expires`,
		viewer.SessionID, viewer.ID, now, tokenHash, r.SecondFactor, r.Proved).Scan(ctx, &renewed)
	return renewed, err
}

func demoteSessions(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`
		UPDATE sessions SET second_factor = false, renew = true WHERE person_id = ? AND second_factor`, personID).Exec(ctx)
	return err
}

// deleteSession ends a session of this person; it gives its id, or nothing where it was over already.
func deleteSession(ctx context.Context, tx *db.Tx, personID, sessionID int64) ([]int64, error) {
	var ended []int64
	err := tx.NewRaw(`
		DELETE FROM sessions WHERE id = ? AND person_id = ?
		RETURNING id`, sessionID, personID).Scan(ctx, &ended)
	return ended, err
}

// deleteSessions ends all sessions of this person but one, or all where kept is 0; it gives their ids.
func deleteSessions(ctx context.Context, tx *db.Tx, personID, kept int64) ([]int64, error) {
	var ended []int64
	err := tx.NewRaw(`DELETE FROM sessions WHERE person_id = ? AND id <> ? RETURNING id`, personID, kept).Scan(ctx, &ended)
	return ended, err
}

func sessionsOf(ctx context.Context, idb bun.IDB, personID int64, now time.Time, limit int) ([]SignedIn, error) {
	var sessions []SignedIn
	err := idb.NewRaw(`
		SELECT s.id, s.device, s.created_at AS begun_at, s.seen_at
		FROM sessions s JOIN people p ON p.id = s.person_id
		WHERE p.id = ?0 AND `+sessionLives("?1::timestamptz")+`
		ORDER BY s.seen_at DESC, s.id DESC LIMIT ?2`, personID, now, limit).Scan(ctx, &sessions)
	return sessions, err
}

// renewSessions has each session of a person get a new id and token at its next page.
func renewSessions(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`UPDATE sessions SET renew = true WHERE person_id = ?`, personID).Exec(ctx)
	return err
}

func deleteExpiredSessions(ctx context.Context, tx *db.Tx, personID int64, now time.Time) error {
	_, err := tx.NewRaw(`DELETE FROM sessions WHERE person_id = ? AND expires_at <= ?`, personID, now).Exec(ctx)
	return err
}

func liveSessions(ctx context.Context, idb bun.IDB, ids []int64, now time.Time) ([]int64, error) {
	var live []int64
	err := idb.NewRaw(`
		SELECT s.id FROM sessions s JOIN people p ON p.id = s.person_id
		WHERE s.id = ANY (?0) AND `+sessionLives("?1::timestamptz")+` AND (p.suspended_until IS NULL OR p.suspended_until <= ?1)`,
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
