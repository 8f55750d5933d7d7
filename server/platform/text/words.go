package text

import (
	"strings"
	"unicode"
)

// Words takes the words out of what was typed into a search: of its first code points the first words, and whether some were
// let be. Nobody who is looking for help is sent away for having said too much.
func Words(typed string, codePoints, most int) (words []string, capped bool) {
	runes := []rune(strings.ToValidUTF8(typed, " "))
	if capped = len(runes) > codePoints; capped {
		runes = runes[:codePoints]
	}
	words = strings.FieldsFunc(string(runes), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
	if len(words) > most {
		words, capped = words[:most], true
	}
	return words, capped
}
