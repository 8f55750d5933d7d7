package chat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/net/html"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/forum"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/ratelimit"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/search"
	"firstdrops/server/signin"
	"firstdrops/web"
	"firstdrops/web/live"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is a whole site on a database of its own, reached through a wire that a test can cut.
type house struct {
	t        *testing.T
	db       *db.DB
	accounts *accounts.Accounts
	chat     *chat.Chat
	handler  http.Handler
	wire     *wire
}

// open is a house whose limit of messages is the given one; nil lifts it.
func open(t *testing.T, sends *ratelimit.Limiter) *house {
	t.Helper()
	h := &house{t: t, db: testdb.New(t)}
	queue, err := jobs.NewQueue(h.db)
	must(t, err)
	nats, err := bus.Embedded("")
	must(t, err)
	t.Cleanup(nats.Close)
	h.accounts = accounts.New(h.db, queue, nats, time.Now)
	h.chat, err = chat.New(h.db, queue, nats, sends, time.Now)
	must(t, err)
	t.Cleanup(h.chat.Close)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.handler.ServeHTTP(w, r) }))
	h.wire = newWire(t, server.Listener.Addr().String())
	base := &url.URL{Scheme: "http", Host: h.wire.address()}
	sockets, err := live.New(h.chat, h.accounts, nats, live.Config{Origin: base.String(), Now: time.Now})
	must(t, err)
	h.handler = web.New(web.Deps{
		Accounts: h.accounts, Signin: signin.New(signin.Deps{DB: h.db, Queue: queue, Accounts: h.accounts, Base: base, Now: time.Now}), Forum: forum.New(h.db, queue, time.Now), Search: search.New(h.db, time.Now), Chat: h.chat, Live: sockets, Base: base, Patient: true,
		Ping: h.db.PingContext, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		soon, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		sockets.Close(soon)
	})
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// member is somebody with the session by which they came.
type member struct {
	accounts.Viewer
	token string
}

func (m member) cookie() string { return "session=" + m.token }

// join signs somebody up.
func (h *house) join(handle string) member {
	h.t.Helper()
	session, err := h.accounts.SignUp(h.t.Context(), accounts.SignUp{
		Handle: handle, Email: handle + "@example.org", Password: "four quiet lamps burning", Rules: true, Device: "a test",
	})
	must(h.t, err)
	viewer, err := h.accounts.Viewer(h.t.Context(), session.Token)
	must(h.t, err)
	return member{viewer, session.Token}
}

// says puts a message into the lounge and gives its number.
func (h *house) says(who member, body string) int64 {
	h.t.Helper()
	said, err := h.chat.Send(h.t.Context(), who.Viewer, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: body})
	must(h.t, err)
	return said.N
}

// call is a request to the house.
type call struct {
	method, path, kind, body, accept string
	by                               member
}

func (h *house) ask(c call) *httptest.ResponseRecorder {
	h.t.Helper()
	if c.method == "" {
		c.method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(h.t.Context(), c.method, c.path, strings.NewReader(c.body))
	for name, value := range map[string]string{"Content-Type": c.kind, "Accept": c.accept} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	if c.by.token != "" {
		r.Header.Set("Cookie", c.by.cookie())
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
)

// problem is an answer that says no.
type problem struct {
	Status int
	Code   string
	Title  string
	Fields map[string]string
}

func problemOf(t *testing.T, w *httptest.ResponseRecorder) problem {
	t.Helper()
	if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" {
		t.Fatalf("%d as %q: %.300s", w.Code, kind, w.Body)
	}
	return decode[problem](t, w)
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
		t.Fatalf("%v in %.300s", err, w.Body)
	}
	return value
}

func pageOf(t *testing.T, w *httptest.ResponseRecorder) element {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(w.Body.Bytes()))
	must(t, err)
	return element{root}
}

// element is a part of a page.
type element struct{ *html.Node }

// all are the elements below with an attribute; what a <template> holds is not on the page.
func (e element) all(attribute string) []element {
	var found []element
	for node := e.FirstChild; node != nil; node = node.NextSibling {
		if node.Type != html.ElementNode || node.Data == "template" {
			continue
		}
		child := element{node}
		if _, has := child.attr(attribute); has {
			found = append(found, child)
		}
		found = append(found, child.all(attribute)...)
	}
	return found
}

func (e element) the(t *testing.T, attribute string) element {
	t.Helper()
	found := e.all(attribute)
	if len(found) == 0 {
		t.Fatalf("nothing on the page has %s", attribute)
	}
	return found[0]
}

func (e element) attr(name string) (string, bool) {
	for _, a := range e.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func (e element) class() string {
	class, _ := e.attr("class")
	return class
}

func (e element) text() string {
	var words strings.Builder
	for node := range e.Descendants() {
		if node.Type == html.TextNode {
			words.WriteString(node.Data + " ")
		}
	}
	return strings.Join(strings.Fields(words.String()), " ")
}

// wire carries connections to the site until a test cuts it.
type wire struct {
	net.Listener
	to    string
	state chan wireState
}

type wireState struct {
	cut   bool
	conns []net.Conn
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	w := &wire{Listener: listener, to: to, state: make(chan wireState, 1)}
	w.state <- wireState{}
	go w.carry()
	t.Cleanup(func() {
		_ = listener.Close()
		w.cut()
	})
	return w
}

func (w *wire) address() string { return w.Addr().String() }

func (w *wire) carry() {
	for {
		in, err := w.Accept()
		if err != nil {
			return
		}
		s := <-w.state
		out, err := net.Dial("tcp", w.to)
		if err != nil || s.cut {
			_ = in.Close()
			if err == nil {
				_ = out.Close()
			}
			w.state <- s
			continue
		}
		s.conns = append(s.conns, in, out)
		w.state <- s
		go pipe(in, out)
		go pipe(out, in)
	}
}

func pipe(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = from.Close()
}

// cut ends every connection and lets no new one through until mend.
func (w *wire) cut() {
	s := <-w.state
	for _, conn := range s.conns {
		_ = conn.Close()
	}
	w.state <- wireState{cut: true}
}

func (w *wire) mend() {
	<-w.state
	w.state <- wireState{}
}

func (w *wire) url(format string, args ...any) string {
	return "http://" + w.address() + fmt.Sprintf(format, args...)
}
