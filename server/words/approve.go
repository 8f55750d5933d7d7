package words

import (
	"context"
	"fmt"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Rules are all of them, the most urgent first. Whoever calls it has made sure that staff ask: what a rule looks for is
// theirs to know.
func (w *Words) Rules(ctx context.Context) ([]Rule, error) {
	rules, err := readRules(ctx, w.db)
	if err != nil {
		return nil, fmt.Errorf("reading the rules of words: %w", err)
	}
	return rules, nil
}

// Approve names who checked this version of a rule's wording; fresh is false where somebody had before, who stays named.
// It composes into the transaction of whoever knows that they may. Where the rule has another version by now it is a
// Conflict: nobody checks words that they have not read.
func Approve(ctx context.Context, tx *db.Tx, number int64, version, approver string) (fresh bool, err error) {
	rule, err := lockWording(ctx, tx, number)
	switch {
	case db.IsMissing(err):
		return false, fault.Missing()
	case err != nil:
		return false, fmt.Errorf("reading a wording: %w", err)
	case rule.Version != version:
		return false, fault.New(fault.Conflict, "This wording has changed since you read it. Please load the page again, and read the new one.")
	case rule.Approver != "":
		return false, nil
	}
	if err := updateApprover(ctx, tx, number, approver); err != nil {
		return false, fmt.Errorf("naming who checked a wording: %w", err)
	}
	return true, nil
}
