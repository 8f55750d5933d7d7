package accounts_test

import (
	"slices"
	"testing"

	"firstdrops/server/accounts"
)

func TestKnownSpecialtiesAndLanguages(t *testing.T) {
	t.Parallel()
	for _, s := range accounts.Specialties {
		if !s.Known() {
			t.Errorf("%s is not known", s)
		}
	}
	for _, s := range []accounts.Specialty{"", "Latch", "latch ", "babies"} {
		if s.Known() {
			t.Errorf("%q is known", s)
		}
	}
	if !slices.IsSorted(accounts.Languages) {
		t.Error("the languages are not in order, so that some are not found")
	}
	for _, code := range []string{"", "EN", "xx", "eng", "e"} {
		if accounts.KnownLanguage(code) {
			t.Errorf("%q is known", code)
		}
	}
	if !accounts.KnownLanguage("en") || !accounts.KnownLanguage("zh") || !accounts.KnownLanguage("af") {
		t.Error("English, Chinese or Afrikaans is not known")
	}
}
