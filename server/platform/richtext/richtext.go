// Package richtext turns the Markdown that people type into HTML that is safe to store and to show.
//
// The work is done twice over. Parsing knows no raw HTML and fetches nothing, so markup that somebody types is shown as
// the text it is; what comes out then passes a strict list of elements, attributes and link schemes. Neither half alone
// is trusted.
package richtext

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/text"
)

// Version is the renderer's own number. It is stored beside each rendering, so that a job can render again when the
// number has moved. Raise it with every change that alters the HTML of some text.
const Version = 1

// MessageLimit is the most that RenderMessage returns, in bytes.
const MessageLimit = 64 << 10

// Render gives the sanitised HTML of a post. It never fails: text that would take too long to parse, or is nested too
// deep to be read, comes back as plain paragraphs with every character in place. Empty text gives "".
func Render(markdown string) string {
	source := showable(unixLines.Replace(markdown))
	if tooCostly(source) {
		return verbatim(source, unlimited)
	}
	bytesOf := []byte(source)
	doc := markdownParser.Parser().Parse(text.NewReader(bytesOf))
	if !tidy(doc, bytesOf) {
		return verbatim(source, unlimited)
	}
	var out bytes.Buffer
	if err := markdownParser.Renderer().Render(&out, bytesOf, doc); err != nil {
		return verbatim(source, unlimited)
	}
	// Once more, because a reference such as &#x202e; only becomes a character while rendering.
	return strings.TrimSuffix(sanitise(showable(out.String())), "\n")
}

// RenderMessage is Render for a chat message, of which a room keeps many: markup that would swell beyond MessageLimit
// gives way to the plain text, cut where it reaches the limit.
func RenderMessage(markdown string) string {
	if out := Render(markdown); len(out) <= MessageLimit {
		return out
	}
	return verbatim(showable(unixLines.Replace(markdown)), MessageLimit)
}

var unixLines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// showable replaces what must not reach a page, bytes that are no UTF-8, control characters and those that turn the
// direction of the text around them, by U+FFFD, so that the gap can be seen.
func showable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20, r >= 0x7f && r <= 0x9f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return '\ufffd'
		}
		return r
	}, s)
}
