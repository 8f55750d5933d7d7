package directory

import (
	"slices"
	"strconv"
	"strings"

	"firstdrops/server/platform/fault"
)

// cursor is where a list goes on: the values that order it, of the last row that was shown.
type cursor []int64

// String is the cursor as it stands in an address: numbers in base 36.
func (c cursor) String() string {
	parts := make([]string, 0, len(c))
	for _, n := range c {
		parts = append(parts, strconv.FormatInt(n, 36))
	}
	return strings.Join(parts, ".")
}

// latest is later than any moment of the house, in microseconds: Postgres cannot hold every one that fits a number.
const latest = 1 << 55

// parseCursor reads a cursor of as many numbers as start has; empty is start. What String would not have written of a row is
// missing, like any other address that leads nowhere.
func parseCursor(s string, start cursor) (cursor, error) {
	if s == "" {
		return start, nil
	}
	read := cursor{}
	for part := range strings.SplitSeq(s, ".") {
		n, err := strconv.ParseInt(part, 36, 64)
		if err != nil || len(read) == len(start) {
			return nil, fault.Missing()
		}
		read = append(read, n)
	}
	outside := func(n int64) bool { return n < 0 || n > latest }
	if len(read) != len(start) || read.String() != s || slices.ContainsFunc(read, outside) {
		return nil, fault.Missing()
	}
	return read, nil
}
