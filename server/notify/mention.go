package notify

import (
	"slices"
	"strings"
	"unicode/utf8"

	"firstdrops/server/platform/richtext"
	"firstdrops/server/platform/text"
)

// maxMentions is how many people one post may call by name; further names are words.
const maxMentions = 10

// mentioned are the handles and aliases, folded, that follow an @ in a post's rendering, outside of code, quotes and links: the first of
// them, each once.
func mentioned(rendered string) []string {
	found := []string{}
	said := richtext.Said(rendered)
	for len(found) < maxMentions {
		before, after, more := strings.Cut(said, "@")
		if !more {
			break
		}
		name := after[:len(after)-len(strings.TrimLeftFunc(after, text.OfHandle))]
		said = after[len(name):]
		if last, _ := utf8.DecodeLastRuneInString(before); before != "" && (text.OfHandle(last) || last == '/' || last == '.') {
			continue // somebody's address
		}
		if _, folded, err := text.Handle(name); err == nil && !slices.Contains(found, folded) {
			found = append(found, folded)
		}
	}
	return found
}
