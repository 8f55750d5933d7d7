package notify

import (
	"context"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// maxStaff bounds how many are called to a case.
const maxStaff = 200

// staffFor are those who may look at a case: all staff but whom it is about.
func staffFor(ctx context.Context, tx *db.Tx, caseID int64) ([]int64, error) {
	var staff []int64
	err := tx.NewRaw(`
		SELECT p.id FROM people p JOIN cases c ON c.id = ? AND c.about_id <> p.id
		WHERE p.role IN ('moderator', 'administrator') ORDER BY p.id LIMIT ?`, caseID, maxStaff).Scan(ctx, &staff)
	return staff, err
}

// administratorsUntold are those with no notice, which they have not seen, that somebody waits to be let in.
func administratorsUntold(ctx context.Context, tx *db.Tx) ([]int64, error) {
	var all []int64
	err := tx.NewRaw(`
		SELECT p.id FROM people p WHERE p.role = 'administrator'
		AND NOT EXISTS (SELECT FROM notices n WHERE n.person_id = p.id AND n.kind = 'waits' AND n.read_at IS NULL)
		ORDER BY p.id LIMIT ?`, maxStaff).Scan(ctx, &all)
	return all, err
}

func staffEmail(ctx context.Context, idb bun.IDB, personID int64) (string, error) {
	var email string
	err := idb.NewRaw(`SELECT p.email FROM people p WHERE p.id = ? AND p.role IN ('moderator', 'administrator')`, personID).Scan(ctx, &email)
	return email, err
}

// takenCase reads how often a case was opened, and who has it now: 0 where nobody does.
func takenCase(ctx context.Context, tx *db.Tx, id int64) (round, claimer int64, err error) {
	err = tx.NewRaw(`SELECT c.round, coalesce(c.claimed_by, 0) FROM cases c WHERE c.id = ?`, id).Scan(ctx, &round, &claimer)
	return round, claimer, err
}

// standingDecision reads a decision that was not taken back.
func standingDecision(ctx context.Context, tx *db.Tx, id int64) (decision, error) {
	var d decision
	err := tx.NewRaw(`
		SELECT d.id, d.case_id, d.round, d.decider_id FROM decisions d WHERE d.id = ? AND d.undone_at IS NULL`, id).Scan(ctx, &d)
	return d, err
}
