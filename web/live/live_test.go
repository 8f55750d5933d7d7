package live_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestTheDoor(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 1, news)
	n := h.node(news, true)
	for name, c := range map[string]struct {
		change func(http.Header)
		status int
	}{
		"all right":                   {func(http.Header) {}, 101},
		"no origin":                   {func(h http.Header) { h.Del("Origin") }, 403},
		"null":                        {func(h http.Header) { h.Set("Origin", "null") }, 403},
		"another scheme":              {func(h http.Header) { h.Set("Origin", "https"+strings.TrimPrefix(n.URL, "http")) }, 403},
		"another port":                {func(h http.Header) { h.Set("Origin", "http://127.0.0.1:1") }, 403},
		"a longer host":               {func(h http.Header) { h.Set("Origin", n.URL+".evil.example") }, 403},
		"in capitals":                 {func(h http.Header) { h.Set("Origin", strings.ToUpper(n.URL)) }, 403},
		"with a slash":                {func(h http.Header) { h.Set("Origin", n.URL+"/") }, 403},
		"two origins":                 {func(h http.Header) { h.Add("Origin", n.URL) }, 403},
		"foreign and no session":      {func(h http.Header) { h.Set("Origin", "http://x.example"); h.Del("Cookie") }, 403},
		"no session":                  {func(h http.Header) { h.Del("Cookie") }, 401},
		"a broken session":            {func(h http.Header) { h.Set("Cookie", "session=%%%") }, 401},
		"no session, no sub-protocol": {func(h http.Header) { h.Del("Cookie"); h.Del("Sec-Websocket-Protocol") }, 401},
		"no sub-protocol":             {func(h http.Header) { h.Del("Sec-Websocket-Protocol") }, 400},
		"another sub-protocol":        {func(h http.Header) { h.Set("Sec-Websocket-Protocol", "firstdrops.v2") }, 400},
	} {
		header := n.header(h.tokens[0])
		c.change(header)
		conn, status := n.dial(t, header)
		if status != c.status {
			t.Errorf("%s: %d, not %d", name, status, c.status)
		}
		if conn != nil {
			if conn.Subprotocol() != "firstdrops.v1" {
				t.Errorf("speaks %q", conn.Subprotocol())
			}
			_ = conn.Close()
		}
	}
}

func TestATalk(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 2, news)
	one, two := h.node(news, true), h.node(news, true)
	a, b := one.connect(t, h.tokens[0]), two.connect(t, h.tokens[1])
	a.hello(`"lounge":0`)
	b.hello(`"lounge":0,"night-feeds":0`)
	if s := a.next("sync"); !s.End || s.Seq != 0 {
		t.Fatalf("synced with %+v", s)
	}
	b.next("sync")
	b.next("sync")
	cmid := a.send("lounge", "hello **you**")
	ack := a.next("ack")
	if ack.ID != "1" || ack.CMID != cmid || ack.N != 1 || ack.Seq != 1 || ack.Dup || ack.At == 0 {
		t.Errorf("acked with %+v", ack)
	}
	ev := b.next("ev")
	if ev.Seq != 1 || ev.M.HTML != "<p>hello <strong>you</strong></p>" || ev.M.CMID != "" || ev.M.Author != h.viewers[0].Name || ev.M.At != ack.At {
		t.Errorf("the other heard %+v", ev.M)
	}
	// Following is not needed to say something, and the same cmid elsewhere is the same message.
	c := two.connect(t, h.tokens[0])
	c.hello("")
	c.write(fmt.Sprintf(`{"t":"send","id":"z","room":"lounge","cmid":%q,"body":"again"}`, cmid))
	if again := c.next("ack"); !again.Dup || again.N != 1 || again.ID != "z" || again.At != ack.At {
		t.Errorf("the retry was acked with %+v", again)
	}
}

func TestSubAndUnsub(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 2, news)
	n := h.node(news, true)
	a, b := n.connect(t, h.tokens[0]), n.connect(t, h.tokens[1])
	a.hello(`"nowhere":0`)
	b.hello("")
	if g := a.next("gone"); g.Room != "nowhere" || g.Why != "not_found" {
		t.Errorf("%+v", g)
	}
	a.write(`{"t":"sub","id":"s","room":"lounge","seq":0}`)
	if s := a.next("sync"); s.Room != "lounge" || !s.End {
		t.Errorf("%+v", s)
	}
	b.send("lounge", "one")
	a.next("ev")
	a.write(`{"t":"sub","id":"again","room":"lounge","seq":0}`)
	if s := a.next("sync"); len(s.Up) != 1 || s.Seq != 1 {
		t.Errorf("a fresh sync: %+v", s)
	}
	a.write(`{"t":"unsub","id":"u","room":"lounge"}`)
	if g := a.next("gone"); g.Why != "left" || g.Room != "lounge" {
		t.Errorf("%+v", g)
	}
	b.send("lounge", "two")
	b.next("ack")
	a.write(`{"t":"sub","id":"s","room":"nowhere","seq":0}`) // a fence: nothing came before its answer
	if o := a.next("gone", "ev"); o.T != "gone" {
		t.Errorf("heard %+v after unsub", o)
	}
}

func TestBadFrames(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 1, news)
	n := h.node(news, false)
	for name, c := range map[string]struct {
		first string
		kind  int
		code  int
	}{
		"not hello":      {`{"t":"q"}`, websocket.TextMessage, 1008},
		"no object":      {`[1]`, websocket.TextMessage, 1008},
		"cut short":      {`{"t":"hel`, websocket.TextMessage, 1008},
		"another v":      {`{"t":"hello","v":2}`, websocket.TextMessage, 4409},
		"a newer shape":  {`{"t":"hello","v":"2","rooms":["lounge"]}`, websocket.TextMessage, 4409},
		"our v, broken":  {`{"t":"hello","v":1,"rooms":["lounge"]}`, websocket.TextMessage, 1008},
		"binary":         {`{"t":"hello","v":1}`, websocket.BinaryMessage, 1003},
		"far too big":    {`{"t":"hello","v":1,"x":"` + strings.Repeat("x", 65<<10) + `"}`, websocket.TextMessage, 1009},
		"nothing at all": {``, websocket.TextMessage, 1008},
	} {
		a := n.connect(t, h.tokens[0])
		if err := a.conn.WriteMessage(c.kind, []byte(c.first)); err != nil {
			t.Fatal(err)
		}
		if code := a.closeCode(); code != c.code {
			t.Errorf("%s: closed with %d, not %d", name, code, c.code)
		}
	}
	a := n.connect(t, h.tokens[0])
	a.hello("")
	for i, frame := range []string{
		`{"t":"hello","v":1}`, `{"t":"sub","id":"x","room":"lounge","seq":-1}`, `{"t":"send","id":7}`, "{\"t\":\"\xff\"}",
		`{"t":"q"}{"t":"q"}`,
	} {
		a.write(frame)
		o := a.next("err")
		if want := []string{"", "x", "", "", ""}[i]; o.Code != "bad_frame" || o.ID != want {
			t.Errorf("%s was answered %+v", frame, o)
		}
	}
	a.write(`{"t":"dance"}`)
	if code := a.closeCode(); code != 1008 {
		t.Errorf("the sixth closed with %d", code)
	}
}

func TestRefusedSendsAreAnswered(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 1, news)
	n := h.node(news, true)
	a := n.connect(t, h.tokens[0])
	a.hello("")
	for body, code := range map[string]string{"": "empty", strings.Repeat("x", 4001): "too_long", "a\u202eb": "bad_frame"} {
		a.send("lounge", body)
		if o := a.next("err"); o.Code != code || o.Room != "lounge" || o.ID == "" {
			t.Errorf("%.10q was answered %+v", body, o)
		}
	}
	a.send("nowhere", "x")
	if o := a.next("err"); o.Code != "not_found" {
		t.Errorf("%+v", o)
	}
	rate := 0
	for range 12 {
		a.send("lounge", "fast")
	}
	for range 12 {
		if o := a.next("err", "ack"); o.Code == "rate" && o.Retry > 0 {
			rate++
		}
	}
	if rate < 4 { // one token was spent on the unknown room
		t.Errorf("%d of 12 were slowed down", rate)
	}
}

func TestSigningOutClosesTheSockets(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 2, news)
	one, two := h.node(news, true), h.node(news, true)
	a, b, other := one.connect(t, h.tokens[0]), two.connect(t, h.tokens[0]), two.connect(t, h.tokens[1])
	for _, c := range []*client{a, b, other} {
		c.hello(`"lounge":0`)
		c.next("sync")
	}
	if err := h.people.SignOut(t.Context(), h.viewers[0]); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if x, y := a.closeCode(), b.closeCode(); x != 4401 || y != 4401 {
		t.Errorf("closed with %d and %d", x, y)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("after %v", took)
	}
	other.send("lounge", "still here")
	other.next("ack")
}

func TestASendOfAnEndedSessionIsRefused(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 1, deafEar{}) // the hint of the sign-out is lost
	n := h.node(news, true)
	a := n.connect(t, h.tokens[0])
	a.hello("")
	if err := h.people.SignOut(t.Context(), h.viewers[0]); err != nil {
		t.Fatal(err)
	}
	a.send("lounge", "x")
	if o := a.next("err", "ack"); o.Code != "forbidden" {
		t.Errorf("answered %+v", o)
	}
	n.live.CheckSessions()
	if code := a.closeCode(); code != 4401 {
		t.Errorf("the next look closed with %d", code)
	}
}

type deafEar struct{}

func (deafEar) Publish(string, []byte) error { return nil }

func TestTheNinthSocketReplacesTheOldest(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 1, news)
	n := h.node(news, true)
	var all []*client
	for range 9 {
		c := n.connect(t, h.tokens[0])
		c.hello("")
		all = append(all, c)
	}
	if code := all[0].closeCode(); code != 4429 {
		t.Errorf("the oldest closed with %d", code)
	}
	all[1].send("lounge", "x")
	all[1].next("ack")
}

func TestTooManyFromOnePlace(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 26, news)
	n := h.node(news, true)
	for i := range 200 {
		conn, status := n.dial(t, n.header(h.tokens[i/8]))
		if status != 101 {
			t.Fatalf("socket %d was refused with %d", i+1, status)
		}
		defer func() { _ = conn.Close() }()
	}
	if _, status := n.dial(t, n.header(h.tokens[25])); status != 503 {
		t.Errorf("the 201st got %d", status)
	}
}

func TestThirtyRooms(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 1, news)
	_, err := h.db.ExecContext(t.Context(), `WITH made AS (
		INSERT INTO rooms (slug, name, about, position) SELECT 'r' || g, 'R', '', g FROM generate_series(1, 31) g RETURNING id)
		INSERT INTO room_counters (room_id) SELECT id FROM made`)
	if err != nil {
		t.Fatal(err)
	}
	n := h.node(news, true)
	a := n.connect(t, h.tokens[0])
	rooms := make([]string, 0, 31)
	for i := range 31 {
		rooms = append(rooms, fmt.Sprintf(`"r%d":0`, i+1))
	}
	a.hello(strings.Join(rooms, ","))
	syncs := 0
	for refused := false; !refused || syncs < 30; {
		switch o := a.next("sync", "err"); o.T {
		case "sync":
			syncs++
		case "err":
			if o.Code != "limit" {
				t.Errorf("%+v", o)
			}
			refused = true
		}
	}
}

func TestASlowReaderHurtsNobody(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 2, news)
	n := h.node(news, false)
	slow, _ := n.dial(t, n.header(h.tokens[0]))
	defer func() { _ = slow.Close() }()
	if err := slow.WriteMessage(websocket.TextMessage, []byte(`{"t":"hello","v":1,"rooms":{"lounge":0}}`)); err != nil {
		t.Fatal(err)
	}
	fast := n.connect(t, h.tokens[1])
	fast.hello(`"lounge":0`)
	fast.next("sync")
	begun := time.Now()
	const count, window = 3000, 8 // more than the buffers of a connection hold
	for seq := int64(1); seq <= count; seq++ {
		if seq%window == 1 {
			for range window {
				fast.send("lounge", strings.Repeat("word ", 790))
			}
		}
		if o := fast.next("ev"); o.Seq != seq {
			t.Fatalf("the fast one heard %d after %d", o.Seq, seq-1)
		}
	}
	late := time.Since(begun) > 10*time.Second // longer than a write waits for a reader
	_ = slow.SetReadDeadline(time.Now().Add(15 * time.Second))
	for {
		_, _, err := slow.ReadMessage()
		if websocket.IsCloseError(err, 4001) || (late && websocket.IsCloseError(err, websocket.CloseAbnormalClosure)) {
			return
		}
		if err != nil {
			t.Fatalf("the slow one ended with %v", err)
		}
	}
}

func TestCloseSaysGoodbye(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 1, news)
	n := h.node(news, true)
	a := n.connect(t, h.tokens[0])
	a.hello("")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	go n.live.Close(ctx)
	a.next("bye")
	if code := a.closeCode(); code != 1012 {
		t.Errorf("closed with %d", code)
	}
	if _, status := n.dial(t, n.header(h.tokens[0])); status != 503 {
		t.Errorf("afterwards the door answers %d", status)
	}
}

func TestReadRightAfterHelloCounts(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 1, news)
	one, two := h.node(news, true), h.node(news, true)
	a := one.connect(t, h.tokens[0])
	a.hello("")
	for range 5 {
		a.send("lounge", "x")
		a.next("ack")
	}
	b := two.connect(t, h.tokens[0]) // on a node where nobody follows the room yet
	b.write(`{"t":"hello","v":1,"rooms":{"lounge":1}}`)
	b.write(`{"t":"read","room":"lounge","n":5}`)
	b.next("sync")
	// That person's own sync knows it at once, also on the other node, as soon as the hint is there.
	for deadline := time.Now().Add(10 * time.Second); ; {
		a.write(`{"t":"sub","id":"s","room":"lounge","seq":0}`)
		o := a.next("sync")
		if o.ReadN == 5 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("read to %d", o.ReadN)
		}
	}
}
