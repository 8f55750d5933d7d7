package moderation_test

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
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is the domain with all that it judges, on a database of its own and with a clock that the test moves.
type house struct {
	*moderation.Moderation
	t         testing.TB
	db        *db.DB
	people    *accounts.Accounts
	forum     *forum.Forum
	chat      *chat.Chat
	directory *directory.Directory

	mu    sync.Mutex
	clock time.Time
	told  []string // the subjects of news
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, db: testdb.New(t), clock: time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)}
	queue := testdb.Queue(t, h.db)
	h.people = accounts.New(h.db, queue, h, h.now)
	h.forum = forum.New(h.db, queue, h.now)
	news, err := bus.Embedded("")
	h.must(err)
	t.Cleanup(news.Close)
	h.chat, err = chat.New(h.db, queue, news, nil, h.now)
	h.must(err)
	t.Cleanup(h.chat.Close)
	h.directory = directory.New(h.db, queue, h.people, h.now)
	h.Moderation = moderation.New(moderation.Deps{
		DB: h.db, Queue: queue, Accounts: h.people, Forum: h.forum, Chat: h.chat, Directory: h.directory, Now: h.now,
	})
	return h
}

// Publish keeps the news that accounts tells.
func (h *house) Publish(subject string, _ []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, subject)
	return nil
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

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	_, err := h.db.NewRaw(query, args...).Exec(h.t.Context())
	h.must(err)
}

// count is a number asked of Postgres itself.
func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	var n int
	h.must(h.db.NewRaw(query, args...).Scan(context.Background(), &n))
	return n
}

// somebody joins and has a role.
func (h *house) somebody(handle string, role accounts.Role) accounts.Viewer {
	h.t.Helper()
	tokens, err := h.people.CreatePeople(h.t.Context(), 1)
	h.must(err)
	v, err := h.people.Viewer(h.t.Context(), tokens[0])
	h.must(err)
	h.exec(`UPDATE people SET handle = ?0, handle_fold = lower(?0), display_name = ?0, role = ?1 WHERE id = ?2`, handle, string(role), v.ID)
	v, err = h.people.Viewer(h.t.Context(), tokens[0])
	h.must(err)
	return v
}

func (h *house) member(handle string) accounts.Viewer {
	return h.somebody(handle, accounts.Member)
}
func (h *house) moderator(handle string) accounts.Viewer {
	return h.somebody(handle, accounts.Moderator)
}

// post begins a thread and gives it with its first post.
func (h *house) post(by accounts.Viewer, body string) (forum.Thread, moderation.Target) {
	h.t.Helper()
	thread, err := h.forum.Start(h.t.Context(), by, forum.Opening{Category: "relactation", Title: "Is it too late?", Body: body, Key: uuid.New()})
	h.must(err)
	id := h.count(`SELECT id FROM posts WHERE thread_id = ?`, thread.ID)
	return thread, moderation.Target{Kind: audit.Post, ID: int64(id)}
}

// reply adds a post.
func (h *house) reply(by accounts.Viewer, thread forum.Thread, body string) moderation.Target {
	h.t.Helper()
	place, err := h.forum.Reply(h.t.Context(), by, forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New()})
	h.must(err)
	return moderation.Target{Kind: audit.Post, ID: place.PostID}
}

// say puts a message into the lounge.
func (h *house) say(by accounts.Viewer, body string) moderation.Target {
	h.t.Helper()
	ack, err := h.chat.Send(h.t.Context(), by, lineOf(body))
	h.must(err)
	return moderation.Target{Kind: audit.Message, ID: ack.N, Slug: "lounge"}
}

// report reports something and gives its case.
func (h *house) report(by accounts.Viewer, t moderation.Target, reason audit.Reason) int64 {
	h.t.Helper()
	s, err := h.Report(h.t.Context(), by, t, reason, "")
	h.must(err)
	return int64(h.count(`SELECT id FROM cases WHERE kind = ? AND object_id = ? AND room_id = ?`, s.Kind, s.ObjectID, s.RoomID))
}

// look opens a case.
func (h *house) look(by accounts.Viewer, id int64) moderation.Page {
	h.t.Helper()
	p, err := h.Case(h.t.Context(), by, id)
	h.must(err)
	return p
}

func (h *house) version(id int64) int { return h.count(`SELECT version FROM cases WHERE id = ?`, id) }

// take claims a case as it is now.
func (h *house) take(by accounts.Viewer, id int64) {
	h.t.Helper()
	h.must(h.Claim(h.t.Context(), by, id, h.version(id)))
}

// decide takes a case where nobody has it, and decides.
func (h *house) decide(by accounts.Viewer, id int64, d moderation.Decision) error {
	h.t.Helper()
	if h.count(`SELECT count(*) FROM cases WHERE id = ? AND claimed_by = ? AND claimed_until > ?`, id, by.ID, h.now()) == 0 {
		h.take(by, id)
	}
	return h.Decide(h.t.Context(), by, id, h.version(id), d)
}

// decided is decide that must succeed; it gives the decision.
func (h *house) decided(by accounts.Viewer, id int64, d moderation.Decision) int64 {
	h.t.Helper()
	h.must(h.decide(by, id, d))
	return int64(h.count(`SELECT max(id) FROM decisions WHERE case_id = ?`, id))
}

func hide() moderation.Decision {
	return moderation.Decision{Action: audit.Hide, Reason: audit.Unkind, Note: "Please be kinder."}
}

// record are the entries of the audit as "verb kind object", the oldest first, without those of mere looking.
func (h *house) record() []audit.Entry {
	h.t.Helper()
	page, err := audit.New(h.db).Page(h.t.Context(), 0)
	h.must(err)
	slices.Reverse(page.Entries)
	return slices.DeleteFunc(page.Entries, func(e audit.Entry) bool { return e.Verb == audit.Open })
}

func (h *house) verbs() []audit.Verb {
	h.t.Helper()
	var verbs []audit.Verb
	for _, e := range h.record() {
		verbs = append(verbs, e.Verb)
	}
	return verbs
}

// jobs counts the jobs of a kind.
func (h *house) jobs(kind string) int {
	h.t.Helper()
	return h.count(`SELECT count(*) FROM river_job WHERE kind = ?`, kind)
}

// refused wants a refusal of this kind.
func refused(t testing.TB, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: got %v, want a fault of kind %d", what, err, kind)
	}
}

// faulty names the fields at fault, sorted.
func faulty(err error) []string {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return nil
	}
	return slices.Sorted(maps.Keys(refusal.Fields))
}

// applied is a consultant whose credential waits to be checked.
func (h *house) applied(handle string) directory.Consultant {
	h.t.Helper()
	c, err := h.directory.Apply(h.t.Context(), h.member(handle), directory.Application{
		Listing: directory.Listing{
			Name: handle + " Bakker", Text: "Relactation and supplementers. No hurry.", Telehealth: true, Languages: []string{"nl"},
			Specialties: []string{"relactation"}, Accepting: true, Places: []directory.Place{{City: "Utrecht", Country: "NL", Accepting: true}},
		},
		Type: directory.IBCLC, Number: "L-" + handle, Country: "Netherlands",
	})
	h.must(err)
	return c
}

// consultant is one who is listed.
func (h *house) consultant(handle string) directory.Consultant {
	h.t.Helper()
	c := h.applied(handle)
	h.must(h.directory.Verify(h.t.Context(), h.somebody("verifier-of-"+handle, accounts.Administrator), directory.Verification{
		ConsultantID: c.ID, Number: "L-" + handle, Country: "Netherlands", Expires: h.now().AddDate(1, 0, 0).Format(time.DateOnly),
	}))
	return c
}

func lineOf(body string) chat.Line {
	return chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: body}
}
