package live_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
)

func (h *house) inTx(do func(ctx context.Context, tx *db.Tx) error) {
	h.Helper()
	if err := h.db.InTx(h.Context(), do); err != nil {
		h.Fatal(err)
	}
}

func (h *house) suspend(i int, until time.Time) {
	h.Helper()
	h.inTx(func(ctx context.Context, tx *db.Tx) error { return h.people.Suspend(ctx, tx, h.viewers[i].ID, until) })
}

func TestASuspensionClosesTheSocketsOnEveryNode(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 2, news)
	one, two := h.node(news, true), h.node(news, true)
	a, b, other := one.connect(t, h.tokens[0]), two.connect(t, h.tokens[0]), two.connect(t, h.tokens[1])
	for _, c := range []*client{a, b, other} {
		c.hello(`"lounge":0`)
		c.next("sync")
	}
	begun := time.Now()
	h.suspend(0, begun.Add(time.Hour))
	if x, y := a.closeCode(), b.closeCode(); x != 4403 || y != 4403 {
		t.Errorf("closed with %d and %d", x, y)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("after %v", took)
	}
	if _, status := one.dial(t, one.header(h.tokens[0])); status != http.StatusForbidden {
		t.Errorf("the door answers %d", status)
	}
	other.send("lounge", "still here")
	other.next("ack")
	h.suspend(0, time.Now()) // it has ended
	c := one.connect(t, h.tokens[0])
	c.hello(`"lounge":0`)
	c.next("sync")
}

// TestALostSuspensionIsHealed where the news of it never came: by the next look, or as soon as a room is asked for.
func TestALostSuspensionIsHealed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2, deafEar{})
	n := h.node(newBus(t), true)
	idle, asking, leaving := n.connect(t, h.tokens[0]), n.connect(t, h.tokens[0]), n.connect(t, h.tokens[1])
	for _, c := range []*client{idle, asking, leaving} {
		c.hello("")
	}
	h.suspend(0, time.Now().Add(time.Hour))
	asking.send("lounge", "x")
	if o := asking.next("err", "ack"); o.Code != "forbidden" {
		t.Errorf("a send is answered %+v", o)
	}
	asking.write(`{"t":"sub","id":"s","room":"lounge","seq":0}`)
	if code := asking.closeCode(); code != 4403 {
		t.Errorf("who asks for a room is closed with %d", code)
	}
	if err := h.people.SignOut(t.Context(), h.viewers[1]); err != nil {
		t.Fatal(err)
	}
	n.live.CheckSessions()
	if x, y := idle.closeCode(), leaving.closeCode(); x != 4403 || y != 4401 {
		t.Errorf("the suspended closed with %d, the signed out with %d", x, y)
	}
}

func TestAMutedPersonIsToldSo(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 1, news)
	a := h.node(news, true).connect(t, h.tokens[0])
	a.hello("")
	until := time.Now().Add(time.Hour)
	h.inTx(func(ctx context.Context, tx *db.Tx) error { return h.people.Mute(ctx, tx, h.viewers[0].ID, until) })
	a.send("lounge", "x")
	if o := a.next("err", "ack"); o.Code != "muted" || o.ID == "" {
		t.Errorf("answered %+v", o)
	}
	a.write(`{"t":"sub","id":"s","room":"lounge","seq":0}`)
	if s := a.next("sync"); s.State.Me.MutedUntil != until.UnixMilli() {
		t.Errorf("the state says %+v", s.State.Me)
	}
}

func TestTheBellCountsLive(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 2, news)
	one, two := h.node(news, true), h.node(news, true)
	ring := func(by int) {
		h.inTx(func(ctx context.Context, tx *db.Tx) error { return h.people.Ring(ctx, tx, h.viewers[0].ID, by) })
	}
	ring(2)
	a, b, other := one.connect(t, h.tokens[0]), two.connect(t, h.tokens[0]), two.connect(t, h.tokens[1])
	a.hello("")
	other.hello("")
	for c, want := range map[*client]int{a: 2, other: 0} {
		if o := c.next("me"); o.K != "bell" || o.Count != want {
			t.Errorf("after the welcome came %+v, want %d", o, want)
		}
	}
	ring(3)
	if o := a.next("me"); o.K != "bell" || o.Count != 5 {
		t.Errorf("then came %+v", o)
	}
	b.hello("") // whose socket was open before, and is greeted only now
	o := b.next("me")
	if o.Count == 2 { // greeted before the news came to its node, and told then
		o = b.next("me")
	}
	if o.Count != 5 {
		t.Errorf("the late one heard %+v", o)
	}
	other.send("nowhere", "a fence: nothing came before its answer")
	if o := other.next("me", "err"); o.T != "err" {
		t.Errorf("somebody else heard %+v", o)
	}
}

func TestWhoMayBeInDangerIsShownHelpAndNeverStopped(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 2, news)
	n := h.node(news, true)
	a, other := n.connect(t, h.tokens[0]), n.connect(t, h.tokens[1])
	a.hello("")
	other.hello(`"lounge":0`)
	for range 2 {
		other.next("me", "sync") // the bell, and the room so far: what comes then comes as it happens
	}
	a.next("me")
	a.send("lounge", "I want to die.")
	if o := a.next("me"); o.K != "care" || o.Room != "lounge" {
		t.Errorf("the author is told %+v", o)
	}
	a.next("ack")
	if o := other.next("ev", "me"); o.T != "ev" || o.M.HTML != "<p>I want to die.</p>" {
		t.Errorf("the room heard %+v", o)
	}
	a.send("lounge", "I want to sleep.")
	if o := a.next("me", "ack"); o.T != "ack" {
		t.Errorf("of other words the author is told %+v", o)
	}
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.people.Mute(ctx, tx, h.viewers[0].ID, time.Now().Add(time.Hour))
	})
	a.send("lounge", "I want to die.")
	if o := a.next("me", "err"); o.K != "care" {
		t.Errorf("whose words are refused is told %+v", o)
	}
}

// TestRemovedWordsAreGoneFromEveryNode within a second, and for who was away.
func TestRemovedWordsAreGoneFromEveryNode(t *testing.T) {
	t.Parallel()
	news := newBus(t)
	h := newHouse(t, 4, news)
	one, two := h.node(news, true), h.node(news, true)
	a, b := one.connect(t, h.tokens[0]), two.connect(t, h.tokens[1])
	for _, c := range []*client{a, b} {
		c.hello(`"lounge":0`)
		c.next("sync")
	}
	a.send("lounge", "planted words")
	a.next("ev")
	b.next("ev")
	maya := h.viewers[3]
	maya.Role = accounts.Moderator
	room, err := one.chat.Room(t.Context(), maya, "lounge")
	if err != nil {
		t.Fatal(err)
	}
	carry := func(verb audit.Verb) {
		h.inTx(func(ctx context.Context, tx *db.Tx) error {
			return one.chat.Carry(ctx, tx, maya, chat.Order{Verb: verb, RoomID: room.ID, N: 1, Reason: audit.Privacy})
		})
	}
	begun := time.Now()
	carry(audit.Hide)
	for _, c := range []*client{a, b} {
		if ev := c.next("ev"); ev.K != "del" || *ev.M != (chat.WireMessage{N: 1, Rev: 2, Deleted: true}) {
			t.Errorf("heard %+v with %+v", ev, ev.M)
		}
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("after %v", took)
	}
	for _, cursor := range []string{`"lounge":1`, `"lounge":0`} {
		late := two.connect(t, h.tokens[2])
		late.hello(cursor)
		if s := late.next("sync"); len(s.Up) != 1 || s.Up[0] != (chat.WireMessage{N: 1, Rev: 2, Deleted: true}) {
			t.Errorf("from %s: %+v", cursor, s.Up)
		}
	}
	carry(audit.Restore)
	for _, c := range []*client{a, b} {
		if ev := c.next("ev"); ev.K != "edit" || ev.M.Rev != 3 || ev.M.HTML != "<p>planted words</p>" {
			t.Errorf("restored: %+v with %+v", ev, ev.M)
		}
	}
}
