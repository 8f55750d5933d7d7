package words

import (
	"context"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// readRules reads every rule, the most urgent first.
func readRules(ctx context.Context, database bun.IDB) ([]Rule, error) {
	var rules []Rule
	err := database.NewRaw(`SELECT w.id, w.number, w.kind, w.title, w.text, w.dose_text, w.version::text AS version, w.approver, w.terms
		FROM word_rules w ORDER BY w.position, w.id LIMIT 1000`).Scan(ctx, &rules)
	return rules, err
}

// lockWording reads which wording a rule has and who checked it, and holds both until the commit.
func lockWording(ctx context.Context, tx *db.Tx, number int64) (Rule, error) {
	var r Rule
	err := tx.NewRaw(`SELECT version::text AS version, approver FROM word_rules WHERE number = ? FOR UPDATE`, number).Scan(ctx, &r)
	return r, err
}

func updateApprover(ctx context.Context, tx *db.Tx, number int64, approver string) error {
	_, err := tx.NewRaw(`UPDATE word_rules SET approver = ? WHERE number = ?`, approver, number).Exec(ctx)
	return err
}
