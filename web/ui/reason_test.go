package ui_test

import (
	"testing"

	"firstdrops/server/audit"
	"firstdrops/web/ui"
)

func TestEachReasonHasItsWords(t *testing.T) {
	t.Parallel()
	said := map[string]bool{"": true}
	for _, r := range audit.Reasons {
		words := ui.ReasonWords(r)
		if said[words] {
			t.Errorf("%s is said as %q, like another", r, words)
		}
		said[words] = true
	}
}
