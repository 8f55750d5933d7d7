package text_test

import (
	"slices"
	"testing"

	"firstdrops/server/platform/text"
)

func TestKnownLanguages(t *testing.T) {
	t.Parallel()
	if !slices.IsSorted(text.Languages) {
		t.Error("the languages are not in order, so that some are not found")
	}
	for _, code := range []string{"", "EN", "xx", "eng", "e"} {
		if text.KnownLanguage(code) {
			t.Errorf("%q is known", code)
		}
	}
	if !text.KnownLanguage("en") || !text.KnownLanguage("zh") || !text.KnownLanguage("af") {
		t.Error("English, Chinese or Afrikaans is not known")
	}
}
