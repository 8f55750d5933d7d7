package text

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NameMax is how many runes a display name has at most.
const NameMax = 40

// nameSigns are what names have beside letters, digits and blanks: no sign that could pose as a label's mark.
const nameSigns = "-_.,'’·&()"

// The faults of display names.
const (
	ErrNameLength    Fault = "A name has 1 to 40 characters."
	ErrNameCharacter Fault = "A name is made of letters, digits, blanks and - _ . , ' & ( ), with at least one letter or digit."
	ErrNameScripts   Fault = "Each word of a name keeps to one alphabet, because letters of two can look the same."
)

// Name gives a display name as it is shown, with single blanks, and folded as names and handles are compared.
func Name(s string) (name, folded string, err error) {
	if !utf8.ValidString(s) {
		return "", "", ErrEncoding
	}
	name = norm.NFKC.String(strings.Join(strings.Fields(norm.NFKC.String(s)), " "))
	if n := utf8.RuneCountInString(name); n == 0 || n > NameMax {
		return "", "", ErrNameLength
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || strings.ContainsRune(nameSigns, r) })
	if len(words) == 0 {
		return "", "", ErrNameCharacter
	}
	for _, word := range words {
		switch {
		case !handleCharacters(word):
			return "", "", ErrNameCharacter
		case !OneAlphabet(word):
			return "", "", ErrNameScripts
		}
	}
	return name, Fold(name), nil
}
