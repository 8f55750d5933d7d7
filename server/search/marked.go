package search

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// Marked is a text in which the words that were looked for are marked.
type Marked []Span

// Span is a piece of it.
type Span struct {
	Text   string
	Marked bool
}

// The marks as they come from Postgres: no text that people write holds these characters.
const (
	markStarts = "\x02"
	markStops  = "\x03"
)

// Scan reads the text as Postgres gives it: with its marks, and with its characters escaped as HTML.
func (m *Marked) Scan(src any) error {
	var marked string
	switch src := src.(type) {
	case []byte:
		marked = string(src)
	case string:
		marked = src
	default:
		return fmt.Errorf("a marked text is text, not %T", src)
	}
	*m = nil
	for i, piece := range strings.Split(strings.Join(strings.Fields(marked), " "), markStarts) {
		word, rest, stops := strings.Cut(piece, markStops)
		if i == 0 || !stops {
			word, rest = "", piece
		}
		m.add(word, true)
		m.add(rest, false)
	}
	return nil
}

func (m *Marked) add(escaped string, marked bool) {
	if escaped != "" {
		*m = append(*m, Span{html.UnescapeString(escaped), marked})
	}
}

// The length of a passage, in code points: how much of it may stand before its first mark, and all of it.
const (
	passageLead = 60
	passageSize = 260
)

// passage is the part of the text with the most marks, cut between words; where something is left out stands an ellipsis.
func (m Marked) passage() Marked {
	runes := []rune(m.String())
	if len(runes) <= passageSize {
		return m
	}
	starts, ends := m.richest(), len(runes)
	if starts = max(0, starts-passageLead); starts > 0 {
		starts += 1 + max(-1, slices.Index(runes[starts:min(ends, starts+passageLead)], ' '))
	}
	if starts+passageSize < ends {
		ends = starts + passageSize
		for ends > starts+passageLead && runes[ends] != ' ' {
			ends--
		}
	}
	return m.cut(starts, ends, len(runes))
}

// richest is where the mark stands from which on most marks fit into a passage, in code points; 0 where there is none.
func (m Marked) richest() int {
	var marks []int
	at := 0
	for _, span := range m {
		if span.Marked {
			marks = append(marks, at)
		}
		at += utf8.RuneCountInString(span.Text)
	}
	best, most := 0, 0
	for i, mark := range marks {
		within, _ := slices.BinarySearch(marks, mark+passageSize-passageLead)
		if within-i > most {
			best, most = mark, within-i
		}
	}
	return best
}

// cut keeps the text between two places.
func (m Marked) cut(starts, ends, length int) Marked {
	var kept Marked
	if starts > 0 {
		kept = append(kept, Span{Text: "… "})
	}
	at := 0
	for _, span := range m {
		runes := []rune(span.Text)
		from, to := max(0, starts-at), min(len(runes), ends-at)
		if from < to {
			kept = append(kept, Span{string(runes[from:to]), span.Marked})
		}
		at += len(runes)
	}
	if ends < length {
		kept = append(kept, Span{Text: " …"})
	}
	return kept
}

// String is the text without its marks.
func (m Marked) String() string {
	var all strings.Builder
	for _, span := range m {
		all.WriteString(span.Text)
	}
	return all.String()
}
