package accounts_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const goodPassword = "four quiet lamps burning"

// house is the domain on a database of its own, with a clock that the test moves and a bus that
// writes down what was told.
type house struct {
	*accounts.Accounts
	t  *testing.T
	db *db.DB

	mu    sync.Mutex
	clock time.Time
	told  []string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return houseOn(t, testdb.New(t))
}

func houseOn(t *testing.T, database *db.DB) *house {
	t.Helper()
	queue, err := jobs.NewQueue(database)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: database, clock: time.Now().UTC().Truncate(time.Microsecond)}
	h.Accounts = accounts.New(database, queue, h, h.now)
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

func (h *house) heard() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.told...)
}

// form is a sign-up without fault.
func form(handle string) accounts.SignUp {
	return accounts.SignUp{Handle: handle, Email: handle + "@example.org", Password: goodPassword, Rules: true, Device: "Firefox on Android"}
}

func (h *house) join(handle string) accounts.Session {
	h.t.Helper()
	session, err := h.SignUp(h.t.Context(), form(handle))
	if err != nil {
		h.t.Fatalf("signing up %s: %v", handle, err)
	}
	return session
}

// open signs somebody in once more.
func (h *house) open(personID int64) accounts.Session {
	h.t.Helper()
	var session accounts.Session
	h.inTx(func(ctx context.Context, tx *db.Tx) (err error) {
		session, err = h.OpenSession(ctx, tx, accounts.Opening{PersonID: personID, Device: "Firefox on Linux", SecondFactor: true})
		return err
	})
	return session
}

func (h *house) viewer(token string) accounts.Viewer {
	h.t.Helper()
	viewer, err := h.Viewer(h.t.Context(), token)
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

func (h *house) count(table string) int {
	h.t.Helper()
	n, err := h.db.NewSelect().Table(table).Count(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return int(n)
}

func (h *house) inTx(fn func(context.Context, *db.Tx) error) {
	h.t.Helper()
	if err := h.db.InTx(h.t.Context(), fn); err != nil {
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

func wantFault(t *testing.T, err error, field, words string) {
	t.Helper()
	if got := fields(t, err)[field]; !strings.Contains(got, words) {
		t.Errorf("%s: got %q, want words with %q", field, got, words)
	}
}
