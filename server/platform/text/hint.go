package text

import (
	_ "embed"
	"strconv"
	"strings"
	"unicode"
)

// nameList holds first names that many people have, then a blank line and last names. It is for a hint, so it may miss
// names, but holds none that is also another word.
//
//go:embed names.txt
var nameList string

var firstNames, lastNames = func() (first, last map[string]bool) {
	firsts, lasts, _ := strings.Cut(nameList, "\n\n")
	list := func(names string) map[string]bool {
		found := map[string]bool{}
		for name := range strings.FieldsSeq(names) {
			found[name] = true
		}
		return found
	}
	return list(firsts), list(lasts)
}()

// Hint says kindly what a handle seems to give away: a real name, or an e-mail. "" for nearly all; nobody has to heed it.
func Hint(handle, email string) string {
	if _, _, err := Handle(handle); err != nil {
		return "" // nobody can keep it
	}
	switch {
	case isAddress(handle, email):
		return "This is how your e-mail begins. People could find you by it. You can keep it: just send the form once more."
	case isFullName(handle), isNameAndYear(handle):
		return "This looks like a real name. People could find you by it. You can keep it: just send the form once more."
	}
	return ""
}

// isAddress finds jane-smith or JaneSmith, of jane.smith@example.org.
func isAddress(handle, email string) bool {
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	parts := strings.Split(local, ".")
	if len(parts) < 2 || len(local) < 6 {
		return false
	}
	for _, part := range parts {
		if len(part) < 2 || strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) }) {
			return false
		}
	}
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(handle)) == strings.Join(parts, "")
}

// isFullName finds Emma-Smith, emma_smith, EmmaSmith and Emma-Smith-7.
func isFullName(handle string) bool {
	parts := nameWords(strings.TrimRight(handle, "0123456789-_"))
	return len(parts) == 2 && firstNames[strings.ToLower(parts[0])] && lastNames[strings.ToLower(parts[1])]
}

// nameWords are the words of a handle: as hyphens or lines part them, or else as each begins with a capital.
func nameWords(handle string) []string {
	if strings.ContainsAny(handle, "-_") {
		return strings.FieldsFunc(handle, func(r rune) bool { return r == '-' || r == '_' })
	}
	var words []string
	for _, r := range handle {
		switch {
		case unicode.IsUpper(r):
			words = append(words, string(r))
		case len(words) > 0:
			words[len(words)-1] += string(r)
		default:
			return nil
		}
	}
	return words
}

// The years of birth that a number is taken for.
const (
	firstBirth = 1940
	lastBirth  = 2012
)

// isNameAndYear finds emma1987 and emma-1987.
func isNameAndYear(handle string) bool {
	name := strings.TrimRightFunc(handle, unicode.IsDigit)
	year, err := strconv.Atoi(handle[len(name):])
	return err == nil && len(handle)-len(name) == 4 && year >= firstBirth && year <= lastBirth &&
		firstNames[strings.ToLower(strings.TrimRight(name, "-_"))]
}
