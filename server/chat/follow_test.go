package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/platform/fault"
)

type contextT = context.Context

// object is any object that the server sends about a room.
type object struct {
	T     string             `json:"t"`
	K     string             `json:"k"`
	Up    []chat.WireMessage `json:"up"`
	M     *chat.WireMessage  `json:"m"`
	State *chat.State        `json:"state"`
	Seq   int64              `json:"seq"`
	N     int64              `json:"n"`
	LastN int64              `json:"last_n"`
	ReadN int64              `json:"read_n"`
	From  int64              `json:"from"`
	To    int64              `json:"to"`
	End   bool               `json:"end"`
	Count int                `json:"count"`
	Who   []string           `json:"who"`
}

// ear is an outlet that remembers.
type ear struct {
	mu    sync.Mutex
	all   []object
	news  chan struct{}
	again chan *chat.Following
}

func newEar() *ear { return &ear{news: make(chan struct{}, 1), again: make(chan *chat.Following, 1)} }

// Sync is of a follower that is told to start afresh: the test reads it as a socket would.
func (e *ear) Sync(f *chat.Following) {
	select {
	case e.again <- f:
	default:
	}
}

func (e *ear) Push(pushed *chat.Object, _ bool) {
	var o object
	if err := json.Unmarshal(pushed.Line, &o); err != nil {
		panic(err)
	}
	e.mu.Lock()
	e.all = append(e.all, o)
	e.mu.Unlock()
	select {
	case e.news <- struct{}{}:
	default:
	}
}

// events waits for count events and returns them.
func (e *ear) events(t *testing.T, count int) []object {
	t.Helper()
	return e.wait(t, fmt.Sprintf("%d events", count), count, func(o object) bool { return o.T == "ev" })
}

func (e *ear) wait(t *testing.T, what string, count int, which func(object) bool) []object {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		e.mu.Lock()
		var found []object
		for _, o := range e.all {
			if which(o) {
				found = append(found, o)
			}
		}
		e.mu.Unlock()
		if len(found) >= count {
			return found
		}
		select {
		case <-e.news:
		case <-deadline:
			t.Fatalf("waited for %s, heard %d: %+v", what, len(found), found)
		}
	}
}

// follow follows the lounge and reads its sync to the end.
func (h *house) follow(node *chat.Chat, viewer accounts.Viewer, cursor int64) (*chat.Following, *ear, []object) {
	h.Helper()
	e := newEar()
	f, err := node.Follow(h.Context(), viewer, "lounge", cursor, e)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(f.Leave)
	return f, e, h.sync(f)
}

func (h *house) sync(f *chat.Following) []object {
	h.Helper()
	var pages []object
	for last := false; !last; {
		var line *chat.Object
		var err error
		if line, last, err = f.Next(h.Context()); err != nil {
			h.Fatal(err)
		}
		var o object
		if err := json.Unmarshal(line.Line, &o); err != nil {
			h.Fatal(err)
		}
		pages = append(pages, o)
	}
	return pages
}

func TestSyncThenLive(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	h.say(h.who[0], "before")
	_, heard, pages := h.follow(h.chat, h.who[1], 0)
	if len(pages) != 1 || !pages[0].End || pages[0].Seq != 1 || pages[0].LastN != 1 || len(pages[0].Up) != 1 {
		t.Fatalf("the sync was %+v", pages)
	}
	if s := pages[0].State; s.Mode != "open" || s.Topic == "" || s.Me.Name != h.who[1].Name {
		t.Errorf("the state was %+v", s)
	}
	h.say(h.who[0], "after")
	ev := heard.events(t, 1)[0]
	if ev.K != "msg" || ev.Seq != 2 || ev.M.N != 2 || ev.M.HTML != "<p>after</p>" || ev.M.CMID != "" {
		t.Errorf("the event was %+v %+v", ev, ev.M)
	}
}

func TestOnlyTheAuthorGetsTheCMID(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	_, mine, _ := h.follow(h.chat, h.who[0], 0)
	_, theirs, _ := h.follow(h.chat, h.who[1], 0)
	h.say(h.who[0], "x")
	if mine.events(t, 1)[0].M.CMID == "" || theirs.events(t, 1)[0].M.CMID != "" {
		t.Error("live")
	}
	_, _, own := h.follow(h.chat, h.who[0], 0)
	_, _, others := h.follow(h.chat, h.who[1], 0)
	if own[0].Up[0].CMID == "" || others[0].Up[0].CMID != "" {
		t.Error("in the sync")
	}
}

func TestNewestFiftyAndCursor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	for range 130 {
		h.say(h.who[0], "x")
	}
	h.remove(3)
	_, _, pages := h.follow(h.chat, h.who[0], 0)
	if up := pages[0].Up; len(pages) != 1 || len(up) != 50 || up[0].N != 81 || up[49].N != 130 {
		t.Errorf("without a cursor: %d pages", len(pages))
	}
	_, _, pages = h.follow(h.chat, h.who[0], 10)
	if len(pages) != 2 || len(pages[0].Up) != 100 || pages[0].End || pages[0].Seq != 10 || !pages[1].End || pages[1].Seq != 131 {
		t.Fatalf("from cursor 10: %+v", pages)
	}
	rows := append(pages[0].Up, pages[1].Up...)
	if last := rows[len(rows)-1]; len(rows) != 121 || last.N != 3 || !last.Deleted || last.HTML != "" {
		t.Errorf("a removal while away came as %+v, %d rows", last, len(rows))
	}
}

func TestLongMessagesMakeShortPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	for range 20 {
		h.say(h.who[0], strings.Repeat("word ", 799))
	}
	_, _, pages := h.follow(h.chat, h.who[0], 0)
	total := 0
	for i, page := range pages {
		size := 0
		for _, m := range page.Up {
			size += len(m.HTML)
		}
		if total += len(page.Up); size > 32<<10 {
			t.Errorf("page %d has %d bytes", i, size)
		}
	}
	if len(pages) < 3 || total != 20 {
		t.Errorf("%d rows on %d pages", total, len(pages))
	}
}

func TestTooMuchMissedIsAReset(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	h.change(`INSERT INTO messages (room_id, n, seq, rev, author_id, cmid, label, body, html, html_version, at)
		SELECT r.id, g, g, g, ?, gen_random_uuid(), 'peer', 'x', '<p>x</p>', 1, now() FROM rooms r, generate_series(1, 600) g WHERE r.slug = 'lounge'`, h.who[0].ID)
	h.change(`UPDATE room_counters SET seq = 600, n = 600 WHERE room_id = (SELECT id FROM rooms WHERE slug = 'lounge')`)
	for _, cursor := range []int64{99, 601, 1 << 60} {
		_, heard, pages := h.follow(h.chat, h.who[0], cursor)
		if len(pages) != 2 || pages[0].T != "reset" || pages[0].Seq != 600 || len(pages[1].Up) != 0 || !pages[1].End || pages[1].Seq != 600 || pages[1].State == nil {
			t.Fatalf("from %d: %+v", cursor, pages)
		}
		_ = heard
	}
	_, _, pages := h.follow(h.chat, h.who[0], 100)
	if pages[0].T != "sync" {
		t.Error("500 rows are not too many")
	}
}

func TestOtherNodeIsHeardThroughTheDatabase(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	other := h.node(t) // on a bus of its own: no hint ever comes
	_, heard, _ := h.follow(other, h.who[1], 0)
	for range 3 {
		h.say(h.who[0], "from the first node")
	}
	// A commit of its own makes the node see that something is missing before it.
	if _, err := other.Send(t.Context(), h.who[1], line("from the second")); err != nil {
		t.Fatal(err)
	}
	for i, ev := range heard.events(t, 4) {
		if ev.Seq != int64(i+1) {
			t.Fatalf("event %d has seq %d", i+1, ev.Seq)
		}
	}
}

func TestComparesWithTheDatabase(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	other := h.node(t)
	_, heard, _ := h.follow(other, h.who[1], 0)
	h.say(h.who[0], "nobody tells the other node")
	if ev := heard.events(t, 1)[0]; ev.Seq != 1 { // within 15 s
		t.Errorf("heard %+v", ev)
	}
}

func TestEveryKindOfSeq(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	other := h.node(t)
	_, heard, _ := h.follow(other, h.who[0], 0)
	for range 4 {
		h.say(h.who[0], "x") // seq 1 to 4
	}
	h.change(`UPDATE messages SET edited_at = now(), html = '<p>y</p>', rev = 5 WHERE n = 1`)
	h.remove(2) // 6
	h.change(`UPDATE messages SET deleted_at = now(), rev = 7 WHERE n IN (3, 4)`)
	h.change(`UPDATE room_counters SET state_rev = 8 WHERE seq = 8`)
	h.change(`UPDATE room_counters SET seq = seq`) // 9: a change that is nobody's last
	if _, err := other.Send(t.Context(), h.who[0], line("last")); err != nil {
		t.Fatal(err)
	}
	kinds := ""
	for i, ev := range heard.events(t, 10) {
		if ev.Seq != int64(i+1) {
			t.Errorf("event %d has seq %d", i+1, ev.Seq)
		}
		kinds += ev.K + " "
		switch ev.K {
		case "clear":
			if ev.From != 3 || ev.To != 4 {
				t.Errorf("cleared %d to %d", ev.From, ev.To)
			}
		case "state":
			if ev.State.Me.Name != h.who[0].Name {
				t.Errorf("state %+v", ev.State)
			}
		}
	}
	// The rows of 1 to 4 have moved on to 5, 6 and 7.
	if kinds != "nil nil nil nil edit del clear state nil msg " {
		t.Errorf("heard %s", kinds)
	}
}

func TestLeavingEndsIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	f, heard, _ := h.follow(h.chat, h.who[1], 0)
	_, stays, _ := h.follow(h.chat, h.who[0], 0)
	f.Leave()
	h.say(h.who[0], "x")
	stays.events(t, 1)
	heard.mu.Lock()
	defer heard.mu.Unlock()
	for _, o := range heard.all {
		if o.T == "ev" {
			t.Errorf("heard %+v after leaving", o)
		}
	}
}

func TestGuestsCannotFollow(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	if _, err := h.chat.Follow(t.Context(), accounts.Viewer{}, "lounge", 0, newEar()); !fault.Is(err, fault.NotFound) {
		t.Errorf("a guest: %v", err)
	}
	if _, err := h.chat.Follow(t.Context(), h.who[0], "nowhere", 0, newEar()); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown room: %v", err)
	}
}

func TestReadMarkers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	for range 9 {
		h.say(h.who[0], "x")
	}
	one, _, _ := h.follow(h.chat, h.who[0], 0)
	_, tab, _ := h.follow(h.chat, h.who[0], 0)
	one.Read(7)
	one.Read(3) // never back
	if me := tab.wait(t, "the marker", 1, func(o object) bool { return o.T == "me" })[0]; me.K != "read" || me.N != 7 {
		t.Errorf("the other tab heard %+v", me)
	}
	one.Read(1 << 50) // never beyond the newest
	if me := tab.wait(t, "the second marker", 2, func(o object) bool { return o.T == "me" })[1]; me.N != 9 {
		t.Errorf("the other tab heard %+v", me)
	}
	_, _, pages := h.follow(h.chat, h.who[0], 0)
	if pages[0].ReadN != 9 {
		t.Errorf("one's own sync says read to %d", pages[0].ReadN)
	}
	one.Read(2)
	room, err := h.chat.Room(t.Context(), h.who[0], "lounge")
	if err != nil || room.ReadN != 9 || room.Unread() != 0 {
		t.Errorf("saved as %d, %v", room.ReadN, err)
	}
}

func TestPresenceAndTyping(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	_, first, _ := h.follow(h.chat, h.who[0], 0)
	second, _, _ := h.follow(h.chat, h.who[1], 0)
	h.follow(h.chat, h.who[1], 0) // a second tab is the same person
	both := first.wait(t, "two people", 1, func(o object) bool { return o.K == "pres" && o.Count == 2 })[0]
	if len(both.Who) != 2 {
		t.Errorf("present: %+v", both)
	}
	lounge, err := h.chat.Room(t.Context(), h.who[0], "lounge")
	if err != nil {
		t.Fatal(err)
	}
	if p := h.chat.Present(lounge); p.Count != 2 {
		t.Errorf("present: %+v", p)
	}
	second.Typing()
	second.Typing() // at most one in 3 s
	typing := first.wait(t, "typing", 1, func(o object) bool { return o.K == "typing" })
	if len(typing) != 1 || len(typing[0].Who) != 1 || typing[0].Who[0] != h.who[1].Name {
		t.Errorf("typing: %+v", typing)
	}
	before := h.db.Statements()
	second.Typing()
	h.chat.Present(lounge)
	if n := h.db.Statements() - before; n != 0 {
		t.Errorf("presence and typing sent %d statements", n)
	}
}
