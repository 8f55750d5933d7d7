package password

import (
	"context"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"

	"firstdrops/server/platform/fault"
)

func TestFault(t *testing.T) {
	t.Parallel()
	own := []string{"someone@example.org", "someone", "night-wren", "first drops"}
	for password, words := range map[string]string{
		"":                                  "choose a password",
		"x":                                 "1 character. It needs 14 more",
		"milkmilkmil":                       "11 characters. It needs 4 more",
		"żółćżółćżółćżó":                    "14 characters",
		strings.Repeat("lamp oil ", 200):    "longer than 1024",
		"one\x00two three four five":        "cannot be typed",
		"one \xff two three four":           "cannot be typed",
		"one two three\tfour five":          "cannot be typed",
		"aaaaaaaaaaaaaaaaaaaa":              "Many people",
		"ababababababababab":                "Many people",
		"passwordpassword":                  "Many people",
		"Password Password":                 "Many people",
		"password123456789":                 "Many people",
		"123456789012345":                   "Many people",
		"abcdefghijklmnop":                  "Many people",
		"zyxwvutsrqponmlk":                  "Many people",
		"correct horse battery staple":      "Many people",
		"q1w2e3r4t5y6u7i8":                  "Many people",
		"lampoil lampoil lam":               "Many people",
		"someone@example.org":               "mostly your name",
		"Someone@Example.org1":              "mostly your name",
		"night-wren-Night-Wren":             "mostly your name",
		"first drops of me":                 "mostly your name",
		"four quiet lamps burning":          "",
		"a night-wren sings before morning": "",
		"żółć i gęśla jaźń":                 "",
		"tr0ub4dor&3-and-more":              "",
	} {
		got := Fault(password, own...)
		if (words == "") != (got == "") || !strings.Contains(got, words) {
			t.Errorf("%.40q: %q, want %q", password, got, words)
		}
	}
}

func TestEveryCommonPasswordIsRefused(t *testing.T) {
	t.Parallel()
	for password := range common {
		if Fault(password) == "" || essence(password) != password {
			t.Errorf("%q on the list is no use: too short, or not in its plainest spelling", password)
		}
	}
}

func TestHashesCostWhatTheyShould(t *testing.T) {
	t.Parallel()
	h := NewHasher()
	phc, err := h.Hash(t.Context(), "four quiet lamps")
	if err != nil || !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", phc, err)
	}
	for name, stored := range map[string]string{"hash": phc, "nobody": nobody} {
		params, _, _, err := argon2id.DecodeHash(stored)
		if err != nil || *params != *cost {
			t.Errorf("%s costs %+v (%v), want %+v", name, params, err, cost)
		}
	}
	for password, stored := range map[string]string{"four quiet lamps": phc, "four loud lamps": phc, "four": ""} {
		fits, err := h.Fits(t.Context(), password, stored)
		if err != nil || fits != (password == "four quiet lamps") {
			t.Errorf("%q: %v, %v", password, fits, err)
		}
	}
}

func TestTooManyAtOnceAreAskedToComeBack(t *testing.T) {
	t.Parallel()
	h := &Hasher{admitted: make(chan struct{}, 2), hashing: make(chan struct{}, 1)}
	begun, release := make(chan struct{}), make(chan struct{})
	first := make(chan error)
	go func() {
		first <- h.do(t.Context(), func() error {
			close(begun)
			<-release
			return nil
		})
	}()
	<-begun
	impatient, cancel := context.WithCancel(t.Context())
	second := make(chan error)
	go func() { second <- h.do(impatient, func() error { return nil }) }()
	for len(h.admitted) < 2 { // until the second waits
		select {
		case err := <-second:
			t.Fatalf("the second did not wait: %v", err)
		default:
		}
	}
	_, err := h.Hash(t.Context(), "four quiet lamps")
	wantBusy(t, err)
	cancel()
	wantBusy(t, <-second)
	close(release)
	if err := <-first; err != nil {
		t.Error(err)
	}
	if err := h.do(t.Context(), func() error { return nil }); err != nil {
		t.Errorf("after the rush: %v", err)
	}
}

func wantBusy(t *testing.T, err error) {
	t.Helper()
	busy, ok := err.(*fault.Error) //nolint:errorlint // it is not wrapped
	if !ok || busy.Kind != fault.Unavailable || busy.Retry <= 0 {
		t.Errorf("got %v, want a busy no that says when to come back", err)
	}
}
