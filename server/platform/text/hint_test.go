package text

import "testing"

func TestHintsAreFew(t *testing.T) {
	t.Parallel()
	for _, given := range [][2]string{
		{"Emma-Smith", "x@example.org"}, {"emma-smith", ""}, {"EMMA_SMITH", ""}, {"Emma-Smith-7", ""}, {"emma-smith-1987", ""}, {"Bella-Jones", ""}, {"Emma_Smith", ""}, {"EmmaSmith", ""}, {"emma1987", ""}, {"Emma-1987", ""}, {"david_2001", ""},
		{"jane-smith", "jane.smith@example.org"}, {"JaneSmith", "Jane.Smith@Example.org"}, {"ana-lu", "ana.lu@example.org"},
	} {
		if Hint(given[0], given[1]) == "" {
			t.Errorf("%q of %q gets no hint", given[0], given[1])
		}
	}
	for _, handle := range []string{
		"river7", "parent-12", "tester_3", "night-wren", "Night-Wren", "Sol", "emma", "Emma", "emmasmith", "emma7", "emma-12345", "emma3000", "tester-2001",
		"Lamp-Smith", "Emma-Lamp", "Emma Smith", "EMMASMITH", "Emma-Smith-!", "мария", "", "-", "ada-at-night", "june", "Robin",
	} {
		for _, email := range []string{handle + "@example.org", "jane.smith@example.org", "x.y@example.org", ""} {
			if hint := Hint(handle, email); hint != "" {
				t.Errorf("%q of %q: %s", handle, email, hint)
			}
		}
	}
}
