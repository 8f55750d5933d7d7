package text

import (
	"slices"
	"strings"
	"testing"
)

func TestLooks(t *testing.T) {
	t.Parallel()
	for _, alike := range [][]string{
		{"L-100 50", "l10050", "I-1OO/5O", "１-１００ 50"},
		{"Zoë Lim", "ZOE-LIM", "zoe l\u0131m", "Z0e 1im", "Ζοε Lim"},
		{"Анна", "АННА", "анна"},
		{"aceopxy", "асеорху"},
		{"scope", "ѕсоре"},
	} {
		for _, other := range alike[1:] {
			if Looks(other) != Looks(alike[0]) {
				t.Errorf("%q looks like %q, %q like %q", alike[0], Looks(alike[0]), other, Looks(other))
			}
		}
	}
	for _, apart := range [][2]string{{"L-1", "L-2"}, {"Anna", "Anne"}, {"李娜", "李明"}, {"S5", "55"}} {
		if Looks(apart[0]) == Looks(apart[1]) {
			t.Errorf("%q and %q look like %q", apart[0], apart[1], Looks(apart[0]))
		}
	}
	for _, nothing := range []string{"", " ", "-/.", "\u200d"} {
		if got := Looks(nothing); got != "" {
			t.Errorf("%q looks like %q", nothing, got)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		" Zürich ": "zurich", "'s-Gravenhage": "s gravenhage", "ŁÓDŹ": "lodz", "Saint  John's": "saint johns", "%_": "",
	} {
		if got := Plain(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func TestSearchedWords(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]struct {
		words  []string
		capped bool
	}{
		"":                        {nil, false},
		"((( ' % \\":              {nil, false},
		"let-down, O'Neill":       {[]string{"let", "down", "O", "Neill"}, false},
		"a\x00b\xffc":             {[]string{"a", "b", "c"}, false},
		"one two three four five": {[]string{"one", "two", "three", "four"}, true},
		strings.Repeat("x", 41):   {[]string{strings.Repeat("x", 40)}, true},
	} {
		words, capped := Words(typed, 40, 4)
		if !slices.Equal(words, want.words) || capped != want.capped {
			t.Errorf("%q: %q %v", typed, words, capped)
		}
	}
}

func TestSlugOfAnotherAlphabet(t *testing.T) {
	t.Parallel()
	if Slug("Анна") != "thread" || SlugOr("Анна", "consultant") != "consultant" || SlugOr("Zoë Lim", "consultant") != "zoe-lim" {
		t.Error("the words for what has no Latin letter are not those asked for")
	}
}
