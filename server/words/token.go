package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// longest is how much of a text is looked at, in code points: more than the longest post with its title.
const longest = 25_000

// token is one word of a text, folded: letters without case, accents and apostrophes, or digits. "Goat's-rue 10mg" is
// goats, rue, 10, mg.
type token struct {
	word   string
	quoted bool // it stands in a line of somebody else's words
	begins bool // a sentence or a part of one begins with it
}

// tokens splits a text into words.
func tokens(text string) []token {
	var found []token
	quoted, begins := false, true
	for line := range strings.Lines(cut(text, longest)) {
		line = strings.TrimSpace(line)
		was := quoted
		quoted = strings.HasPrefix(line, ">")
		begins = begins || line == "" || quoted != was
		for _, word := range split(fold(line)) {
			if word == stop {
				begins = true
				continue
			}
			found = append(found, token{word, quoted, begins})
			begins = false
		}
	}
	return found
}

// cut is the text's beginning, n code points at most.
func cut(text string, n int) string {
	for i := range text {
		if n--; n < 0 {
			return text[:i]
		}
	}
	return text
}

// apostrophes gives those that are typed one spelling, before folding takes some of them for spaces.
var apostrophes = strings.NewReplacer("´", "'", "’", "'", "‘", "'", "ʼ", "'", "＇", "'")

// fold makes texts alike that are read alike: compatible forms, case, accents and what cannot be seen.
func fold(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return strings.ToLower(s)
	}
	s = norm.NFKD.String(apostrophes.Replace(strings.ToValidUTF8(s, " ")))
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Cf) {
			return -1
		}
		return r
	}, s)
	return cases.Fold().String(s)
}

// stop stands between sentences, and between the parts that commas make, in what split gives.
const stop = "."

// split gives the words of a folded line in order, and a stop after each sentence.
func split(line string) []string {
	var words []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	digits := false
	for _, r := range line {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r):
			if unicode.IsNumber(r) != digits {
				flush()
				digits = !digits
			}
			word.WriteRune(r)
		case r == '\'', r == '`': // inside a word it is part of it, elsewhere there is another sign beside it
		case strings.ContainsRune(".,!?;:。", r):
			flush()
			words = append(words, stop)
		default:
			flush()
		}
	}
	flush()
	return words
}
