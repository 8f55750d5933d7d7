// Package keyset names where a list of the newest first goes on, as an address says it.
package keyset

import (
	"strconv"
	"strings"
	"time"

	"firstdrops/server/platform/fault"
)

// Key is the time and the id of the last row that was shown.
type Key struct {
	At time.Time
	ID int64
}

// Latest is before any row: later than all.
var Latest = Key{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: 1<<63 - 1}

// String is the key as it stands in an address: microseconds and id, each in base 36.
func (k Key) String() string {
	return strconv.FormatInt(k.At.UnixMicro(), 36) + "." + strconv.FormatInt(k.ID, 36)
}

// Parse reads a key; empty means the start of the list. What String would not have written is missing, like any other
// address that leads nowhere.
func Parse(s string) (Key, error) {
	if s == "" {
		return Latest, nil
	}
	micros, id, _ := strings.Cut(s, ".")
	at, atErr := strconv.ParseInt(micros, 36, 64)
	number, idErr := strconv.ParseInt(id, 36, 64)
	k := Key{At: time.UnixMicro(at).UTC(), ID: number}
	if atErr != nil || idErr != nil || at < 0 || number < 1 || k.At.After(Latest.At) || k.String() != s {
		return Key{}, fault.Missing()
	}
	return k, nil
}
