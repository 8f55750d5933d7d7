package ui

import (
	"strings"

	"firstdrops/server/accounts"
)

// Feeding is the word for it that this viewer chose. Wherever a page speaks of it in general, it says this; names of subjects
// and what people wrote stay as they are.
func Feeding(v accounts.Viewer) string {
	if v.Feeding == "" {
		return accounts.FeedingWord
	}
	return v.Feeding
}

// Begun is a word as the first of a sentence.
func Begun(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}
