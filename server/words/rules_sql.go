package words

import (
	"context"

	"github.com/uptrace/bun"
)

// readRules reads every rule, the most urgent first.
func readRules(ctx context.Context, database bun.IDB) ([]Rule, error) {
	var rules []Rule
	err := database.NewRaw(`SELECT w.id, w.kind, w.title, w.text, w.dose_text, w.version::text AS version, w.approver, w.terms
		FROM word_rules w ORDER BY w.position, w.id LIMIT 1000`).Scan(ctx, &rules)
	return rules, err
}
