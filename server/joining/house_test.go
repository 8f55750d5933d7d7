package joining_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/joining"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is the domain on a database of its own, with a clock that the test moves; its letters come to sent.
type house struct {
	*joining.Joining
	t      *testing.T
	target db.Target
	db     *db.DB
	people *accounts.Accounts
	sent   chan mail.Letter

	mu    sync.Mutex
	clock time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	target := testdb.Target(t).AsApp()
	h := &house{t: t, target: target, db: db.Open(target.WithPool(8)), sent: make(chan mail.Letter, 10), clock: time.Now().UTC().Truncate(time.Microsecond)}
	t.Cleanup(func() { _ = h.db.Close() })
	queue, err := jobs.NewQueue(h.db)
	h.must(err)
	h.people = accounts.New(h.db, queue, h, h.now)
	h.Joining = joining.New(h.db, queue, h.people, h.now)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
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

// Publish is a bus that nobody listens to.
func (*house) Publish(string, []byte) error { return nil }

// Send takes a letter.
func (h *house) Send(_ context.Context, letter mail.Letter) error {
	h.sent <- letter
	return nil
}

// work has the workers do all that waits, and gives the letters by whom they are to.
func (h *house) work() map[string]mail.Letter {
	h.t.Helper()
	workers := river.NewWorkers()
	h.Workers(workers, h)
	running, err := jobs.Start(context.Background(), h.target, workers, slog.New(slog.DiscardHandler))
	h.must(err)
	testdb.Finish(h.t, h.db)
	h.must(running.Stop(context.Background()))
	close(h.sent)
	letters := map[string]mail.Letter{}
	for letter := range h.sent {
		letters[letter.To] = letter
	}
	return letters
}

// form is a sign-up without fault.
func form(handle string) accounts.SignUp {
	return accounts.SignUp{Handle: handle, Email: handle + "@example.org", Password: "four quiet lamps burning", Rules: true, Device: "Firefox on Android"}
}

func (h *house) join(handle string) accounts.Session {
	h.t.Helper()
	session, err := h.people.SignUp(h.t.Context(), form(handle))
	h.must(err)
	return session
}

func (h *house) viewer(token string) accounts.Viewer {
	h.t.Helper()
	viewer, err := h.people.Viewer(h.t.Context(), token)
	h.must(err)
	return viewer
}

// somebody is there and has a role.
func (h *house) somebody(handle string, role accounts.Role) accounts.Viewer {
	h.t.Helper()
	tokens, err := h.people.CreatePeople(h.t.Context(), 1)
	h.must(err)
	h.exec(`UPDATE people SET handle = ?0, handle_fold = lower(?0), role = ?1 WHERE id = ?2`, handle, string(role), h.viewer(tokens[0]).ID)
	return h.viewer(tokens[0])
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	_, err := h.db.ExecContext(h.t.Context(), query, args...)
	h.must(err)
}

func (h *house) inTx(fn func(context.Context, *db.Tx) error) {
	h.t.Helper()
	h.must(h.db.InTx(h.t.Context(), fn))
}

// wantInvitation wants a fault at the form's invitation, in these words.
func (h *house) wantInvitation(err error, words string) {
	h.t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Fields["invitation"], words) || refusal.Fields["invitation"] == "" {
		h.t.Errorf("got %v, want words with %q", err, words)
	}
}

// number reads one.
func (h *house) number(query string, args ...any) int {
	h.t.Helper()
	var n int
	if err := h.db.NewRaw(query, args...).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// audited are the verbs and kinds in the audit, the oldest first.
func (h *house) audited() []string {
	h.t.Helper()
	all := []string{}
	for _, e := range h.record() {
		all = append(all, fmt.Sprint(e.Verb, " ", e.Kind))
	}
	slices.Reverse(all)
	return all
}

func (h *house) record() []audit.Entry {
	h.t.Helper()
	page, err := audit.New(h.db).Page(h.t.Context(), 0)
	h.must(err)
	return page.Entries
}

// admitted tells whether somebody may write.
func (h *house) admitted(v accounts.Viewer) (err error) {
	h.t.Helper()
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		err = accounts.Admit(ctx, tx, v, h.now())
		return nil
	})
	return err
}
