package moderation

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

const decisionColumns = `SELECT d.id, d.case_id, c.kind, d.round, d.decider_id, p.display_name AS decider_name, d.about_id,
	d.action, d.reason_code, d.note, d.until, d.at, d.undone_at, d.objection, d.objected_at, coalesce(d.objected_in, 0) AS objected_in,
	d.back_action, d.back_category, d.back_until
	FROM decisions d JOIN cases c ON c.id = d.case_id JOIN people p ON p.id = d.decider_id `

func insertDecision(ctx context.Context, tx *db.Tx, d Decision) (int64, error) {
	var id int64
	err := tx.NewRaw(`INSERT INTO decisions (case_id, round, decider_id, about_id, action, reason_code, note, until, at,
		back_action, back_category, back_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		d.CaseID, d.Round, d.DeciderID, d.AboutID, d.Action, d.Reason, d.Note, bun.NullTime{Time: d.Until}, d.At,
		d.Back.Action, d.Back.Category, bun.NullTime{Time: d.Back.Until}).Scan(ctx, &id)
	return id, err
}

// lastDecision is the newest one of the case's present round.
func lastDecision(ctx context.Context, idb bun.IDB, c Case) (Decision, error) {
	var d Decision
	err := idb.NewRaw(decisionColumns+`WHERE d.case_id = ? AND d.round = ? ORDER BY d.id DESC LIMIT 1`, c.ID, c.Round).Scan(ctx, &d)
	return d, err
}

// decisionsAbout are those about the person of a case, the newest first: where that is masked, those under the same alias;
// else without those under aliases that the viewer has not looked behind.
func decisionsAbout(ctx context.Context, idb bun.IDB, viewer accounts.Viewer, p Page) ([]Decision, error) {
	var decisions []Decision
	err := idb.NewRaw(decisionColumns+`WHERE d.about_id = ? AND CASE WHEN ? THEN `+aliasID+` = ?
		ELSE NOT EXISTS (SELECT FROM aliases x WHERE x.id = `+aliasID+` AND NOT EXISTS (
			SELECT FROM unmaskings u WHERE u.alias_id = x.id AND u.actor_id = ?)) END
		ORDER BY d.id DESC LIMIT 50`, p.AboutID, p.Masked, p.AliasID, viewer.ID).Scan(ctx, &decisions)
	return decisions, err
}

func updateUndone(ctx context.Context, tx *db.Tx, id int64, at time.Time) error {
	_, err := tx.NewRaw(`UPDATE decisions SET undone_at = ? WHERE id = ?`, at, id).Exec(ctx)
	return err
}

// decidedBefore says whether the viewer decided what somebody objects to in the case's present round.
func decidedBefore(ctx context.Context, idb bun.IDB, viewerID int64, c Case) (bool, error) {
	var decided bool
	err := idb.NewRaw(`SELECT EXISTS (SELECT FROM decisions WHERE case_id = ? AND objected_in = ? AND decider_id = ?)`,
		c.ID, c.Round, viewerID).Scan(ctx, &decided)
	return decided, err
}

// answersObjection says whether the author asked for the look that led to the decision.
func answersObjection(ctx context.Context, tx *db.Tx, d Decision) (bool, error) {
	var answers bool
	err := tx.NewRaw(`SELECT EXISTS (SELECT FROM decisions WHERE case_id = ? AND objected_in = ?)`, d.CaseID, d.Round).Scan(ctx, &answers)
	return answers, err
}

// caseOfDecision finds the case of a decision about this person.
func caseOfDecision(ctx context.Context, idb bun.IDB, viewer accounts.Viewer, id int64) (int64, error) {
	var caseID int64
	err := idb.NewRaw(`SELECT case_id FROM decisions WHERE id = ? AND about_id = ? AND action <> 'none' AND undone_at IS NULL`,
		id, viewer.ID).Scan(ctx, &caseID)
	return caseID, err
}

// updateObjection stores what a person writes against a decision, for this round; once.
func updateObjection(ctx context.Context, tx *db.Tx, id int64, objection string, at time.Time, round int) (bool, error) {
	result, err := tx.NewRaw(`UPDATE decisions SET objection = ?, objected_at = ?, objected_in = ? WHERE id = ? AND objected_at IS NULL AND undone_at IS NULL`,
		objection, at, round, id).Exec(ctx)
	if err != nil {
		return false, err
	}
	stored, err := result.RowsAffected()
	return stored > 0, err
}

// shown tells whether a person, signed in, may see now what a case is about: what everybody sees, and what is hidden of
// their own, and nothing of somebody apart from them. ?0 is that person.
const shown = `CASE c.kind
	WHEN 'post' THEN EXISTS (SELECT FROM posts s JOIN threads t ON t.id = s.thread_id WHERE s.id = c.object_id AND t.stands
		AND (s.stands OR s.author_id = ?0 AND s.deleted_at IS NULL AND s.removed_at IS NULL)
		AND (s.label = 'moderator' OR NOT apart_in(?0, s.author_id, t.id)) AND ` + begun + `)
	WHEN 'thread' THEN EXISTS (SELECT FROM threads t WHERE t.id = c.object_id AND t.stands AND t.posts > 0 AND ` + begun + `)
	WHEN 'message' THEN EXISTS (SELECT FROM messages m WHERE m.room_id = c.room_id AND m.n = c.object_id AND m.deleted_at IS NULL AND m.hidden_at IS NULL)
	WHEN 'listing' THEN EXISTS (SELECT FROM consultants l WHERE l.id = c.object_id AND (l.hidden_at IS NULL OR l.person_id = ?0))
	ELSE true END`

// begun is of a thread t that the person ?0 meets the author of, or that was begun as a moderator.
const begun = `(NOT apart_in(?0, t.author_id, t.id)
	OR EXISTS (SELECT FROM posts f WHERE f.thread_id = t.id AND f.n = 1 AND f.label = 'moderator'))`

func verdictsOn(ctx context.Context, idb bun.IDB, personID int64, ids []int64) ([]Verdict, error) {
	var verdicts []Verdict
	err := idb.NewRaw(`SELECT d.id, d.action, c.kind, d.reason_code, d.note, d.until, d.at, c.words, d.objected_at IS NOT NULL AS objected,
		CASE WHEN `+shown+` THEN c.title ELSE '' END AS title, CASE WHEN `+shown+` THEN c.path ELSE '' END AS path
		FROM decisions d JOIN cases c ON c.id = d.case_id
		WHERE d.id = ANY (?1) AND d.about_id = ?0 AND d.undone_at IS NULL
			AND (d.action <> 'none' OR EXISTS (SELECT FROM decisions o WHERE o.case_id = d.case_id AND o.objected_in = d.round))`,
		personID, pgdialect.Array(ids)).Scan(ctx, &verdicts)
	return verdicts, err
}

func tidingsFor(ctx context.Context, idb bun.IDB, personID int64, ids []int64) ([]Tiding, error) {
	var tidings []Tiding
	err := idb.NewRaw(`SELECT c.id AS case_id, c.kind, r.at AS reported_at, c.closed_at IS NOT NULL OR c.round > r.round AS closed,
		CASE WHEN `+shown+` THEN c.title ELSE '' END AS title, CASE WHEN `+shown+` THEN c.path ELSE '' END AS path,
		EXISTS (SELECT FROM decisions d WHERE d.case_id = c.id AND d.round = r.round AND d.action <> 'none' AND d.undone_at IS NULL) AS acted
		FROM cases c JOIN LATERAL (SELECT r.at, r.round FROM reports r WHERE r.case_id = c.id AND r.reporter_id = ?0
			ORDER BY r.round DESC LIMIT 1) r ON true
		WHERE c.id = ANY (?1)`, personID, pgdialect.Array(ids)).Scan(ctx, &tidings)
	return tidings, err
}
