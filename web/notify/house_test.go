package notify_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/search"
	"firstdrops/server/signin"
	"firstdrops/server/words"
	"firstdrops/web"
	"firstdrops/web/live"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is a whole site on a database of its own, whose workers work.
type house struct {
	*testing.T
	web.Deps
	db   *db.DB
	site *httptest.Server
}

func open(t *testing.T) *house {
	t.Helper()
	target := testdb.Target(t).AsApp()
	h := &house{T: t, db: db.Open(target.WithPool(8)), site: httptest.NewUnstartedServer(nil)}
	t.Cleanup(func() { _ = h.db.Close() })
	queue := testdb.Queue(t, h.db)
	nats, err := bus.Embedded("")
	h.must(err)
	t.Cleanup(nats.Close)
	people := accounts.New(h.db, queue, nats, time.Now)
	rooms, err := chat.New(h.db, queue, nats, nil, time.Now)
	h.must(err)
	t.Cleanup(rooms.Close)
	base := &url.URL{Scheme: "http", Host: h.site.Listener.Addr().String()}
	sockets, err := live.New(rooms, people, nats, live.Config{Origin: base.String(), Now: time.Now})
	h.must(err)
	h.Deps = web.Deps{
		Accounts: people, Signin: signin.New(signin.Deps{DB: h.db, Queue: queue, Accounts: people, Base: base, Now: time.Now}), Forum: forum.New(h.db, queue, time.Now), Search: search.New(h.db, time.Now), Chat: rooms, Words: words.New(h.db), Audit: audit.New(h.db),
		Directory: directory.New(h.db, queue, people, time.Now), Live: sockets, Base: base, Patient: true,
		Ping: h.db.PingContext, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler), Now: time.Now,
	}
	h.Moderation = moderation.New(moderation.Deps{
		DB: h.db, Queue: queue, Accounts: people, Forum: h.Forum, Chat: rooms, Directory: h.Directory,
		Now: func() time.Time { return time.Now().Add(-30 * time.Second) }, // what it decides can be told at once
	})
	h.Notify = notify.New(notify.Deps{DB: h.db, Queue: queue, Accounts: people, Moderation: h.Moderation, Base: base, Now: time.Now})
	h.site.Config.Handler = web.New(h.Deps)
	h.site.Start()
	t.Cleanup(h.site.Close)
	t.Cleanup(func() {
		soon, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		sockets.Close(soon)
	})
	h.employ(target)
	return h
}

// employ has the workers begin.
func (h *house) employ(target db.Target) {
	h.Helper()
	folder, err := mail.NewFolder(h.TempDir())
	h.must(err)
	workers := river.NewWorkers()
	h.Accounts.Workers(workers, folder, h.Base)
	h.Chat.Workers(workers)
	h.Moderation.Workers(workers)
	h.Notify.Workers(workers, folder)
	running, err := jobs.Start(context.Background(), target, workers, slog.New(slog.DiscardHandler))
	h.must(err)
	h.Cleanup(func() {
		if err := running.Stop(context.Background()); err != nil {
			h.Error(err)
		}
	})
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// settle waits until all that must happen has happened.
func (h *house) settle() {
	h.Helper()
	testdb.Finish(h.T, h.db)
}

// person is somebody with the session by which they came.
type person struct {
	*house
	accounts.Viewer
	token string
}

func (h *house) join(handle string, role accounts.Role) person {
	h.Helper()
	tokens, err := h.Accounts.CreatePeople(h.Context(), 1)
	h.must(err)
	viewer, err := h.Accounts.Viewer(h.Context(), tokens[0])
	h.must(err)
	_, err = h.db.NewRaw(`UPDATE people SET handle = ?0, handle_fold = ?0, display_name = ?0, role = ?1 WHERE id = ?2`,
		handle, string(role), viewer.ID).Exec(h.Context())
	h.must(err)
	viewer, err = h.Accounts.Viewer(h.Context(), tokens[0])
	h.must(err)
	return person{h, viewer, tokens[0]}
}

func (h *house) member(handle string) person { return h.join(handle, accounts.Member) }

// thread begins one.
func (p person) thread(title, body string) forum.Thread {
	p.Helper()
	thread, err := p.Forum.Start(p.Context(), p.Viewer, forum.Opening{Category: "relactation", Title: title, Body: body, Key: uuid.New()})
	p.must(err)
	return thread
}

// reply adds a post and gives its id.
func (p person) reply(thread forum.Thread, body string) int64 {
	p.Helper()
	place, err := p.Forum.Reply(p.Context(), p.Viewer, forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New()})
	p.must(err)
	return place.PostID
}

// ask sends a request and gives the status and the body; fields make it a form.
func (p person) ask(path string, fields url.Values) (int, string) {
	p.Helper()
	method := http.MethodGet
	if fields != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(p.Context(), method, p.site.URL+path, strings.NewReader(fields.Encode()))
	p.must(err)
	if fields != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(&http.Cookie{Name: "session", Value: p.token})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	p.must(err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	p.must(err)
	return response.StatusCode, string(body)
}

// notices is the page, once all that must happen has happened.
func (p person) notices() string {
	p.Helper()
	p.settle()
	status, body := p.ask("/notifications", nil)
	if status != http.StatusOK {
		p.Fatalf("the notices: %d\n%.2000s", status, body)
	}
	_, main, _ := strings.Cut(body, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	return strings.Join(strings.Fields(main), " ")
}

// unread is how many notices wait.
func (p person) unread() int {
	p.Helper()
	viewer, err := p.Accounts.Viewer(p.Context(), p.token)
	p.must(err)
	return viewer.Unread
}

// says checks what stands in a page, and what does not.
func says(t *testing.T, page string, words []string, never ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			t.Errorf("the page lacks %q:\n%.2000s", w, page)
		}
	}
	for _, w := range never {
		if strings.Contains(page, w) {
			t.Errorf("the page says %q:\n%.2000s", w, page)
		}
	}
}
