package demo_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/demo"
	"firstdrops/server/forum"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/signin"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is a database of its own, with the demo in it or not.
type house struct {
	*testing.T
	db  *db.DB
	now time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return &house{T: t, db: testdb.New(t), now: time.Now()}
}

func filled(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	if err := h.fill(); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) fill() error {
	return demo.Fill(h.Context(), h.db, testdb.Queue(h.T, h.db), h.now)
}

func (h *house) count(query string, args ...any) int {
	h.Helper()
	var n int
	if err := h.db.NewRaw(query, args...).Scan(context.Background(), &n); err != nil {
		h.Fatalf("%s: %v", query, err)
	}
	return n
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	if _, err := h.db.ExecContext(context.Background(), query, args...); err != nil {
		h.Fatal(err)
	}
}

func (h *house) want(n int, what, query string, args ...any) {
	h.Helper()
	if got := h.count(query, args...); got != n {
		h.Errorf("%s: %d, want %d", what, got, n)
	}
}

// viewer signs somebody in with the demo's password, and staff with a code of the demo's secret, as a form does.
func (h *house) viewer(handle string) accounts.Viewer {
	h.Helper()
	queue := testdb.Queue(h.T, h.db)
	people := accounts.New(h.db, queue, silence{}, time.Now)
	door := signin.New(signin.Deps{DB: h.db, Queue: queue, Accounts: people, Now: time.Now})
	entry, err := door.SignIn(h.Context(), handle, demo.Password, signin.From{})
	if err == nil && entry.Half.Token != "" {
		h.exec(`UPDATE totps SET last_step = 0`) // whom the test asks for twice need not wait for the next code
		entry, err = door.FinishSignIn(h.Context(), entry.Half.Token, h.code(), signin.From{})
	}
	if err != nil {
		h.Fatalf("%s: %v", handle, err)
	}
	v, err := people.Viewer(h.Context(), entry.Session.Token)
	if err != nil || v.Handle != handle {
		h.Fatalf("%s is %+v (%v)", handle, v, err)
	}
	return v
}

// code is what an app with the demo's secret shows now.
func (h *house) code() string {
	h.Helper()
	code, err := totp.GenerateCode(demo.Secret, time.Now())
	if err != nil {
		h.Fatal(err)
	}
	return code
}

type silence struct{}

func (silence) Publish(string, []byte) error { return nil }

// TestTheDemo fills one database, and looks at it from all sides.
func TestTheDemo(t *testing.T) {
	t.Parallel()
	h := filled(t)
	for name, test := range map[string]func(*testing.T, *house){
		"the community is whole":           isWhole,
		"filled is like lived":             isLikeLived,
		"every thread and room is read":    isRead,
		"five come in with their password": signsIn,
	} {
		t.Run(name, func(t *testing.T) {
			in := *h
			in.T = t
			test(t, &in)
		})
	}
}

func isWhole(t *testing.T, h *house) {
	for what, c := range map[string]struct {
		want  int
		query string
	}{
		"threads":                {45, `SELECT count(*) FROM threads`},
		"posts that stand":       {300, `SELECT sum(posts) FROM threads`},
		"categories in use":      {9, `SELECT count(DISTINCT category_id) FROM threads`},
		"rooms in use":           {3, `SELECT count(DISTINCT room_id) FROM messages`},
		"messages":               {100, `SELECT count(*) FROM messages`},
		"people who wrote":       {20, `SELECT count(DISTINCT author_id) FROM posts`},
		"people who can sign in": {5, `SELECT count(*) FROM people WHERE password_hash IS NOT NULL`},
		"labels on posts":        {4, `SELECT count(DISTINCT label) FROM posts`},
		"threads without answer": {2, `SELECT count(*) FROM threads WHERE replies = 0`},
		"pinned":                 {2, `SELECT count(*) FROM threads WHERE pinned_at IS NOT NULL`},
		"quotes":                 {2, `SELECT count(*) FROM quotes`},
		"a notice of a dose":     {1, `SELECT count(*) FROM post_notices WHERE rule_id = 'domperidone' AND dosed`},
		"a notice of nappies":    {1, `SELECT min(1) FROM post_notices WHERE rule_id = 'baby-nappies'`},
		"words of danger":        {0, `SELECT count(*) FROM post_notices WHERE rule_id = 'crisis'`},
		"consultants listed":     {12, `SELECT count(*) FROM consultants`},
		"credentials that hold":  {10, `SELECT count(*) FROM credentials WHERE status = 'verified' AND expires_at > now()`},
		"one that has ended":     {1, `SELECT count(*) FROM credentials WHERE status = 'verified' AND expires_at <= now()`},
		"one that waits":         {1, `SELECT count(*) FROM credentials WHERE status = 'pending'`},
		"cities on the map":      {13, `SELECT count(*) FROM places WHERE lat IS NOT NULL`},
		"labels worn now":        {11, `SELECT count(*) FROM labels WHERE valid_until IS NULL OR valid_until > now()`},
		"severities that wait":   {4, `SELECT count(DISTINCT severity) FROM cases WHERE closed_at IS NULL AND kind <> 'credential'`},
		"cases that wait":        {4, `SELECT count(*) FROM cases WHERE closed_at IS NULL AND kind <> 'credential'`},
		"credentials to check":   {1, `SELECT count(*) FROM cases WHERE closed_at IS NULL AND kind = 'credential'`},
		"closed cases":           {4, `SELECT count(*) FROM cases WHERE closed_at IS NOT NULL`},
		"kinds of decisions":     {4, `SELECT count(DISTINCT action) FROM decisions`},
		"a hidden post":          {1, `SELECT count(*) FROM posts WHERE hidden_at IS NOT NULL`},
		"a message taken away":   {1, `SELECT count(*) FROM messages WHERE hidden_at IS NOT NULL`},
		"a locked thread":        {1, `SELECT count(*) FROM threads WHERE locked_at IS NOT NULL`},
		"requests":               {5, `SELECT count(*) FROM contact_requests`},
		"requests answered":      {3, `SELECT count(*) FROM contact_requests WHERE answered_at IS NOT NULL`},
		"kinds of notices":       {10, `SELECT count(DISTINCT kind) FROM notices`},
		"bells that ring":        {1, `SELECT min(1) FROM bells WHERE unread > 0`},
		"kinds of reactions":     {4, `SELECT count(DISTINCT kind) FROM reactions`},
		"what is not past":       {0, `SELECT (SELECT count(*) FROM posts WHERE created_at > now()) + (SELECT count(*) FROM messages WHERE at > now())`},
	} {
		h.want(c.want, what, c.query)
	}
}

// isLikeLived: what is counted twice, there and here, agrees, as after the operations themselves.
func isLikeLived(t *testing.T, h *house) {
	for what, query := range map[string]string{
		"threads whose counts are wrong": `SELECT count(*) FROM threads t JOIN (
			SELECT thread_id, count(*) FILTER (WHERE stands) AS posts, max(n) AS last_n, count(*) AS all_n, max(created_at) FILTER (WHERE stands) AS last, min(created_at) AS first
			FROM posts GROUP BY thread_id) s ON s.thread_id = t.id
			WHERE t.posts <> s.posts OR t.last_n <> s.last_n OR s.all_n <> s.last_n OR t.active_at <> s.last OR t.created_at <> s.first`,
		"posts out of order":       `SELECT count(*) FROM posts a JOIN posts b ON b.thread_id = a.thread_id AND b.n > a.n AND b.created_at < a.created_at`,
		"ids out of order":         `SELECT count(*) FROM posts a JOIN posts b ON b.id > a.id AND b.created_at < a.created_at`,
		"words before they came":   `SELECT count(*) FROM posts s JOIN people p ON p.id = s.author_id WHERE s.created_at < p.created_at`,
		"talk before they came":    `SELECT count(*) FROM messages m JOIN people p ON p.id = m.author_id WHERE m.at < p.created_at`,
		"messages out of order":    `SELECT count(*) FROM messages a JOIN messages b ON b.room_id = a.room_id AND b.n > a.n AND b.at < a.at`,
		"rooms whose n is wrong":   `SELECT count(*) FROM room_counters c JOIN rooms r ON r.id = c.room_id WHERE c.n <> (SELECT count(*) FROM messages WHERE room_id = c.room_id)`,
		"rooms whose seq is wrong": `SELECT count(*) FROM room_counters c WHERE c.seq <> (SELECT count(*) + count(hidden_at) FROM messages WHERE room_id = c.room_id)`,
		"revs given twice":         `SELECT count(*) - count(DISTINCT (room_id, rev)) FROM messages`,
		"notices nobody is noted":  `SELECT count(*) FROM posts s WHERE s.noticed <> EXISTS (SELECT FROM post_notices WHERE post_id = s.id)`,
		"posts that nobody watches": `SELECT count(*) FROM posts s WHERE NOT EXISTS (
			SELECT FROM watches w WHERE w.person_id = s.author_id AND w.thread_id = s.thread_id)`,
		"labels worn without being given": `SELECT count(*) FROM posts s WHERE s.label IN ('ibclc', 'supporter') AND NOT EXISTS (
			SELECT FROM labels l WHERE l.person_id = s.author_id AND l.label = s.label AND l.valid_from <= s.created_at AND (l.valid_until IS NULL OR l.valid_until > s.created_at))`,
		"moderators who are none": `SELECT count(*) FROM posts s JOIN people p ON p.id = s.author_id WHERE s.label = 'moderator' AND p.role NOT IN ('moderator', 'administrator')`,
		"people who will be told": `SELECT count(*) FROM river_job WHERE kind NOT LIKE 'accounts.label%'`,
		"bells that ring wrongly": `SELECT count(*) FROM people p LEFT JOIN bells b ON b.person_id = p.id
			WHERE coalesce(b.unread, 0) <> (SELECT count(*) FROM notices n WHERE n.person_id = p.id AND n.read_at IS NULL)`,
		"notices out of order":    `SELECT count(*) FROM notices a JOIN notices b ON b.id > a.id AND b.at < a.at`,
		"told of their own words": `SELECT count(*) FROM notices n JOIN posts s ON s.id = n.object_id AND s.author_id = n.person_id WHERE n.kind IN ('mention', 'answer', 'reply')`,
	} {
		h.want(0, what, query)
	}
	if _, err := audit.New(h.db).Verify(t.Context()); err != nil {
		t.Error(err)
	}
	h.want(0, "names that are nobody's own", `SELECT count(*) FROM people p WHERE lower(p.display_name) <> p.handle_fold
		AND NOT EXISTS (SELECT FROM names n WHERE n.person_id = p.id AND n.kind = 'display')`)
	h.want(0, "audit entries out of order", `SELECT count(*) FROM audit_entries a JOIN audit_entries b ON b.id > a.id AND b.at < a.at`)
	h.want(2, "moderators made, and written down", `SELECT count(*) FROM audit_entries WHERE verb = 'make_moderator'`)
}

func isRead(t *testing.T, h *house) {
	river := h.viewer("river")
	var ids []int64
	if err := h.db.NewRaw(`SELECT id FROM threads`).Scan(t.Context(), &ids); err != nil {
		t.Fatal(err)
	}
	f := forum.New(h.db, testdb.Queue(t, h.db), time.Now)
	read := 0
	for _, id := range ids {
		for after, more := 0, true; more; {
			page, err := f.Page(t.Context(), river, id, after)
			if err != nil || len(page.Posts) == 0 {
				t.Fatalf("thread %d after %d: %v", id, after, err)
			}
			for _, p := range page.Posts {
				if p.HTML == "" || p.AuthorName == "" {
					t.Errorf("post %d reads %+v", p.ID, p)
				}
			}
			read += len(page.Posts)
			if more = page.More; more {
				after = page.Next()
			}
		}
	}
	if read != 300 {
		t.Errorf("%d posts are read", read)
	}
	h.readRooms(river)
}

func (h *house) readRooms(viewer accounts.Viewer) {
	h.Helper()
	news, err := bus.Embedded("")
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(news.Close)
	rooms, err := chat.New(h.db, testdb.Queue(h.T, h.db), news, nil, time.Now)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(rooms.Close)
	for room, want := range map[string]int{"lounge": 40, "pump-together": 30, "night-feeds": 30} {
		page, err := rooms.History(h.Context(), viewer, room, chat.Span{Limit: 100})
		if err != nil || len(page.Messages) != want {
			h.Errorf("%s: %d messages (%v), want %d", room, len(page.Messages), err, want)
		}
		for _, m := range page.Messages {
			if m.HTML == "" && !m.Deleted {
				h.Errorf("%s: message %d says nothing", room, m.N)
			}
		}
	}
}

func signsIn(t *testing.T, h *house) {
	for handle, want := range map[string]struct {
		role  accounts.Role
		label accounts.Label
	}{
		"river": {accounts.Member, accounts.Peer}, "sol": {accounts.Member, accounts.Peer},
		"mod-maya": {accounts.Moderator, accounts.Peer}, "ibclc-june": {accounts.Consultant, accounts.IBCLC},
		"admin-ada": {accounts.Administrator, accounts.Peer},
	} {
		if v := h.viewer(handle); v.Role != want.role || v.Label != want.label {
			t.Errorf("%s comes in as %s, %s", handle, v.Role, v.Label)
		}
	}
}

// everything is a number for each table, to see whether anything was written.
func (h *house) everything() string {
	h.Helper()
	var tables []string
	err := h.db.NewRaw(`SELECT table_name FROM information_schema.tables
		WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'river%' ORDER BY 1`).Scan(h.Context(), &tables)
	if err != nil {
		h.Fatal(err)
	}
	var all strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&all, "%s %d\n", table, h.count(`SELECT count(*) FROM `+table))
	}
	return all.String()
}

func TestFilledTwiceIsFilledOnce(t *testing.T) {
	t.Parallel()
	h := filled(t)
	before := h.everything()
	h.now = h.now.Add(48 * time.Hour)
	if err := h.fill(); err != nil {
		t.Fatal(err)
	}
	if after := h.everything(); after != before {
		t.Errorf("it held\n%sand holds\n%s", before, after)
	}
}

// TestTwoNodesFillOnce: the one that comes second waits, and finds it filled.
func TestTwoNodesFillOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	filled := make(chan error, 2)
	for range 2 {
		go func() { filled <- h.fill() }()
	}
	for range 2 {
		if err := <-filled; err != nil {
			t.Error(err)
		}
	}
	h.want(45, "threads", `SELECT count(*) FROM threads`)
}

func TestOtherPeoplesDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.exec(`INSERT INTO people (handle, handle_fold, display_name, email) VALUES ('wren', 'wren', 'wren', 'wren@example.org')`)
	before := h.everything()
	err := h.fill()
	if !errors.Is(err, demo.ErrInhabited) || !strings.Contains(err.Error(), "FIRSTDROPS_DATA") || !strings.Contains(err.Error(), "DATABASE_URL") {
		t.Errorf("it is refused with %v", err)
	}
	if after := h.everything(); after != before {
		t.Errorf("it held\n%sand holds\n%s", before, after)
	}
}

// TestHalfADemoIsNone: what fails at its end leaves nothing, and may be tried again.
func TestHalfADemoIsNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before := h.everything()
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE posts ADD CONSTRAINT few CHECK (n < 23)`)
	if err := h.fill(); err == nil || !strings.Contains(err.Error(), ".txt:") {
		t.Errorf("the failure names no line of the words: %v", err)
	}
	if after := h.everything(); after != before {
		t.Errorf("it held\n%sand holds\n%s", before, after)
	}
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE posts DROP CONSTRAINT few`)
	if err := h.fill(); err != nil {
		t.Error(err)
	}
}
