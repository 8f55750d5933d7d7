package signin_test

import (
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/signin"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const goodPassword = "four quiet lamps burning"

// base is the site's origin.
var base = &url.URL{Scheme: "https", Host: "place.example"}

// house is the domain on a database of its own, with a clock that the test moves and a bus that writes down what was told.
type house struct {
	*signin.Signin
	people *accounts.Accounts
	t      *testing.T
	target db.Target
	db     *db.DB

	mu    sync.Mutex
	clock time.Time
	told  []string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	target := testdb.Target(t).AsApp()
	h := &house{t: t, target: target, db: db.Open(target.WithPool(8)), clock: time.Now().UTC().Truncate(time.Microsecond)}
	t.Cleanup(func() { _ = h.db.Close() })
	queue := testdb.Queue(t, h.db)
	h.people = accounts.New(h.db, queue, h, h.now)
	h.Signin = signin.New(signin.Deps{DB: h.db, Queue: queue, Accounts: h.people, Base: base, Now: h.now})
	return h
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clock
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock = h.clock.Add(d)
}

// Publish is the bus.
func (h *house) Publish(subject string, _ []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, subject)
	return nil
}

// form is a sign-up without fault.
func form(handle string) accounts.SignUp {
	return accounts.SignUp{Handle: handle, Email: handle + "@example.org", Password: goodPassword, Rules: true, Device: "Firefox on Android"}
}

func (h *house) join(handle string) accounts.Session {
	h.t.Helper()
	session, err := h.people.SignUp(h.t.Context(), form(handle))
	if err != nil {
		h.t.Fatalf("signing up %s: %v", handle, err)
	}
	return session
}

func (h *house) viewer(secret string) accounts.Viewer {
	h.t.Helper()
	viewer, err := h.people.Viewer(h.t.Context(), secret)
	if err != nil {
		h.t.Fatal(err)
	}
	return viewer
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	if _, err := h.db.ExecContext(h.t.Context(), query, args...); err != nil {
		h.t.Fatal(err)
	}
}

// fields are the faults of a form, by field; it fails where err is another kind of no.
func fields(t *testing.T, err error) map[string]string {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid || len(refusal.Fields) == 0 {
		t.Fatalf("got %v, want faults of fields", err)
	}
	return refusal.Fields
}

func TestSignInByHandle(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.join("Wren")
	for _, login := range []string{"wren", " WREN "} {
		entry, err := h.SignIn(t.Context(), login, goodPassword, signin.From{Device: "Safari on iPhone"})
		if err != nil {
			t.Fatalf("%q: %v", login, err)
		}
		session := entry.Session
		if session.Token == first.Token || session.ID == first.ID {
			t.Errorf("%q: signing in kept an old session", login)
		}
		if got := h.viewer(session.Token).Handle; got != "Wren" {
			t.Errorf("%q signed in %q", login, got)
		}
	}
}

func TestThePasswordIsTheSameHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := form("wren")
	f.Password = "vier stille Ge\u0301rate brennen"
	if _, err := h.people.SignUp(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignIn(t.Context(), "wren", "vier stille G\u00e9rate brennen", signin.From{}); err != nil {
		t.Errorf("the composed form of the same password: %v", err)
	}
}

func TestAWrongSignInSaysTheSameForKnownAndUnknown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("wren")
	h.join("no-password")
	h.exec(`UPDATE people SET password_hash = NULL WHERE handle = 'no-password'`)
	want := ""
	for _, try := range [][2]string{
		{"wren", "not the password at all"}, {"nobody-here", goodPassword}, {"no-password", goodPassword},
		{"wren@example.org", goodPassword}, {"nobody@example.org", goodPassword}, {"not an @ address", goodPassword},
		{"wr\x00en", goodPassword}, {"wr\xffen", goodPassword}, {strings.Repeat("w", 100_000), goodPassword},
		{"wren", goodPassword + "\x00"}, {"wren", goodPassword + "\xff"}, {"wren", strings.Repeat("x", 100_000)},
		{"' OR 1=1 --", goodPassword}, {"wren?", goodPassword},
	} {
		_, err := h.SignIn(t.Context(), try[0], try[1], signin.From{})
		got := fields(t, err)["login"]
		if want == "" {
			want = got
		}
		if got != want || got == "" {
			t.Errorf("%.30q with %.30q: %q, want %q", try[0], try[1], got, want)
		}
	}
	_, err := h.SignIn(t.Context(), "", "", signin.From{})
	if got := fields(t, err); got["login"] == "" || got["password"] == "" {
		t.Errorf("nothing typed: %v", got)
	}
}

func TestAnAddressSignsInOnlyOnceConfirmed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("wren")
	signIn := func() error {
		_, err := h.SignIn(t.Context(), "Wren@Example.org", goodPassword, signin.From{})
		return err
	}
	if err := signIn(); !fault.Is(err, fault.Invalid) {
		t.Errorf("unconfirmed: %v", err)
	}
	h.exec(`UPDATE people SET email_confirmed_at = now() WHERE handle = 'wren'`)
	if err := signIn(); err != nil {
		t.Errorf("confirmed: %v", err)
	}
	f := form("sparrow")
	f.Email = "WREN@example.org"
	if _, err := h.people.SignUp(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if err := signIn(); err != nil {
		t.Errorf("another account that only names the address: %v", err)
	}
	h.exec(`UPDATE people SET email_confirmed_at = now()`)
	if err := signIn(); !fault.Is(err, fault.Invalid) {
		t.Errorf("two people confirmed it: %v", err)
	}
	if _, err := h.SignIn(t.Context(), "wren", goodPassword, signin.From{}); err != nil {
		t.Errorf("by handle: %v", err)
	}
}
