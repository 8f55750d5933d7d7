package accounts_test

import (
	"testing"

	"firstdrops/server/accounts"
)

func TestKnownSpecialties(t *testing.T) {
	t.Parallel()
	for _, s := range accounts.Specialties {
		if !s.Known() {
			t.Errorf("%s is not known", s)
		}
	}
	for _, s := range []accounts.Specialty{"", "Latch", "latch ", "babies"} {
		if s.Known() {
			t.Errorf("%q is known", s)
		}
	}
}
