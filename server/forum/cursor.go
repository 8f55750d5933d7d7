package forum

import (
	"strings"

	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/keyset"
)

// cursor is where a list of threads goes on: before the thread of this key, which is a pinned one or not.
type cursor struct {
	keyset.Key
	pinned bool
}

// pinnedMark opens the cursor of a pinned thread in an address.
const pinnedMark = "~"

// String is the cursor as it stands in an address.
func (c cursor) String() string {
	if c.pinned {
		return pinnedMark + c.Key.String()
	}
	return c.Key.String()
}

// parseCursor reads a cursor; empty means the start of the list, before the pinned ones.
func parseCursor(s string) (cursor, error) {
	rest, pinned := strings.CutPrefix(s, pinnedMark)
	if pinned && rest == "" {
		return cursor{}, fault.Missing()
	}
	key, err := keyset.Parse(rest)
	return cursor{key, pinned || s == ""}, err
}
