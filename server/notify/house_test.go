package notify_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is the domain on a database of its own, with what it tells of.
type house struct {
	*testing.T
	db     *db.DB
	queue  *jobs.Queue
	people *accounts.Accounts
	forum  *forum.Forum
	notify *notify.Notify
	target db.Target

	mu   sync.Mutex
	told map[string]string // the last news of each subject
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, target: testdb.Target(t).AsApp(), told: map[string]string{}}
	h.db = db.Open(h.target.WithPool(8))
	t.Cleanup(func() { _ = h.db.Close() })
	h.queue = testdb.Queue(t, h.db)
	h.people = accounts.New(h.db, h.queue, h, time.Now)
	h.forum = forum.New(h.db, h.queue, time.Now)
	h.notify = notify.New(notify.Deps{
		DB: h.db, Queue: h.queue, Accounts: h.people, Now: time.Now, Base: &url.URL{Scheme: "https", Host: "place.example"},
		Moderation: moderation.New(moderation.Deps{DB: h.db, Queue: h.queue, Accounts: h.people, Forum: h.forum, Now: time.Now}),
	})
	return h
}

// Publish is the bus.
func (h *house) Publish(subject string, data []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told[subject] = string(data)
	return nil
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	_, err := h.db.NewRaw(query, args...).Exec(h.Context())
	h.must(err)
}

// read is a number that the database knows.
func (h *house) read(query string, args ...any) int64 {
	h.Helper()
	var n int64
	h.must(h.db.NewRaw(query, args...).Scan(h.Context(), &n))
	return n
}

// join makes somebody new.
func (h *house) join(handle string, role accounts.Role) accounts.Viewer {
	h.Helper()
	tokens, err := h.people.CreatePeople(h.Context(), 1)
	h.must(err)
	viewer, err := h.people.Viewer(h.Context(), tokens[0])
	h.must(err)
	h.exec(`UPDATE people SET handle = ?0, handle_fold = lower(?0), display_name = ?0, email = ?0 || '@example.org', role = ?1 WHERE id = ?2`,
		handle, string(role), viewer.ID)
	viewer, err = h.people.Viewer(h.Context(), tokens[0])
	h.must(err)
	return viewer
}

func (h *house) member(handle string) accounts.Viewer { return h.join(handle, accounts.Member) }

// thread begins one and gives it with its first post.
func (h *house) thread(by accounts.Viewer, body string) (forum.Thread, int64) {
	h.Helper()
	thread, err := h.forum.Start(h.Context(), by, forum.Opening{Category: "relactation", Title: "Is it too late?", Body: body, Key: uuid.New()})
	h.must(err)
	return thread, h.read(`SELECT id FROM posts WHERE thread_id = ?`, thread.ID)
}

// reply adds a post that answers another; 0 answers the thread.
func (h *house) reply(by accounts.Viewer, thread forum.Thread, body string, replyTo int64) int64 {
	h.Helper()
	place, err := h.forum.Reply(h.Context(), by, forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New(), ReplyTo: replyTo})
	h.must(err)
	return place.PostID
}

// work does a job at once.
func (h *house) work(args river.JobArgs) {
	h.Helper()
	h.must(h.notify.Work(h.Context(), 1, args))
}

// kinds are what somebody was told, the oldest first; it checks that the bell counts what is not seen.
func (h *house) kinds(who accounts.Viewer) string {
	h.Helper()
	page, err := h.notify.Page(h.Context(), who, 0)
	h.must(err)
	var kinds []string
	unread := int64(0)
	for _, n := range slices.Backward(page.Notices) {
		kinds = append(kinds, string(n.Kind))
		if !n.Read() {
			unread++
		}
	}
	if bell := h.read(`SELECT coalesce((SELECT unread FROM bells WHERE person_id = ?), 0)`, who.ID); bell != unread {
		h.Errorf("the bell of %s counts %d, unseen are %d", who.Handle, bell, unread)
	}
	return strings.Join(kinds, " ")
}

// wants compares what people were told.
func (h *house) wants(wanted map[string]string, people ...accounts.Viewer) {
	h.Helper()
	for _, who := range people {
		if got := h.kinds(who); got != wanted[who.Handle] {
			h.Errorf("%s was told %q, want %q", who.Handle, got, wanted[who.Handle])
		}
	}
}

// inTx is a transaction of the test's own.
func (h *house) inTx(fn func(context.Context, *db.Tx) error) {
	h.Helper()
	h.must(h.db.InTx(h.Context(), fn))
}
