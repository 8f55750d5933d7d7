package text

import (
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]struct {
		name string
		err  error
	}{
		"  Wren  of   the Marsh ":     {"Wren of the Marsh", nil},
		"Ｗｒｅｎ":                        {"Wren", nil},
		"W":                           {"W", nil},
		"Anne-Marie O'Neill (Jo)":     {"Anne-Marie O'Neill (Jo)", nil},
		"李娜 Анна":                     {"李娜 Анна", nil},
		strings.Repeat("x", 40):       {strings.Repeat("x", 40), nil},
		strings.Repeat("x", 41):       {"", ErrNameLength},
		"":                            {"", ErrNameLength},
		" \u00a0 ":                    {"", ErrNameLength},
		"- ( )":                       {"", ErrNameCharacter},
		"Wr\u200ben":                  {"", ErrNameCharacter},
		"\u2060 Wren":                 {"", ErrNameCharacter},
		"Wr\u202een":                  {"", ErrNameCharacter},
		"Wr\x00en":                    {"", ErrNameCharacter},
		"Wren ✓":                      {"", ErrNameCharacter},
		"<b>Wren":                     {"", ErrNameCharacter},
		"Wre\u0301\u0301\u0301\u0301": {"", ErrNameCharacter},
		"Wr\xffen":                    {"", ErrEncoding},
		"Wr\u0435n":                   {"", ErrNameScripts},
	} {
		name, folded, err := Name(typed)
		if name != want.name || err != want.err || folded != Fold(want.name) { //nolint:errorlint // the faults are values
			t.Errorf("%q: %q %q %v, want %q %v", typed, name, folded, err, want.name, want.err)
		}
	}
}

func TestHandlesAndNamesFoldAlike(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"Wren", "straße", "ÉLODIE", "Анна"} {
		_, handle, err := Handle(word)
		_, name, failed := Name(word)
		if handle != name || err != nil || failed != nil {
			t.Errorf("%q: %q %v, %q %v", word, handle, err, name, failed)
		}
	}
}
