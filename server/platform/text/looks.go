package text

import (
	"strings"
	"unicode"
)

// Plain gives a name as it is looked up: without case, accents and signs, its words with single spaces between.
func Plain(s string) string {
	return strings.Join(strings.FieldsFunc(ascii(Fold(s)), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M)
	}), " ")
}

// Looks gives what a name or a number looks like at a glance: two that can be taken for each other give the same. Blank
// space and signs are gone, letters of other alphabets that are drawn like Latin ones are those, O is 0, and I and L are 1.
func Looks(s string) string {
	return lookalikes.Replace(strings.ReplaceAll(Plain(s), " ", ""))
}

// lookalikes are the letters that are drawn alike, in lower case and as capitals.
var lookalikes = strings.NewReplacer(
	"o", "0", "i", "1", "l", "1",
	"а", "a", "в", "b", "с", "c", "ԁ", "d", "е", "e", "ғ", "f", "н", "h", "һ", "h", "і", "1", "ј", "j", "к", "k", "ӏ", "1", "м", "m",
	"о", "0", "р", "p", "ԛ", "q", "ѕ", "s", "т", "t", "у", "y", "ѵ", "v", "ԝ", "w", "х", "x", "з", "3",
	"α", "a", "β", "b", "ε", "e", "ζ", "z", "η", "h", "ι", "1", "κ", "k", "μ", "m", "ν", "v", "ο", "0", "ρ", "p", "τ", "t", "υ", "u", "χ", "x",
)
