package words

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// few are rules of each shape that a term can have.
var few = []Rule{
	{ID: "medicine", Kind: Care, DoseText: "Ask.", Terms: []string{"domperidone|motilium", "goats|goat rue", "oral contraceptive|contraception"}},
	{ID: "baby", Kind: Baby, Terms: []string{"stop|stopped … formula … at once", "no|few … wet nappy|diaper", "… formula … overnight", "…"}},
	{ID: "crisis", Kind: Crisis, Terms: []string{"want|wanted to die", "suicide"}},
}

// danger is the last of them.
var danger = few[2:]

func ids(notices []Notice) string {
	var all []string
	for _, n := range notices {
		all = append(all, fmt.Sprintf("%s/%t", n.ID, n.Dosed))
	}
	return strings.Join(all, " ")
}

// FuzzMatch wants words to be found whatever stands around them, and nothing that was typed to change or stop that.
func FuzzMatch(f *testing.F) {
	for _, s := range []string{"", "domperidone", "goat's rue 10 mg", "stop the formula\n> at once", "I want. To die", "> suicide", "SUI'cide", "2suicide3", "I w`anted to die", "ŉ ﷺ ½ \u200b\u0301", "\xff'''...", "İı ß ǅ", "a|b …"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, token := range tokens(s) {
			if token.word == "" || !utf8.ValidString(token.word) {
				t.Errorf("%q has the word %q", s, token.word)
			}
		}
		if ids(find(danger, s)) != "" && !(search{danger, termsOf(danger)}).begins(s) {
			t.Errorf("in %q no danger is suspected", s)
		}
		if got := ids(find(few, s)); got != ids(find(few, s)) {
			t.Errorf("%q is read in two ways", s)
		}
		if !strings.Contains(ids(find(few, "Domperidone 10 mg.\n\n"+s)), "medicine/true") {
			t.Errorf("before %q the medicine is not found", s)
		}
		if utf8.RuneCountInString(s) < longest-100 && !strings.Contains(ids(find(few, s+"\n\nDomperidone")), "medicine/") {
			t.Errorf("after %q the medicine is not found", s)
		}
	})
}

func TestOnlyTheBeginningOfALongTextIsLookedAt(t *testing.T) {
	t.Parallel()
	if got := ids(find(few, strings.Repeat("a ", longest/2-6)+"motilium")); got != "medicine/false" {
		t.Errorf("up to the bound: %q", got)
	}
	if got := ids(find(few, strings.Repeat("a ", longest/2)+"motilium")); got != "" {
		t.Errorf("beyond the bound: %q", got)
	}
}

// hostile are texts of a post's length that give much to do.
var hostile = map[string]string{
	"prose":     strings.Repeat("I stopped when she was six weeks old, and pumped six times a day. ", 310),
	"beginning": strings.Repeat("stop of formula of the ", 900),
	"found":     strings.Repeat("domperidone 10 mg ", 1110),
	"undosed":   strings.Repeat("domperidone ", 1660),
	"compounds": strings.Repeat("ﷺ", 20_000),
	"marks":     "e" + strings.Repeat("\u0301", 20_000),
	"one word":  strings.Repeat("a", 20_000),
	"signs":     strings.Repeat(".'>\n", 5_000),
}

// TestTimeIsBounded allows far more than is needed, for a busy machine: what grows with the square of a text takes longer.
func TestTimeIsBounded(t *testing.T) {
	t.Parallel()
	for name, text := range hostile {
		began := time.Now()
		find(few, text)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}
