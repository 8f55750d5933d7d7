// Package text says what may be typed: one-line fields, bodies of many lines, handles, and the slugs made from titles.
// What cannot be taken is refused in words for the person who typed it, never changed behind their back.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fault is why some text is refused, in words for the person who typed it.
type Fault string

func (f Fault) Error() string { return string(f) }

// The faults of lines and bodies.
const (
	ErrEncoding  Fault = "Part of this did not arrive as readable text. Please type it again."
	ErrCharacter Fault = "This has a character that cannot be shown. Please take it out; the rest is kept."
	ErrDirection Fault = "This has a hidden character that turns the direction of the text. Please take it out; the rest is kept."
	ErrOneLine   Fault = "This has to fit on one line. Please take the line breaks out; the rest is kept."
	ErrTooLong   Fault = "This is longer than fits here. Please shorten it; nothing that you typed is lost."
)

// Line gives a one-line field as it is stored: without outer blank space, in Unicode's composed form (NFC), at most
// limit runes. Text in which nothing can be seen is empty, and empty is no fault: whether it may be is the caller's rule.
func Line(s string, limit int) (string, error) {
	if !utf8.ValidString(s) {
		return "", ErrEncoding
	}
	s = norm.NFC.String(strings.TrimSpace(s))
	for _, r := range s {
		switch {
		case r == '\n', r == '\r', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			return "", ErrOneLine
		case unicode.IsControl(r):
			return "", ErrCharacter
		case turnsDirection(r):
			return "", ErrDirection
		}
	}
	return fitting(s, limit)
}

// Body gives a text of many lines as it is stored: CRLF counts as LF, without outer blank space, at most limit runes.
// Text in which nothing can be seen is empty, and empty is no fault.
func Body(s string, limit int) (string, error) {
	if !utf8.ValidString(s) {
		return "", ErrEncoding
	}
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	for _, r := range s {
		switch {
		case r == '\n', r == '\t':
		case unicode.IsControl(r):
			return "", ErrCharacter
		case turnsDirection(r):
			return "", ErrDirection
		}
	}
	return fitting(s, limit)
}

func fitting(s string, limit int) (string, error) {
	if strings.IndexFunc(s, seen) < 0 {
		return "", nil
	}
	if utf8.RuneCountInString(s) > limit {
		return "", ErrTooLong
	}
	return s, nil
}

// turnsDirection tells the characters that embed, override or isolate a direction: with them a text can pose as
// another. The marks that Arabic, Persian and Hebrew need (LRM, RLM, ALM) and the joiners are none of them.
func turnsDirection(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// seen tells whether a character alone leaves a mark on the page.
func seen(r rune) bool {
	const brailleBlank = '\u2800'
	return r != brailleBlank && !unicode.IsSpace(r) && !invisible(r)
}

// invisible tells the characters that show nothing by themselves: joiners, fillers, selectors, direction marks.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
