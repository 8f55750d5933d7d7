package leaving_test

import (
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/leaving"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/blob"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is everything that holds something of people, on a database and a folder of its own, with a clock that the test moves.
type house struct {
	*testing.T
	target db.Target
	folder string // of the files
	db     *db.DB
	queue  *jobs.Queue
	deps   leaving.Deps
	*leaving.Leaving

	mu    sync.Mutex
	clock time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return houseOn(t, testdb.Target(t), t.TempDir())
}

// houseOn opens a house on a database and a folder that are there.
func houseOn(t *testing.T, target db.Target, folder string) *house {
	t.Helper()
	h := &house{T: t, target: target, folder: folder, clock: time.Now().UTC().Truncate(time.Microsecond)}
	h.db = db.Open(h.target.WithPool(8).AsApp())
	t.Cleanup(func() { _ = h.db.Close() })
	h.queue = testdb.Queue(t, h.db)
	news, err := bus.Embedded("")
	h.must(err)
	t.Cleanup(news.Close)
	base, err := url.Parse("https://place.example")
	h.must(err)
	d := leaving.Deps{DB: h.db, Queue: h.queue, Base: base, Now: h.now}
	d.Accounts = accounts.New(h.db, h.queue, news, h.now)
	d.Forum = forum.New(h.db, h.queue, h.now)
	d.Chat, err = chat.New(h.db, h.queue, news, nil, h.now)
	h.must(err)
	t.Cleanup(d.Chat.Close)
	d.Directory = directory.New(h.db, h.queue, d.Accounts, h.now)
	d.Moderation = moderation.New(moderation.Deps{
		DB: h.db, Queue: h.queue, Accounts: d.Accounts, Forum: d.Forum, Chat: d.Chat, Directory: d.Directory, Now: h.now,
	})
	d.Notify = notify.New(notify.Deps{DB: h.db, Queue: h.queue, Accounts: d.Accounts, Moderation: d.Moderation, Base: base, Now: h.now})
	d.Blobs, err = blob.Folder(folder)
	h.must(err)
	t.Cleanup(func() { _ = d.Blobs.Close() })
	d.Letters, err = mail.NewFolder(t.TempDir())
	h.must(err)
	h.deps, h.Leaving = d, leaving.New(d)
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

func (h *house) count(query string, args ...any) int {
	h.Helper()
	var n int
	h.must(h.db.NewRaw(query, args...).Scan(h.Context(), &n))
	return n
}

func (h *house) text(query string, args ...any) string {
	h.Helper()
	var s string
	h.must(h.db.NewRaw(query, args...).Scan(h.Context(), &s))
	return s
}

// somebody joins and has a role.
func (h *house) somebody(handle string, role accounts.Role) accounts.Viewer {
	h.Helper()
	tokens, err := h.deps.Accounts.CreatePeople(h.Context(), 1)
	h.must(err)
	v, err := h.deps.Accounts.Viewer(h.Context(), tokens[0])
	h.must(err)
	h.exec(`UPDATE people SET handle = ?0, handle_fold = lower(?0), display_name = ?0, role = ?1 WHERE id = ?2`, handle, string(role), v.ID)
	v, err = h.deps.Accounts.Viewer(h.Context(), tokens[0])
	h.must(err)
	return v
}

func (h *house) member(handle string) accounts.Viewer { return h.somebody(handle, accounts.Member) }

// thread begins one, and gives its first post.
func (h *house) thread(by accounts.Viewer, title, body string) (forum.Thread, int64) {
	h.Helper()
	thread, err := h.deps.Forum.Start(h.Context(), by, forum.Opening{Category: "relactation", Title: title, Body: body, Key: uuid.New()})
	h.must(err)
	return thread, int64(h.count(`SELECT id FROM posts WHERE thread_id = ? AND n = 1`, thread.ID))
}

// reply answers in a thread; quoting names a post that its quoted lines come from, or 0.
func (h *house) reply(by accounts.Viewer, thread forum.Thread, body string, quoting int64) int64 {
	h.Helper()
	a := forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New(), Quote: forum.Quote{PostID: quoting}}
	place, err := h.deps.Forum.Reply(h.Context(), by, a)
	h.must(err)
	if quotes := h.count(`SELECT count(*) FROM quotes WHERE post_id = ?`, place.PostID); quotes == 1 != (quoting != 0) {
		h.Fatalf("post %d has %d quotes", place.PostID, quotes)
	}
	return place.PostID
}

func (h *house) say(by accounts.Viewer, body string) int64 {
	h.Helper()
	ack, err := h.deps.Chat.Send(h.Context(), by, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: body})
	h.must(err)
	return ack.N
}

func (h *house) body(postID int64) string {
	h.Helper()
	return h.text(`SELECT body FROM posts WHERE id = ?`, postID)
}

// report reports something and gives its case.
func (h *house) report(by accounts.Viewer, of moderation.Target, note string) int64 {
	h.Helper()
	s, err := h.deps.Moderation.Report(h.Context(), by, of, audit.Unkind, note)
	h.must(err)
	return int64(h.count(`SELECT id FROM cases WHERE kind = ? AND object_id = ? AND room_id = ?`, string(s.Kind), s.ObjectID, s.RoomID))
}

// decide takes a case and decides it.
func (h *house) decide(by accounts.Viewer, caseID int64, action audit.Verb, note string) int64 {
	h.Helper()
	version := func() int { return h.count(`SELECT version FROM cases WHERE id = ?`, caseID) }
	h.must(h.deps.Moderation.Claim(h.Context(), by, caseID, version()))
	h.must(h.deps.Moderation.Decide(h.Context(), by, caseID, version(), moderation.Decision{Action: action, Reason: audit.Unkind, Note: note}))
	return int64(h.count(`SELECT max(id) FROM decisions WHERE case_id = ?`, caseID))
}

// leave has somebody leave, and the seven days pass.
func (h *house) leave(who accounts.Viewer, parting accounts.Parting) {
	h.Helper()
	h.must(h.Leave(h.Context(), who, parting))
	h.pass(leaving.Grace)
	h.must(h.WorkDue(h.Context(), who.ID))
}

// work does the waiting jobs of one kind that moderators' decisions left, whenever they are due.
func (h *house) work(kind string) {
	h.Helper()
	h.exec(`UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE kind <> ?`, kind)
	h.exec(`UPDATE river_job SET state = 'available', scheduled_at = now() WHERE kind = ?`, kind)
	workers := river.NewWorkers()
	h.deps.Moderation.Workers(workers)
	running, err := jobs.Start(h.Context(), h.target.AsApp(), workers, slog.New(slog.DiscardHandler))
	h.must(err)
	defer func() { h.must(running.Stop(h.Context())) }()
	for deadline := time.Now().Add(20 * time.Second); h.count(`SELECT count(*) FROM river_job WHERE finalized_at IS NULL`) > 0; {
		if time.Now().After(deadline) {
			h.Fatalf("%s was not worked on", kind)
		}
		select {
		case <-h.Context().Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// kinds are the jobs that wait about a person.
func (h *house) kinds(personID int64) []string {
	h.Helper()
	var kinds []string
	h.must(h.db.NewRaw(`SELECT kind FROM river_job WHERE (args->>'person_id')::bigint = ? ORDER BY kind`, personID).Scan(h.Context(), &kinds))
	return slices.Compact(kinds)
}
