package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Unmention puts another name in the place of a handle, which is given folded, wherever an @ or the address of its profile
// names it, however it is spelled there. Addresses of e-mail stay as they are.
func Unmention(said, folded, instead string) string {
	var kept strings.Builder
	for {
		at := strings.IndexAny(said, "@/")
		if at < 0 {
			kept.WriteString(said)
			return kept.String()
		}
		before := said[:at+1]
		kept.WriteString(before)
		said = said[at+1:]
		name := said[:len(said)-len(strings.TrimLeftFunc(said, OfHandle))]
		if name != "" && names(before) && Fold(name) == folded {
			kept.WriteString(instead)
			said = said[len(name):]
		}
	}
}

// names says whether what follows these words, which hold no other sign, is somebody's handle.
func names(before string) bool {
	if strings.HasSuffix(before, "/") {
		return before == "u/"
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(before, "@"))
	return before == "@" || !OfHandle(last) && last != '.'
}

// OfHandle says whether a handle may hold this character.
func OfHandle(r rune) bool {
	return unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd) || r == '-' || r == '_'
}
