package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"firstdrops/server/accounts"
	"firstdrops/server/accounts/settings"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/groups"
	"firstdrops/server/joining"
	"firstdrops/server/leaving"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/blob"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/search"
	"firstdrops/server/signin"
	wordrules "firstdrops/server/words"
	"firstdrops/web"
	"firstdrops/web/live"
	"firstdrops/web/page"
)

// update writes routes.golden anew.
var update = flag.Bool("update", false, "write routes.golden as the routes are now")

// asideLog is what was logged past the site's own logger, by all tests.
var asideLog record

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(&asideLog, nil)))
	testdb.Main(m)
}

// opened is the moment at which the clock of a house stands.
var opened = time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)

// house is the whole site on a database of its own, served on a port.
type house struct {
	testing.TB
	target     db.Target
	db         *db.DB
	letters    *mail.Folder
	accounts   *accounts.Accounts
	signin     *signin.Signin
	groups     *groups.Groups
	forum      *forum.Forum
	chat       *chat.Chat
	directory  *directory.Directory
	joining    *joining.Joining
	moderation *moderation.Moderation
	notify     *notify.Notify
	leaving    *leaving.Leaving
	echo       *echo.Echo
	table      []string // method, path and guard of each route
	base       *url.URL
	metrics    *prometheus.Registry
	log        *record
	transport  http.RoundTripper
}

func newHouse(t testing.TB) *house { return newHouseBy(t, "http", 8) }

// newHouseBy is a house with so many connections to its database.
func newHouseBy(t testing.TB, scheme string, connections int) *house {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	h := &house{
		TB: t, target: testdb.Target(t).WithPool(connections).AsApp(), metrics: prometheus.NewRegistry(), log: &record{},
		base: &url.URL{Scheme: scheme, Host: server.Listener.Addr().String()},
	}
	h.db = db.Open(h.target)
	t.Cleanup(func() { _ = h.db.Close() })
	now := func() time.Time { return opened }
	news, err := bus.Embedded("")
	h.must(err)
	t.Cleanup(news.Close)
	queue, err := jobs.NewQueue(h.db)
	h.must(err)
	h.accounts, h.forum = accounts.New(h.db, queue, news, now), forum.New(h.db, queue, now)
	h.groups = groups.New(h.db, h.accounts, now)
	h.chat, err = chat.New(h.db, queue, news, nil, now)
	h.must(err)
	t.Cleanup(h.chat.Close)
	h.joining = joining.New(h.db, queue, h.accounts, now)
	h.directory = directory.New(h.db, queue, h.accounts, now)
	h.moderation = moderation.New(moderation.Deps{
		DB: h.db, Queue: queue, Accounts: h.accounts, Forum: h.forum, Chat: h.chat, Directory: h.directory, Now: now,
	})
	h.notify = notify.New(notify.Deps{DB: h.db, Queue: queue, Accounts: h.accounts, Moderation: h.moderation, Base: h.base, Now: now})
	sockets, err := live.New(h.chat, h.accounts, news, live.Config{Origin: h.base.String(), Now: now})
	h.must(err)
	h.letters, err = mail.NewFolder(t.TempDir())
	h.must(err)
	blobs, err := blob.Folder(t.TempDir())
	h.must(err)
	t.Cleanup(func() { _ = blobs.Close() })
	h.leaving = leaving.New(leaving.Deps{
		DB: h.db, Queue: queue, Accounts: h.accounts, Forum: h.forum, Chat: h.chat, Directory: h.directory, Moderation: h.moderation,
		Notify: h.notify, Blobs: blobs, Letters: h.letters, Base: h.base, Now: now,
	})
	h.signin = signin.New(signin.Deps{DB: h.db, Queue: queue, Accounts: h.accounts, Base: named(h.base), Now: now})
	var routes *page.Routes
	h.echo, routes = web.Build(web.Deps{
		Accounts: h.accounts, Settings: settings.New(h.db, now), Signin: h.signin, Groups: h.groups, Joining: h.joining, Forum: h.forum, Search: search.New(h.db, now), Chat: h.chat, Words: wordrules.New(h.db), Audit: audit.New(h.db),
		Directory: h.directory, Moderation: h.moderation, Notify: h.notify, Leaving: h.leaving, Live: sockets, Letters: h.letters,
		Base: h.base, Patient: true, Ping: h.db.PingContext, Metrics: h.metrics,
		Log: slog.New(slog.NewJSONHandler(h.log, nil)), Now: now,
	})
	h.table = routes.Table()
	server.Config.Handler = h.echo
	if scheme == "https" {
		server.StartTLS()
	} else {
		server.Start()
	}
	h.transport = server.Client().Transport
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		sockets.Close(ctx)
		server.Close()
	})
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// exec changes the database behind the site's back.
func (h *house) exec(query string, args ...any) {
	h.Helper()
	_, err := h.db.NewRaw(query, args...).Exec(h.Context())
	h.must(err)
}

// record is a log that may be read while it is written.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// lines are the entries with this message.
func (r *record) lines(t testing.TB, message string) []map[string]any {
	t.Helper()
	var found []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(r.String()), "\n") {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v in the log line %s", err, line)
		}
		if entry["msg"] == message {
			found = append(found, entry)
		}
	}
	return found
}

// person is one browser without scripts.
type person struct {
	*house
	viewer accounts.Viewer // whose it is; nobody for a guest
	client *http.Client
}

// guest is a browser that nobody has signed in with.
func (h *house) guest() *person {
	h.Helper()
	jar, err := cookiejar.New(nil)
	h.must(err)
	return &person{house: h, client: &http.Client{
		Transport: h.transport, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// member is the browser of somebody new who is signed in.
func (h *house) member(name string) *person { return h.somebody(name, accounts.Member) }

func (h *house) somebody(name string, role accounts.Role) *person {
	h.Helper()
	tokens, err := h.accounts.CreatePeople(h.Context(), 1)
	h.must(err)
	p := h.guest()
	p.viewer, err = h.accounts.Viewer(h.Context(), tokens[0])
	h.must(err)
	h.exec(`UPDATE people SET handle = ?0, handle_fold = lower(?0), display_name = ?0, role = ?1 WHERE id = ?2`, name, string(role), p.viewer.ID)
	p.viewer, err = h.accounts.Viewer(h.Context(), tokens[0])
	h.must(err)
	p.client.Jar.SetCookies(h.base, []*http.Cookie{{
		Name: page.CookieName(h.base), Value: tokens[0], Path: "/", Secure: h.base.Scheme == "https",
	}})
	return p
}

// thread begins one.
func (p *person) thread(category, title, body string) forum.Thread {
	p.Helper()
	thread, err := p.forum.Start(p.Context(), p.viewer, forum.Opening{Category: category, Title: title, Body: body, Key: uuid.New()})
	p.must(err)
	return thread
}

// reply adds a post.
func (p *person) reply(thread forum.Thread, body string) forum.Place {
	p.Helper()
	place, err := p.forum.Reply(p.Context(), p.viewer, forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New()})
	p.must(err)
	return place
}

// say puts a message into a room.
func (p *person) say(room, body string) {
	p.Helper()
	_, err := p.chat.Send(p.Context(), p.viewer, chat.Line{Room: room, CMID: uuid.NewString(), Body: body})
	p.must(err)
}

// answer is what came back, wholly read.
type answer struct {
	*person
	asked  string // method and address
	at     string // the address
	status int
	header http.Header
	body   string
}

// ask sends a request; a POST is a form unless the header says otherwise.
func (p *person) ask(method, at, body string, header ...string) answer {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), method, p.base.String()+at, strings.NewReader(body))
	p.must(err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else {
		r.Header.Set("Accept", "text/html")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := p.client.Do(r)
	p.must(err)
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	p.must(err)
	return answer{p, method + " " + at, at, response.StatusCode, response.Header, string(content)}
}

func (p *person) get(at string, header ...string) answer {
	p.Helper()
	page := p.ask(http.MethodGet, at, "", header...)
	page.offersWhatIsTaken()
	return page
}

func (p *person) post(at string, fields url.Values, header ...string) answer {
	p.Helper()
	return p.ask(http.MethodPost, at, fields.Encode(), header...)
}

// want checks the status.
func (a answer) want(status int) answer {
	a.Helper()
	if a.status != status {
		a.Fatalf("%s: status %d, want %d\n%.2000s", a.asked, a.status, status, a.body)
	}
	return a
}

// to is where a 303 leads, without the anchor, which browsers keep to themselves.
func (a answer) to() string {
	a.Helper()
	to, _, _ := strings.Cut(a.want(http.StatusSeeOther).header.Get("Location"), "#")
	return to
}

// follow goes there.
func (a answer) follow() answer {
	a.Helper()
	return a.get(a.to()).want(http.StatusOK)
}

// withoutID is the body with the request's id taken out.
func (a answer) withoutID() string {
	return strings.ReplaceAll(a.body, a.header.Get("X-Request-Id"), "ID")
}
