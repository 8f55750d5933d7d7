package richtext

import (
	"errors"
	"math"
	"strings"
)

const (
	// maxParsed is the longest text that is parsed, in bytes; no form takes one as long.
	maxParsed = 128 << 10
	// maxMarkers bounds the quote and list markers that open one line.
	maxMarkers = maxDepth
	// maxInlineWork and maxBlockWork bound the steps of parsing spans and blocks; as many take less than 100 ms.
	maxInlineWork = 1 << 25
	maxBlockWork  = 1 << 18
	unlimited     = math.MaxInt
)

var errTooDeep = errors.New("nested too deep")

// tooCostly finds, in one cheap pass before any parsing, text made to keep a parser busy. A parser may look from each
// mark that could open or close a span along its whole paragraph, so that work is at most the product of the two. It
// visits each open container for every line, and containers are at most as many as the columns their markers fill.
func tooCostly(source string) bool {
	if len(source) > maxParsed {
		return true
	}
	work, length, marks := 0, 0, 0
	lines, widest := 0, 0
	for line := range strings.Lines(source) {
		markers, columns := opening(line)
		if markers > maxMarkers {
			return true
		}
		lines, widest = lines+1, max(widest, columns)
		if strings.Trim(line, " \t\n") == "" {
			work += length * marks
			length, marks = 0, 0
			continue
		}
		length += len(line)
		marks += countMarks(line)
	}
	return work+length*marks > maxInlineWork || lines*widest > maxBlockWork
}

func countMarks(line string) int {
	marks := 0
	for i := range len(line) {
		switch line[i] {
		case '*', '_', '~', '`', '[', ']', '!', '<':
			marks++
		}
	}
	return marks
}

// opening counts the quote and list markers that a line opens with, and the columns up to the last of them.
func opening(line string) (markers, columns int) {
	column := 0
	for line != "" {
		width := markerWidth(line)
		switch {
		case width > 0:
			column += width
			markers, columns = markers+1, column
		case line[0] == ' ':
			width = 1
			column++
		case line[0] == '\t':
			width = 1
			column += 4
		default:
			return markers, columns
		}
		line = line[width:]
	}
	return markers, columns
}

// markerWidth is the length of the quote mark or list marker that s opens with, 0 for none.
func markerWidth(s string) int {
	if s[0] == '>' {
		return 1
	}
	digits := 0
	for digits < len(s) && digits < 9 && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	rest := s[digits:]
	bullet := digits == 0 && strings.IndexByte("-+*", s[0]) >= 0
	number := digits > 0 && rest != "" && (rest[0] == '.' || rest[0] == ')')
	if (bullet || number) && (len(rest) == 1 || strings.IndexByte(" \t\n", rest[1]) >= 0) {
		return digits + 1
	}
	return 0
}
