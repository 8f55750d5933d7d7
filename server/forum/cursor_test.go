package forum

import (
	"testing"
	"time"
)

func FuzzCursor(f *testing.F) {
	for _, s := range []string{"", latest.String(), cursor{time.UnixMicro(0), 1, false}.String(), cursor{time.Unix(1_780_000_000, 7000), 42, true}.String(), "x", "-1.1", "~", "~~1.1", "~1.1", "p.1", "1.1.1", "01.1", "\x00", "1.1\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseCursor(s)
		if err != nil {
			return
		}
		if s != "" && c.String() != s {
			t.Errorf("%q is read as %q", s, c)
		}
		if c.id < 1 || c.at.Before(time.UnixMicro(0)) || c.at.After(latest.at) {
			t.Errorf("%q leads out of Postgres's range: %+v", s, c)
		}
	})
}
