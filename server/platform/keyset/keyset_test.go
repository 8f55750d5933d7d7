package keyset_test

import (
	"testing"
	"time"

	"firstdrops/server/platform/keyset"
)

func FuzzKey(f *testing.F) {
	for _, s := range []string{"", keyset.Latest.String(), keyset.Key{At: time.UnixMicro(0), ID: 1}.String(), keyset.Key{At: time.Unix(1_780_000_000, 7000), ID: 42}.String(), "x", "-1.1", "~", "~1.1", "p.1", "1.1.1", "01.1", "\x00", "1.1\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := keyset.Parse(s)
		if err != nil {
			return
		}
		if s != "" && k.String() != s {
			t.Errorf("%q is read as %q", s, k)
		}
		if k.ID < 1 || k.At.Before(time.UnixMicro(0)) || k.At.After(keyset.Latest.At) {
			t.Errorf("%q leads out of Postgres's range: %+v", s, k)
		}
	})
}
