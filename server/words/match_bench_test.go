package words_test

import (
	"strings"
	"testing"

	"firstdrops/server/platform/testdb"
	"firstdrops/server/words"
)

// BenchmarkNotices looks at a post of 20,000 code points with all rules of the house, reading the rules included.
func BenchmarkNotices(b *testing.B) {
	database := testdb.New(b)
	w := words.New(database)
	for name, text := range map[string]string{
		"short":     "I stopped when she was six weeks old. Has anybody asked about domperidone?",
		"prose":     strings.Repeat("I stopped when she was six weeks old, and pumped six times a day. ", 303),
		"beginning": strings.Repeat("stop of formula of the ", 869),
		"ligatures": strings.Repeat("ﷺ", 20_000),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := w.Notices(b.Context(), text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
