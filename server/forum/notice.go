package forum

import (
	"slices"

	"firstdrops/server/words"
)

// withTitle is what is looked at in the post that a thread opens with.
func withTitle(title, body string) string { return title + "\n\n" + body }

// crisis says whether one of the notices is for somebody who may be in danger.
func crisis(notices []words.Notice) bool {
	return slices.ContainsFunc(notices, func(n words.Notice) bool { return n.Kind == words.Crisis })
}
