package text

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	slugMax  = 60
	slugNone = "thread"
)

// slugShape is how the slug of a category or a room is spelt.
var slugShape = regexp.MustCompile(`^[a-z0-9-]{1,80}$`)

// IsSlug reports whether s could name a category or a room. Others are not asked for: the database's driver drops NUL
// without a word, so that two spellings would be one.
func IsSlug(s string) bool { return slugShape.MatchString(s) }

// Slug makes the readable end of a thread's address from its title: lower-case ASCII letters, digits and single
// hyphens, at most 60 bytes, cut after a word. A title without any such letter gives "thread".
func Slug(title string) string { return SlugOr(title, slugNone) }

// SlugOr is Slug with another word for what has no such letter.
func SlugOr(title, none string) string {
	isWord := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }
	words := strings.FieldsFunc(ascii(title), func(r rune) bool { return !isWord(r) })
	slug := ""
	for _, word := range words {
		if len(slug)+1+len(word) > slugMax && slug != "" {
			break
		}
		slug += "-" + word
	}
	slug = strings.TrimPrefix(slug, "-")
	if slug == "" {
		return none
	}
	return slug[:min(len(slug), slugMax)]
}

// ascii writes Latin letters without their accents, in lower case; apostrophes go, since "baby's" is one word. Other
// characters stay.
func ascii(s string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
	return latin.Replace(bare)
}

// latin holds the letters that no decomposition takes apart.
var latin = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i", "'", "", "’", "")
