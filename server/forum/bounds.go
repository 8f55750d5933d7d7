package forum

import (
	"unicode/utf8"

	"firstdrops/server/platform/text"
)

// Bounds of what people write, in code points.
const (
	MinTitle = 3
	MaxTitle = 160
	MaxBody  = 20_000
)

// readTitle gives a title as it is kept, or what is wrong with it.
func readTitle(typed string) (title, wrong string) {
	title, err := text.Line(typed, MaxTitle)
	switch {
	case err != nil:
		return "", err.Error()
	case title == "":
		return "", "Please give it a title, so that others find it."
	case utf8.RuneCountInString(title) < MinTitle:
		return "", "Please say a little more in the title."
	}
	return title, ""
}

// readBody gives the words of a post as they are kept, or what is wrong with them.
func readBody(typed string) (body, wrong string) {
	body, err := text.Body(typed, MaxBody)
	switch {
	case err != nil:
		return "", err.Error()
	case body == "":
		return "", "There are no words here yet."
	}
	return body, ""
}
