package search_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/search"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var guest = accounts.Viewer{}

// house is a forum with its search, on a database of its own and with a clock that the test moves.
type house struct {
	*search.Search
	t     *testing.T
	db    *db.DB
	forum *forum.Forum

	mu    sync.Mutex
	clock time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, db: testdb.New(t), clock: time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)}
	h.forum = forum.New(h.db, testdb.Queue(t, h.db), h.now)
	h.Search = search.New(h.db, h.now)
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

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// run sends a statement to Postgres itself.
func (h *house) run(statement string, args ...any) {
	h.t.Helper()
	_, err := h.db.NewRaw(statement, args...).Exec(h.t.Context())
	h.must(err)
}

// person joins.
func (h *house) person(handle string) accounts.Viewer {
	h.t.Helper()
	v := accounts.Viewer{Handle: handle, Name: handle, Role: accounts.Member, Label: accounts.Peer}
	h.must(h.db.NewRaw(`INSERT INTO people (handle, handle_fold, display_name, email, role)
		VALUES (?0, lower(?0), ?0, ?0 || '@example.org', 'member') RETURNING id`, handle).Scan(h.t.Context(), &v.ID))
	return v
}

func (h *house) moderator(handle string) accounts.Viewer {
	h.t.Helper()
	v := h.person(handle)
	v.Role = accounts.Moderator
	h.run(`UPDATE people SET role = 'moderator' WHERE id = ?`, v.ID)
	return v
}

// judge hides a post, removes or restores it.
func (h *house) judge(verb audit.Verb, by accounts.Viewer, postID int64) {
	h.t.Helper()
	h.must(h.db.InTx(h.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.forum.Carry(ctx, tx, by, forum.Order{Verb: verb, PostID: postID, Reason: audit.Unkind})
	}))
}

// count is a number asked of Postgres itself.
func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	var n int
	h.must(h.db.NewRaw(query, args...).Scan(h.t.Context(), &n))
	return n
}
