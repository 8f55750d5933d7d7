package text

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestSkeleton(t *testing.T) {
	t.Parallel()
	for name, others := range map[string][]string{
		"sol":       {"s0l", "so1", "soi", "SOI", "ѕоӏ"},
		"mother":    {"rnother", "M0THER"},
		"window":    {"vvindow", "w1nd0vv"},
		"caper":     {"сарег", "САРЕГ"},
		"night-owl": {"n1ght-owi"},
	} {
		for _, other := range others {
			if Skeleton(Fold(other)) != Skeleton(Fold(name)) {
				t.Errorf("%q does not look like %q", other, name)
			}
		}
	}
	for _, apart := range [][2]string{
		{"river7", "river1"}, {"tester-1", "tester_1"}, {"tester_3", "tester_8"}, {"elodie", "élodie"}, {"night-wren", "nightwren"},
		{"parent-12", "parent-2"}, {"wren", "wrem"}, {"clara", "dara"}, {"李娜", "李明"},
	} {
		if Skeleton(apart[0]) == Skeleton(apart[1]) {
			t.Errorf("%q and %q look alike", apart[0], apart[1])
		}
	}
}

// TestConfusablesAreFolded: what the table holds is met only where it stands as handles are folded, taken apart.
func TestConfusablesAreFolded(t *testing.T) {
	t.Parallel()
	all := 0
	for plain, drawn := range confusable {
		for _, r := range drawn {
			all++
			if Fold(string(r)) != string(r) && skeletons[[]rune(Fold(string(r)))[0]] != plain || norm.NFD.String(string(r)) != string(r) || skeletons[r] != plain {
				t.Errorf("%U is never met, or stands twice", r)
			}
		}
	}
	if all < 200 {
		t.Errorf("%d confusables", all)
	}
}
