package moderation

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"firstdrops/server/platform/fault"
)

// cursor is the place of a case in a list. Waiting ones go by severity and due time; closed ones by when they were closed,
// and their severity is 0.
type cursor struct {
	severity Severity
	at       time.Time
	id       int64
}

// cursor is the place of a case in a list of this state.
func (s State) cursor(c Case) cursor {
	if s == Closed {
		return cursor{at: c.ClosedAt, id: c.ID}
	}
	return cursor{c.Severity, c.DueAt, c.ID}
}

// String is the cursor as it stands in an address: severity, and microseconds and id in base 36.
func (c cursor) String() string {
	return fmt.Sprintf("%d.%s.%s", c.severity, strconv.FormatInt(c.at.UnixMicro(), 36), strconv.FormatInt(c.id, 36))
}

// endOfTime is after every moment that a cursor can name.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// parseCursor reads a cursor; empty means the start of a list. What String would not have written is missing.
func parseCursor(s string) (cursor, error) {
	if s == "" {
		return cursor{at: time.UnixMicro(0).UTC()}, nil
	}
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return cursor{}, fault.Missing()
	}
	severity, severityErr := strconv.Atoi(parts[0])
	micros, microsErr := strconv.ParseInt(parts[1], 36, 64)
	id, idErr := strconv.ParseInt(parts[2], 36, 64)
	c := cursor{Severity(severity), time.UnixMicro(micros).UTC(), id}
	if severityErr != nil || microsErr != nil || idErr != nil || severity < 0 || severity > int(Green) || micros < 0 || id < 1 ||
		c.at.After(endOfTime) || c.String() != s {
		return cursor{}, fault.Missing()
	}
	return c, nil
}

// closedBefore is where a list of closed cases goes on; its start is the end of time.
func (c cursor) closedBefore() time.Time {
	if c.id == 0 {
		return endOfTime
	}
	return c.at
}
