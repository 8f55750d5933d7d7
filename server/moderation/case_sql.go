package moderation

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
)

// listColumns are what a list shows of cases: nothing that is private. The name of who has it is looked up alone: where
// that changes while a lock is waited for, a join would find the one before.
const (
	listColumns = `c.id, c.kind, c.object_id, c.room_id, c.reason, c.severity, c.version, c.round, c.opened_at, c.due_at, c.closed_at,
		coalesce(c.claimed_by, 0) AS claimed_by, c.claimed_until, c.seen_at,
		coalesce((SELECT p.display_name FROM people p WHERE p.id = c.claimed_by), '') AS claimed_name`
	caseColumns = listColumns + `, c.about_id, c.title, c.path, c.snapshot, c.words,
		coalesce((SELECT x.name FROM aliases x WHERE x.person_id = c.about_id AND x.thread_id = ` + thread + `), '') AS alias,
		coalesce(` + aliasID + `, 0) AS alias_id, coalesce(` + thread + `, 0) AS thread_id`

	// thread is where the words stand that a case c is about; aliasID is of the name under which their author writes there.
	thread  = `(CASE c.kind WHEN 'thread' THEN c.object_id WHEN 'post' THEN (SELECT s.thread_id FROM posts s WHERE s.id = c.object_id) END)`
	aliasID = `(SELECT x.id FROM aliases x WHERE x.person_id = c.about_id AND x.thread_id = ` + thread + `)`
)

// reads are the prepared statements. Their first argument is the viewer, for whom a case about them does not exist.
type reads struct{ open, mine, closed, standing *db.Statement }

func prepareReads(d *db.DB) reads {
	waiting := func(which string) string {
		return `SELECT ` + listColumns + ` FROM cases c
			WHERE c.closed_at IS NULL AND c.about_id <> $1 ` + which + ` AND (c.severity, c.due_at, c.id) > ($2::integer, $3::timestamptz, $4::bigint)
			ORDER BY c.severity, c.due_at, c.id LIMIT $5`
	}
	return reads{
		open: d.Prepare("moderation.open", waiting(``)),
		mine: d.Prepare("moderation.mine", waiting(`AND c.claimed_by = $1 AND c.claimed_until > $6`)),
		closed: d.Prepare("moderation.closed", `SELECT `+listColumns+` FROM cases c
			WHERE c.closed_at IS NOT NULL AND c.about_id <> $1 AND (c.closed_at, c.id) < ($2::timestamptz, $3::bigint)
			ORDER BY c.closed_at DESC, c.id DESC LIMIT $4`),
		standing: d.Prepare("moderation.standing", `SELECT `+listColumns+` FROM cases c WHERE c.about_id <> $1 AND c.id = $2`),
	}
}

// insertCase gives the case's id and whether it is fresh: there is one for each thing.
func insertCase(ctx context.Context, tx *db.Tx, c Case) (id int64, fresh bool, err error) {
	err = tx.NewRaw(`INSERT INTO cases (kind, object_id, room_id, about_id, title, path, snapshot, words, reason, severity, opened_at, due_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT ON CONSTRAINT cases_object_key DO NOTHING RETURNING id`,
		c.Kind, c.ObjectID, c.RoomID, c.AboutID, c.Title, c.Path, c.Snapshot, c.Words, c.Reason, c.Severity, c.OpenedAt, c.DueAt).Scan(ctx, &id)
	if db.IsMissing(err) {
		return 0, false, nil
	}
	return id, err == nil, err
}

func lockCase(ctx context.Context, tx *db.Tx, id int64) (Case, error) {
	var c Case
	err := tx.NewRaw(`SELECT `+caseColumns+` FROM cases c WHERE c.id = ? FOR NO KEY UPDATE OF c`, id).Scan(ctx, &c)
	return c, err
}

// lockCaseOf is lockCase by what the case is about.
func lockCaseOf(ctx context.Context, tx *db.Tx, of Case) (Case, error) {
	var c Case
	err := tx.NewRaw(`SELECT `+caseColumns+` FROM cases c WHERE c.kind = ? AND c.object_id = ? AND c.room_id = ? FOR NO KEY UPDATE OF c`,
		of.Kind, of.ObjectID, of.RoomID).Scan(ctx, &c)
	return c, err
}

// reopenCase begins a case's next round, with what its object is like now.
func reopenCase(ctx context.Context, tx *db.Tx, c Case) error {
	_, err := tx.NewRaw(`UPDATE cases SET version = ?, round = ?, title = ?, path = ?, snapshot = ?, words = ?, reason = ?, severity = ?,
		opened_at = ?, due_at = ?, closed_at = NULL, claimed_by = NULL, claimed_until = NULL, seen_at = NULL WHERE id = ?`,
		c.Version, c.Round, c.Title, c.Path, c.Snapshot, c.Words, c.Reason, c.Severity, c.OpenedAt, c.DueAt, c.ID).Exec(ctx)
	return err
}

func updateSeverity(ctx context.Context, tx *db.Tx, c Case) error {
	_, err := tx.NewRaw(`UPDATE cases SET version = ?, reason = ?, severity = ?, due_at = ? WHERE id = ?`,
		c.Version, c.Reason, c.Severity, c.DueAt, c.ID).Exec(ctx)
	return err
}

// updateHold stores who has the case, and whether it is closed.
func updateHold(ctx context.Context, tx *db.Tx, c Case) error {
	_, err := tx.NewRaw(`UPDATE cases SET version = ?, claimed_by = nullif(?, 0), claimed_until = ?, seen_at = ?, closed_at = ? WHERE id = ?`,
		c.Version, c.ClaimedBy, bun.NullTime{Time: c.ClaimedUntil}, bun.NullTime{Time: c.SeenAt}, bun.NullTime{Time: c.ClosedAt}, c.ID).Exec(ctx)
	return err
}

// insertStep notes what moved the case to its present version; personID is of staff, or 0.
func insertStep(ctx context.Context, tx *db.Tx, c Case, s step, personID int64) error {
	_, err := tx.NewRaw(`INSERT INTO case_steps (case_id, version, step, person_id) VALUES (?, ?, ?, nullif(?, 0))`,
		c.ID, c.Version, s, personID).Exec(ctx)
	return err
}

// stepsSince are those after a version, with the names of the staff who made them.
func stepsSince(ctx context.Context, idb bun.IDB, caseID int64, version int) ([]taken, error) {
	var steps []taken
	err := idb.NewRaw(`SELECT s.step, coalesce(p.display_name, '') AS name FROM case_steps s LEFT JOIN people p ON p.id = s.person_id
		WHERE s.case_id = ? AND s.version > ? ORDER BY s.version LIMIT 50`, caseID, version).Scan(ctx, &steps)
	return steps, err
}

// objects find what has become of a thing, by its id and room.
var objects = map[audit.Kind]string{
	audit.Post: `SELECT s.deleted_at IS NOT NULL AS gone, s.hidden_at IS NOT NULL AS hidden, s.removed_at IS NOT NULL AS removed,
		false AS locked, false AS pinned, '' AS category, s.edited_at FROM posts s WHERE s.id = ?1`,
	audit.Thread: `SELECT t.posts = 0 AS gone, t.hidden_at IS NOT NULL AS hidden, t.removed_at IS NOT NULL AS removed,
		t.locked_at IS NOT NULL AS locked, t.pinned_at IS NOT NULL AS pinned, c.slug AS category, NULL::timestamptz AS edited_at
		FROM threads t JOIN categories c ON c.id = t.category_id WHERE t.id = ?1`,
	audit.Message: `SELECT m.deleted_at IS NOT NULL AS gone, m.hidden_at IS NOT NULL AS hidden, false AS removed,
		false AS locked, false AS pinned, '' AS category, m.edited_at FROM messages m WHERE m.room_id = ?2 AND m.n = ?1`,
	audit.Listing: `SELECT false AS gone, l.hidden_at IS NOT NULL AS hidden, false AS removed,
		false AS locked, false AS pinned, '' AS category, NULL::timestamptz AS edited_at FROM consultants l WHERE l.id = ?1`,
}

// currentOf is how the thing of a case and the person stand now.
func currentOf(ctx context.Context, idb bun.IDB, c Case) (Current, error) {
	query := `SELECT a.muted_until, a.suspended_until`
	if object, known := objects[c.Kind]; known {
		query += `, coalesce(o.gone, true) AS gone, coalesce(o.hidden, false) AS hidden, coalesce(o.removed, false) AS removed,
			coalesce(o.locked, false) AS locked, coalesce(o.pinned, false) AS pinned, coalesce(o.category, '') AS category, o.edited_at
			FROM people a LEFT JOIN (` + object + `) o ON true`
	} else {
		query += ` FROM people a`
	}
	var now Current
	err := idb.NewRaw(query+` WHERE a.id = ?0`, c.AboutID, c.ObjectID, c.RoomID).Scan(ctx, &now)
	return now, err
}

// otherStaff says whether somebody else could decide about this person.
func otherStaff(ctx context.Context, idb bun.IDB, viewerID, aboutID int64) (bool, error) {
	var others bool
	err := idb.NewRaw(`SELECT EXISTS (SELECT FROM people WHERE role IN ('moderator', 'administrator') AND id NOT IN (?, ?))`,
		viewerID, aboutID).Scan(ctx, &others)
	return others, err
}

// moveClaim lets who has the case keep it for longer.
func moveClaim(ctx context.Context, tx *db.Tx, id int64, until time.Time) error {
	_, err := tx.NewRaw(`UPDATE cases SET claimed_until = ? WHERE id = ?`, until, id).Exec(ctx)
	return err
}

func roleOf(ctx context.Context, idb bun.IDB, personID int64) (accounts.Role, error) {
	var role accounts.Role
	err := idb.NewRaw(`SELECT role FROM people WHERE id = ?`, personID).Scan(ctx, &role)
	return role, err
}

func roomSlug(ctx context.Context, idb bun.IDB, id int64) (string, error) {
	var slug string
	err := idb.NewRaw(`SELECT slug FROM rooms WHERE id = ?`, id).Scan(ctx, &slug)
	return slug, err
}
