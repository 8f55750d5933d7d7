package words

import (
	"strings"
	"unicode/utf8"
)

// between is how many words an ellipsis in a term stands for, at most.
const between = 3

// term is a word or a few that a rule looks for, one step after the other.
type term struct {
	rule  int // which of the rules it belongs to
	steps []step
}

// step is one word of a term.
type step struct {
	words []string // any of these
	loose bool     // up to `between` other words of the same sentence may stand before it
}

// parseTerm reads a term: words that stand beside each other, where "a|b" is either and "…" up to three others. Each word
// is found in its plurals too.
func parseTerm(rule int, text string) term {
	t := term{rule: rule}
	loose := false
	for part := range strings.FieldsSeq(text) {
		if part == "…" {
			loose = true
			continue
		}
		var forms []string
		for word := range strings.SplitSeq(part, "|") {
			forms = append(forms, plurals(strings.Join(split(fold(word)), ""))...)
		}
		t.steps = append(t.steps, step{forms, loose})
		loose = false
	}
	return t
}

// plurals are a folded word and its plurals.
func plurals(word string) []string {
	forms := []string{word, word + "s", word + "es"}
	if stem, ok := strings.CutSuffix(word, "y"); ok {
		forms = append(forms, stem+"ies")
	}
	return forms
}

// takes says whether the step's word is there.
func (s step) takes(t token) bool {
	for _, word := range s.words {
		if word == t.word {
			return true
		}
	}
	return false
}

// follows gives where steps end that go on at a place: the place after their last word.
func follows(said []token, at int, steps []step) (end int, ok bool) {
	if len(steps) == 0 {
		return at, true
	}
	reach := at
	if steps[0].loose {
		reach += between
	}
	for i := at; i <= reach && i < len(said) && !said[i].begins; i++ {
		if !steps[0].takes(said[i]) {
			continue
		}
		if end, ok := follows(said, i+1, steps[1:]); ok {
			return end, true
		}
	}
	return 0, false
}

// find looks for every rule's words in one pass over a text.
func find(rules []Rule, text string) []Notice { return search{rules, termsOf(rules)}.find(text) }

// search is rules made ready to look through many texts.
type search struct {
	rules []Rule
	terms map[string][]term // by their first words
}

// begins says whether any term may begin in a text. Where letters alone do not tell, it may: most of what people
// say holds no such word, and costs no memory then.
func (s search) begins(text string) bool {
	var room [32]byte // longer than any word that is sought; a longer one is compared by its beginning, and not found
	word := room[:0]
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf, c >= '0' && c <= '9':
			return true
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			if len(word) < cap(word) {
				word = append(word, c|0x20)
			}
			continue
		case c == '\'', c == '`': // as in split
			continue
		}
		if _, sought := s.terms[string(word)]; sought {
			return true
		}
		word = word[:0]
	}
	_, sought := s.terms[string(word)]
	return sought
}

func (s search) find(text string) []Notice {
	said := tokens(text)
	dosed := doses(said)
	found, strong := make([]bool, len(s.rules)), make([]bool, len(s.rules))
	for i, t := range said {
		for _, sought := range s.terms[t.word] {
			rule := s.rules[sought.rule]
			done := found[sought.rule] && (strong[sought.rule] || rule.DoseText == "")
			// What somebody quotes from another is not their own distress.
			if done || rule.Kind == Crisis && t.quoted {
				continue
			}
			if end, ok := follows(said, i+1, sought.steps[1:]); ok {
				found[sought.rule] = true
				strong[sought.rule] = rule.DoseText != "" && near(dosed, i, end)
			}
		}
	}
	var notices []Notice
	for i, rule := range s.rules {
		if found[i] {
			notices = append(notices, Notice{Rule: rule, Dosed: strong[i]})
		}
	}
	return notices
}

// termsOf gives the terms that begin with a word.
func termsOf(rules []Rule) map[string][]term {
	terms := map[string][]term{}
	for i, rule := range rules {
		for _, text := range rule.Terms {
			t := parseTerm(i, text)
			if len(t.steps) == 0 {
				continue
			}
			for _, word := range t.steps[0].words {
				terms[word] = append(terms[word], t)
			}
		}
	}
	return terms
}
