package forum

import (
	"strconv"
	"strings"
	"time"

	"firstdrops/server/platform/fault"
)

// cursor is where a list of threads goes on: before the thread of this time and id, which is a pinned one or not.
type cursor struct {
	at     time.Time
	id     int64
	pinned bool
}

// latest is before any thread: pinned, and later than all.
var latest = cursor{at: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), id: 1<<63 - 1, pinned: true}

// pinnedMark opens the cursor of a pinned thread in an address.
const pinnedMark = "~"

// String is the cursor as it stands in an address: microseconds and id, each in base 36.
func (c cursor) String() string {
	mark := ""
	if c.pinned {
		mark = pinnedMark
	}
	return mark + strconv.FormatInt(c.at.UnixMicro(), 36) + "." + strconv.FormatInt(c.id, 36)
}

// parseCursor reads a cursor; empty means the start of the list. What String would not have written is missing, like any
// other address that leads nowhere.
func parseCursor(s string) (cursor, error) {
	if s == "" {
		return latest, nil
	}
	rest, pinned := strings.CutPrefix(s, pinnedMark)
	micros, id, _ := strings.Cut(rest, ".")
	at, atErr := strconv.ParseInt(micros, 36, 64)
	number, idErr := strconv.ParseInt(id, 36, 64)
	c := cursor{at: time.UnixMicro(at).UTC(), id: number, pinned: pinned}
	if atErr != nil || idErr != nil || at < 0 || number < 1 || c.at.After(latest.at) || c.String() != s {
		return cursor{}, fault.Missing()
	}
	return c, nil
}
