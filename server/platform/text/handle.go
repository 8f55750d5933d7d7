package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// The bounds of a handle, in runes.
const (
	HandleMin = 3
	HandleMax = 24
)

// maxMarks is how many combining marks may follow one letter: enough for vowel signs and tones, too few to spill over
// the lines around.
const maxMarks = 2

// The faults of handles.
const (
	ErrHandleLength    Fault = "A handle has 3 to 24 characters."
	ErrHandleCharacter Fault = "A handle is made of letters, digits, - and _, with at least one letter or digit."
	ErrHandleScripts   Fault = "A handle keeps to one alphabet, because letters of two can look the same. Please choose one."
)

// Handle gives a handle as it is shown, and folded as it is compared: two handles are the same when their folded forms
// are. Letters of any one alphabet are welcome.
func Handle(s string) (handle, folded string, err error) {
	if !utf8.ValidString(s) {
		return "", "", ErrEncoding
	}
	handle = norm.NFKC.String(strings.TrimSpace(s))
	if n := utf8.RuneCountInString(handle); n < HandleMin || n > HandleMax {
		return "", "", ErrHandleLength
	}
	if !handleCharacters(handle) {
		return "", "", ErrHandleCharacter
	}
	if !OneAlphabet(handle) {
		return "", "", ErrHandleScripts
	}
	return handle, Fold(handle), nil
}

// Fold gives a handle, or how one begins, as handles are compared.
func Fold(s string) string { return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s))) }

func handleCharacters(handle string) bool {
	some, marks, afterLetter := false, 0, false
	for _, r := range handle {
		switch {
		case invisible(r):
			return false
		case unicode.IsLetter(r), unicode.IsDigit(r):
			some, marks, afterLetter = true, 0, unicode.IsLetter(r)
		case unicode.IsMark(r):
			if marks++; !afterLetter || marks > maxMarks {
				return false
			}
		case r == '-', r == '_':
			afterLetter = false
		default:
			return false
		}
	}
	return some
}

// together lists the scripts that people write in one word; all others stand alone (the highly restrictive level of
// Unicode's TS 39).
var together = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Hangul"},
	{"Latin", "Han", "Bopomofo"},
}

// OneAlphabet tells whether a word keeps to one alphabet, so that its letters are what they look like.
func OneAlphabet(word string) bool {
	var found []string
	for _, r := range word {
		script := scriptOf(r)
		if script != "" && !slices.Contains(found, script) {
			found = append(found, script)
		}
	}
	if len(found) < 2 {
		return true
	}
	return slices.ContainsFunc(together, func(group []string) bool {
		return !slices.ContainsFunc(found, func(script string) bool { return !slices.Contains(group, script) })
	})
}

// scriptOf names the script of a character; "" for what stands with any: ASCII digits, hyphens, marks.
func scriptOf(r rune) string {
	switch {
	case r == '-', r == '_', r >= '0' && r <= '9', unicode.Is(unicode.Inherited, r):
		return ""
	case r == '\u30fc': // the long vowel of both Japanese syllabaries
		return "Katakana"
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// Words that a handle may not borrow, lest its bearer seem to speak for the house or to be somebody checked.
var (
	// Nobody's name holds these.
	reservedAnywhere = []string{"moderator", "administrator", "ibclc", "consultant", "firstdrops"}
	// Other words do hold these ("badminton"), so they count only as a whole word between hyphens, lines and digits.
	reservedWords = []string{"admin", "admins", "mod", "mods", "staff", "support", "supporter"}
	// Fine in company ("night-help"), not alone.
	reservedAlone = []string{"system", "help", "formermember", "aformermember", "anonymous", "root", "null", "nil", "undefined", "deleted",
		"removed", "everyone", "all", "here", "guest", "member", "peer", "house", "thehouse", "team", "owner", "security", "postmaster", "webmaster"}
)

// Reserved tells whether a folded handle uses a word kept for the house. It is asked at sign-up only: the people whom
// such a word describes are given theirs.
func Reserved(folded string) bool { return borrows(folded) || poses(folded) }

// borrows tells whether it uses such a word.
func borrows(folded string) bool {
	parts := strings.FieldsFunc(ascii(folded), func(r rune) bool { return r < 'a' || r > 'z' })
	all := strings.Join(parts, "")
	return slices.Contains(reservedAlone, all) || slices.Contains(reservedWords, all) ||
		slices.ContainsFunc(reservedAnywhere, func(word string) bool { return strings.Contains(all, word) }) ||
		slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(reservedWords, part) })
}

// poses tells whether it looks as if it used such a word.
func poses(folded string) bool {
	parts := strings.FieldsFunc(Skeleton(ascii(folded)), func(r rune) bool { return r == '-' || r == '_' })
	all := strings.Join(parts, "")
	is := func(looks string) func(string) bool { return func(word string) bool { return Skeleton(word) == looks } }
	return slices.ContainsFunc(reservedAlone, is(all)) || slices.ContainsFunc(reservedWords, is(all)) ||
		slices.ContainsFunc(reservedAnywhere, func(word string) bool { return strings.Contains(all, Skeleton(word)) }) ||
		slices.ContainsFunc(parts, func(part string) bool { return slices.ContainsFunc(reservedWords, is(part)) })
}
