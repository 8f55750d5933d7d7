package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
	"firstdrops/web/live"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is a database with people in it; nodes of one site are started on it.
type house struct {
	testing.TB
	db      *db.DB
	people  *accounts.Accounts
	tokens  []string
	viewers []accounts.Viewer
}

func newHouse(t testing.TB, people int, signals accounts.Signals) *house {
	t.Helper()
	return newHouseOn(t, testdb.New(t), people, signals)
}

func newHouseOn(t testing.TB, database *db.DB, people int, signals accounts.Signals) *house {
	t.Helper()
	h := &house{TB: t, db: database}
	h.people = accounts.New(h.db, testdb.Queue(t, h.db), signals, time.Now)
	var err error
	if h.tokens, err = h.people.CreatePeople(t.Context(), people); err != nil {
		t.Fatal(err)
	}
	for _, token := range h.tokens {
		viewer, err := h.people.Viewer(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		h.viewers = append(h.viewers, viewer)
	}
	return h
}

func newBus(t testing.TB) *bus.Bus {
	t.Helper()
	news, err := bus.Embedded("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(news.Close)
	return news
}

// node is one server of the site, with the cookie and the origin found as the real one finds them.
type node struct {
	*httptest.Server
	chat *chat.Chat
	live *live.Live
}

func (h *house) node(news chat.Bus, limited bool) *node {
	h.Helper()
	n := &node{}
	mux := http.NewServeMux()
	n.Server = httptest.NewServer(mux)
	limiter := chat.NewSendLimiter()
	if !limited {
		limiter = nil
	}
	var err error
	if n.chat, err = chat.New(h.db, testdb.Queue(h, h.db), news, limiter, time.Now); err != nil {
		h.Fatal(err)
	}
	if n.live, err = live.New(n.chat, h.people, news, live.Config{Origin: n.URL, Limited: limited, Now: time.Now}); err != nil {
		h.Fatal(err)
	}
	mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		token := ""
		if cookie, err := r.Cookie("session"); err == nil {
			token = cookie.Value
		}
		n.live.Serve(w, r, token, "127.0.0.1")
	})
	h.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		n.live.Close(ctx)
		n.chat.Close()
		n.Close()
	})
	return n
}

// client speaks the protocol as any other program would.
type client struct {
	testing.TB
	conn    *websocket.Conn
	objects chan object
	closed  chan int // the close code
	ids     atomic.Int64
}

// object is any object that the server sends.
type object struct {
	T     string             `json:"t"`
	V     int                `json:"v"`
	K     string             `json:"k"`
	ID    string             `json:"id"`
	Room  string             `json:"room"`
	Code  string             `json:"code"`
	Why   string             `json:"why"`
	CMID  string             `json:"cmid"`
	Conn  string             `json:"conn"`
	Up    []chat.WireMessage `json:"up"`
	M     *chat.WireMessage  `json:"m"`
	Me    any                `json:"me"`
	Seq   int64              `json:"seq"`
	N     int64              `json:"n"`
	At    int64              `json:"at"`
	LastN int64              `json:"last_n"`
	ReadN int64              `json:"read_n"`
	End   bool               `json:"end"`
	Dup   bool               `json:"dup"`
	Retry int64              `json:"retry"`
	Count int                `json:"count"`
	State *chat.State        `json:"state"`
	Who   []string           `json:"who"`
}

func (n *node) header(token string) http.Header {
	return http.Header{
		"Origin": {n.URL}, "Cookie": {"session=" + token}, "Sec-Websocket-Protocol": {"firstdrops.v1"},
	}
}

func (n *node) wsURL() string { return "ws" + strings.TrimPrefix(n.URL, "http") + "/ws" }

// dial connects, or tells the status that refused it.
func (n *node) dial(t testing.TB, header http.Header) (*websocket.Conn, int) {
	t.Helper()
	conn, response, err := websocket.DefaultDialer.DialContext(t.Context(), n.wsURL(), header)
	if response != nil {
		_ = response.Body.Close()
	}
	if err != nil {
		if response == nil {
			t.Fatal(err)
		}
		return nil, response.StatusCode
	}
	return conn, http.StatusSwitchingProtocols
}

// connect opens a socket and listens; say hello yourself.
func (n *node) connect(t testing.TB, token string) *client {
	t.Helper()
	conn, status := n.dial(t, n.header(token))
	if conn == nil {
		t.Fatalf("refused with %d", status)
	}
	c := &client{TB: t, conn: conn, objects: make(chan object, 4096), closed: make(chan int, 1)}
	t.Cleanup(func() { _ = conn.Close() })
	go c.listen()
	return c
}

func (c *client) listen() {
	defer close(c.objects)
	for {
		_, frame, err := c.conn.ReadMessage()
		if err != nil {
			code := websocket.CloseAbnormalClosure
			var closing *websocket.CloseError
			if errors.As(err, &closing) {
				code = closing.Code
			}
			c.closed <- code
			return
		}
		lines := bytes.Split(bytes.TrimSuffix(frame, []byte("\n")), []byte("\n"))
		if len(lines) > 16 {
			c.Errorf("a frame of %d objects", len(lines))
		}
		for _, line := range lines {
			var o object
			if err := json.Unmarshal(line, &o); err != nil {
				c.Errorf("not an object: %s", line)
			}
			c.objects <- o
		}
	}
}

func (c *client) write(frame string) {
	c.Helper()
	if err := c.conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		c.Fatalf("writing %.60s: %v", frame, err)
	}
}

func (c *client) hello(rooms string) {
	c.Helper()
	c.write(`{"t":"hello","v":1,"rooms":{` + rooms + `}}`)
	if o := c.next("welcome"); o.V != 1 || o.Conn == "" {
		c.Fatalf("welcomed with %+v", o)
	}
}

// next waits for an object of one of these kinds, past others.
func (c *client) next(kinds ...string) object {
	c.Helper()
	deadline := time.After(15 * time.Second)
	for {
		select {
		case o, open := <-c.objects:
			if !open {
				c.Fatalf("the socket closed (%d) before %v", <-c.closed, kinds)
			}
			for _, kind := range kinds {
				if o.T == kind {
					return o
				}
			}
		case <-deadline:
			c.Fatalf("waited for %v", kinds)
		}
	}
}

// closeCode waits for the end.
func (c *client) closeCode() int {
	c.Helper()
	select {
	case code := <-c.closed:
		return code
	case <-time.After(15 * time.Second):
		c.Fatal("the socket stays open")
		return 0
	}
}

func (c *client) send(room, body string) (cmid string) {
	c.Helper()
	cmid = uuid.NewString()
	c.write(fmt.Sprintf(`{"t":"send","id":"%d","room":%q,"cmid":%q,"body":%q}`, c.ids.Add(1), room, cmid, body))
	return cmid
}
