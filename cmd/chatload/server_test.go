package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// server speaks just enough of the protocol, for one room in memory, and errs where a test asks it
// to. The clients under test must find every such fault.
type server struct {
	t     *testing.T
	fault fault
	url   string

	mu        sync.Mutex
	bodies    []string
	cmids     map[string]int64 // n, which is the seq too
	listeners map[*listener]struct{}
	sends     int
	hellos    int
}

// fault is what the server does wrong, or what goes wrong around it.
type fault struct {
	lose, double, swap int64 // an n that one listener does not get, or twice, or after the next
	forget             bool  // every cmid is new: a resent message is said twice
	swallow            int   // the ordinal of a send that is committed and not acked
	cut                int   // the ordinal of a send after whose commit its socket is cut, without an ack
	busy               int   // the ordinal of a send that is refused with patience asked for
	forbid             bool  // every send is refused
	away               int   // the close code for the second socket that says hello
	garbage            bool  // a frame that is not JSON
}

type listener struct {
	conn *websocket.Conn
	odd  bool   // the one that suffers the faults
	kept string // an event held back
}

func serve(t *testing.T, f fault) *server {
	s := &server{t: t, fault: f, cmids: map[string]int64{}, listeners: map[*listener]struct{}{}}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.url = web.URL
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") != s.url {
		http.Error(w, "origin", http.StatusForbidden)
		return
	}
	if !strings.HasPrefix(r.Header.Get("Cookie"), "session=") {
		http.Error(w, "cookie", http.StatusUnauthorized)
		return
	}
	up := websocket.Upgrader{Subprotocols: []string{subProtocol}, CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	l := &listener{conn: conn}
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			break
		}
		s.obey(l, frame)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, l)
}

func (s *server) obey(l *listener, frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var f struct {
		send
		Rooms map[string]int64 `json:"rooms"`
	}
	if err := json.Unmarshal(frame, &f); err != nil {
		s.t.Errorf("an unreadable frame of the client: %v", err)
	}
	switch f.T {
	case "hello":
		s.hello(l, f.Rooms["lounge"])
	case "send":
		s.take(l, f.send)
	case "q":
	default:
		s.t.Errorf("an unknown frame of the client: %s", frame)
	}
}

func (l *listener) tell(format string, values ...any) {
	_ = l.conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format+"\n", values...))
}

func (s *server) hello(l *listener, cursor int64) {
	s.hellos++
	if s.hellos == 2 && s.fault.away != 0 {
		_ = l.conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(s.fault.away, ""))
		_ = l.conn.Close()
		return
	}
	l.odd = s.hellos == 1
	l.tell(`{"t":"welcome","v":1,"conn":"x","me":"river","now":0,"ping":25}` + "\n" + `{"t":"p","now":0}` + "\n" + `{"t":"later"}`)
	if s.fault.garbage && l.odd {
		l.tell(`{"t":`)
	}
	for n := cursor + 1; n <= int64(len(s.bodies)); n++ {
		l.tell(`{"t":"sync","room":"lounge","up":[{"n":%d,"rev":%d,"html":"<p>%s</p>"}],"seq":%d}`, n, n, s.bodies[n-1], cursor)
	}
	l.tell(`{"t":"sync","room":"lounge","up":[],"seq":%d,"last_n":%d,"end":true}`, len(s.bodies), len(s.bodies))
	s.listeners[l] = struct{}{}
}

func (s *server) take(l *listener, f send) {
	s.sends++
	ordinal := s.sends
	switch {
	case s.fault.forbid:
		l.tell(`{"t":"err","id":%q,"room":"lounge","code":"forbidden","msg":"no"}`, f.ID)
		return
	case ordinal == s.fault.busy:
		l.tell(`{"t":"err","id":%q,"room":"lounge","code":"busy","msg":"later","retry":1}`, f.ID)
		return
	}
	n, dup := s.cmids[f.CMID]
	if !dup || s.fault.forget {
		s.bodies = append(s.bodies, f.Body)
		n = int64(len(s.bodies))
		s.cmids[f.CMID] = n
		for other := range s.listeners {
			s.deliver(other, n)
		}
	}
	switch ordinal {
	case s.fault.swallow:
	case s.fault.cut:
		_ = l.conn.Close()
	default:
		l.tell(`{"t":"ack","id":%q,"room":"lounge","cmid":%q,"n":%d,"seq":%d,"at":0,"dup":%v}`, f.ID, f.CMID, n, n, dup)
	}
}

func (s *server) deliver(l *listener, n int64) {
	event := fmt.Sprintf(`{"t":"ev","room":"lounge","seq":%d,"k":"msg","m":{"n":%d,"rev":%d,"html":"<p>%s</p>"}}`, n, n, n, s.bodies[n-1])
	switch {
	case l.odd && n == s.fault.lose:
		return
	case l.odd && n == s.fault.double:
		event += "\n" + event
	case l.odd && n == s.fault.swap:
		l.kept = event
		return
	case l.kept != "":
		event, l.kept = event+"\n"+l.kept, ""
	}
	l.tell("%s", event)
}
