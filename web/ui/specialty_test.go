package ui_test

import (
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/text"
	"firstdrops/web/ui"
)

func TestEachSpecialtyAndLanguageHasItsWords(t *testing.T) {
	t.Parallel()
	said := map[string]bool{"": true}
	tell := func(code, words string) {
		if said[words] {
			t.Errorf("%s is said as %q, like another", code, words)
		}
		said[words] = true
	}
	for _, s := range accounts.Specialties {
		tell(string(s), ui.SpecialtyWords(s))
	}
	for _, code := range ui.Languages {
		tell(code, ui.LanguageWords(code))
	}
	if len(ui.Languages) != len(text.Languages) || ui.LanguageWords("es") != "español" || ui.LanguageWords("xx") != "" {
		t.Errorf("%d languages; es is %q, xx is %q", len(ui.Languages), ui.LanguageWords("es"), ui.LanguageWords("xx"))
	}
}
