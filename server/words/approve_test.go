package words_test

import (
	"context"
	"testing"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/words"
)

// TestAWordingIsApprovedAsItWasRead: in its version, and by the first who checked it.
func TestAWordingIsApprovedAsItWasRead(t *testing.T) {
	t.Parallel()
	database := testdb.New(t)
	w := words.New(database)
	rules, err := w.Rules(t.Context())
	if err != nil || len(rules) == 0 || rules[0].Kind != words.Crisis || len(rules[0].Terms) == 0 {
		t.Fatalf("the rules are %v %v", rules, err)
	}
	numbers := map[int64]bool{}
	for _, r := range rules {
		numbers[r.Number] = true
	}
	if len(numbers) != len(rules) || numbers[0] {
		t.Errorf("the numbers are %v", numbers)
	}
	rule := rules[0]
	approve := func(number int64, version, approver string) (fresh bool, err error) {
		err = database.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			fresh, err = words.Approve(ctx, tx, number, version, approver)
			return err
		})
		return fresh, err
	}
	for _, version := range []string{"", "2026-11-20", "2026-11-21 ", "x", "2026-11-21\x00"} {
		if _, err := approve(rule.Number, version, "Ada"); !fault.Is(err, fault.Conflict) {
			t.Errorf("version %q: %v", version, err)
		}
	}
	if _, err := approve(999, rule.Version, "Ada"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a number that nothing has: %v", err)
	}
	if fresh, err := approve(rule.Number, rule.Version, "Ada"); err != nil || !fresh {
		t.Errorf("approving: %v %v", fresh, err)
	}
	if fresh, err := approve(rule.Number, rule.Version, "Kit"); err != nil || fresh {
		t.Errorf("approving again: %v %v", fresh, err)
	}
	rules, err = w.Rules(t.Context())
	if err != nil || rules[0].Approver != "Ada" || rules[1].Approver != "" {
		t.Errorf("checked by %q and %q: %v", rules[0].Approver, rules[1].Approver, err)
	}
}
