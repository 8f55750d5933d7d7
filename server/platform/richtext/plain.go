package richtext

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Plain is an excerpt for lists: the words of a text in one line, without markup, at most limit runes. What does not fit
// is cut after a word and ends in an ellipsis.
func Plain(markdown string, limit int) string { return Excerpt(Render(markdown), limit) }

// Excerpt is Plain of what is rendered already.
func Excerpt(rendered string, limit int) string {
	if limit <= 0 {
		return ""
	}
	line := strings.Join(strings.Fields(textOf(rendered, nil)), " ")
	if utf8.RuneCountInString(line) <= limit {
		return line
	}
	runes := []rune(line)
	kept := string(runes[:limit-1])
	if runes[limit-1] != ' ' {
		if end := strings.LastIndexByte(kept, ' '); end > 0 {
			kept = kept[:end]
		}
	}
	return strings.TrimRight(kept, " ,;:.") + "…"
}

// Said is what the author of a rendering says in their own words: its text without code, quotes and links, where what looks
// like a name is none.
func Said(rendered string) string {
	return textOf(rendered, []string{"code", "pre", "blockquote", "a"})
}

// WithoutQuotes is a rendering with a line of the house's own instead of each quote.
func WithoutQuotes(rendered, instead string) string {
	const opening, closing = "<blockquote>", "</blockquote>"
	var kept strings.Builder
	for {
		before, quote, found := strings.Cut(rendered, opening)
		kept.WriteString(before)
		if !found {
			return kept.String()
		}
		for depth := 1; depth > 0; {
			opens, closes := strings.Index(quote, opening), strings.Index(quote, closing)
			switch {
			case closes < 0: // it was cut short
				quote, depth = "", 0
			case opens >= 0 && opens < closes:
				quote, depth = quote[opens+len(opening):], depth+1
			default:
				quote, depth = quote[closes+len(closing):], depth-1
			}
		}
		kept.WriteString(opening + "<p><em>" + escape.Replace(instead) + "</em></p>" + closing)
		rendered = quote
	}
}

// textOf is the text of a rendering but for what stands in some elements, with a space where a block or a line ends.
func textOf(rendered string, without []string) string {
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(rendered))
	for aside := 0; ; {
		kind := tokens.Next()
		switch kind {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			if aside == 0 {
				out.Write(tokens.Text())
			}
			continue
		}
		tag, _ := tokens.TagName()
		name := string(tag)
		if slices.Contains(without, name) && kind == html.StartTagToken {
			aside++
		} else if slices.Contains(without, name) && kind == html.EndTagToken {
			aside--
		}
		if !withinWords(name) {
			out.WriteByte(' ')
		}
	}
}

func withinWords(tag string) bool {
	switch tag {
	case "em", "strong", "del", "code", "a":
		return true
	}
	return false
}

// verbatim is text as HTML without any markup of its own, at most limit bytes of it.
func verbatim(source string, limit int) string {
	const before, after = "<p>", "</p>"
	source = strings.Trim(source, "\n")
	if source == "" {
		return ""
	}
	return before + cut(escape.Replace(source), limit-len(before)-len(after)) + after
}

// escape writes characters as the sanitiser does, so that it would change nothing.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "\n", "<br>\n")

// cut shortens escaped text to limit bytes at most, never inside a character, a reference or a line break.
func cut(escaped string, limit int) string {
	if len(escaped) <= limit {
		return escaped
	}
	for limit > 0 && !utf8.RuneStart(escaped[limit]) {
		limit--
	}
	kept := escaped[:limit]
	if open := strings.LastIndexAny(kept, "&<"); open >= 0 && !strings.ContainsAny(kept[open:], ";>") {
		kept = kept[:open]
	}
	return kept
}
