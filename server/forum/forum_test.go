package forum_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is the domain on a database of its own, with a clock that the test moves.
type house struct {
	*forum.Forum
	t  *testing.T
	db *db.DB

	mu    sync.Mutex
	clock time.Time
}

var guest = accounts.Viewer{}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, db: testdb.New(t), clock: time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)}
	h.Forum = forum.New(h.db, testdb.Queue(t, h.db), h.now)
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

// person joins.
func (h *house) person(handle string) accounts.Viewer {
	h.t.Helper()
	v := accounts.Viewer{Handle: handle, Name: handle, Role: accounts.Member, Label: accounts.Peer}
	err := h.db.NewRaw(`INSERT INTO people (handle, handle_fold, display_name, email, role)
		VALUES (?, ?, ?, ?, 'member') RETURNING id`, handle, handle, handle, handle+"@example.org").Scan(context.Background(), &v.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// thread begins one.
func (h *house) thread(by accounts.Viewer, category, title string) forum.Thread {
	h.t.Helper()
	thread, err := h.Start(h.t.Context(), by, forum.Opening{Category: category, Title: title, Body: "How it began.", Key: uuid.New()})
	if err != nil {
		h.t.Fatal(err)
	}
	return thread
}

// reply adds a post and gives its place.
func (h *house) reply(by accounts.Viewer, thread forum.Thread, body string) forum.Place {
	h.t.Helper()
	place, err := h.Reply(h.t.Context(), by, forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New()})
	if err != nil {
		h.t.Fatal(err)
	}
	return place
}

// page reads the posts after a number.
func (h *house) page(by accounts.Viewer, thread forum.Thread, after int) forum.Page {
	h.t.Helper()
	page, err := h.Page(h.t.Context(), by, thread.ID, after)
	if err != nil {
		h.t.Fatal(err)
	}
	return page
}

// post is the post at a place, with its body.
func (h *house) post(by accounts.Viewer, place forum.Place) forum.Post {
	h.t.Helper()
	post, err := h.Post(h.t.Context(), by, place.PostID)
	if err != nil {
		h.t.Fatal(err)
	}
	return post
}

// count is a number asked of Postgres itself.
func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	var n int
	if err := h.db.NewRaw(query, args...).Scan(context.Background(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// refused wants a refusal of this kind.
func refused(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: got %v, want a fault of kind %d", what, err, kind)
	}
}

func numbers(posts []forum.Post) []int {
	var all []int
	for _, p := range posts {
		all = append(all, p.N)
	}
	return all
}

// faultyFields names the fields at fault, sorted.
func faultyFields(err error) []string {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return nil
	}
	return slices.Sorted(maps.Keys(refusal.Fields))
}
