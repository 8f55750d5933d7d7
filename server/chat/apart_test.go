package chat_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// block sets a block, and ends it where it is set already; the job of it is left to be done.
func (h *house) block(who, other accounts.Viewer) {
	h.Helper()
	blocks, err := h.people.Blocks(h.Context(), who)
	switch {
	case err != nil:
	case len(blocks) > 0:
		err = h.people.Unblock(h.Context(), who, blocks[0].ID)
	default:
		err = h.people.Block(h.Context(), who, other.Handle)
	}
	if err != nil {
		h.Fatal(err)
	}
}

// work does the newest job of a parting, on a node.
func (h *house) work(node *chat.Chat) {
	h.Helper()
	var job struct {
		ID   int64
		Args accounts.Parted `bun:",type:jsonb"`
	}
	err := h.db.NewRaw(`SELECT id, args FROM river_job WHERE kind = 'accounts.parted' ORDER BY id DESC LIMIT 1`).Scan(h.Context(), &job)
	if err == nil {
		err = node.Parted(h.Context(), job.ID, job.Args)
	}
	if err != nil {
		h.Fatal(err)
	}
}

// part is block with its job done.
func (h *house) part(who, other accounts.Viewer) {
	h.Helper()
	h.block(who, other)
	h.work(h.chat)
}

func (h *house) history(v accounts.Viewer, span chat.Span) (ns []int64, more bool) {
	h.Helper()
	page, err := h.chat.History(h.Context(), v, "lounge", span)
	if err != nil {
		h.Fatal(err)
	}
	for _, m := range page.Messages {
		ns = append(ns, m.N)
	}
	if page.LastN != 9 {
		h.Errorf("last_n is %d", page.LastN)
	}
	return ns, page.More
}

// restarted reads what a follower is told that is to start afresh.
func (h *house) restarted(e *ear) []object {
	h.Helper()
	select {
	case f := <-e.again:
		return h.sync(f)
	case <-time.After(20 * time.Second):
		h.Fatal("nobody is told to start afresh")
		return nil
	}
}

func staffOf(v accounts.Viewer) accounts.Viewer {
	v.Role = accounts.Moderator
	return v
}

// TestHistoryIsDenseWithoutThoseApart: nine messages, of which b said 1, 4, 5 and 9.
func TestHistoryIsDenseWithoutThoseApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 3)
	a, b, c := h.who[0], h.who[1], h.who[2]
	for _, who := range []accounts.Viewer{b, a, c, b, b, c, a, c, b} {
		h.say(who, "words")
	}
	h.block(a, b)
	type answer struct {
		span chat.Span
		a, b string
	}
	for _, want := range []answer{
		{chat.Span{}, "[2 3 6 7 8] false", "[1 3 4 5 6 8 9] false"},
		{chat.Span{Limit: 5}, "[2 3 6 7 8] false", "[4 5 6 8 9] true"},
		{chat.Span{Limit: 4}, "[3 6 7 8] true", "[5 6 8 9] true"},
		{chat.Span{Before: 6, Limit: 2}, "[2 3] false", "[4 5] true"},
		{chat.Span{After: 3, Limit: 2}, "[6 7] true", "[4 5] true"},
		{chat.Span{After: 7, Limit: 1}, "[8] false", "[8] true"},
		{chat.Span{Around: 6, Limit: 4}, "[2 3 6 7] false", "[4 5 6 8] true"},
		{chat.Span{Around: 7, Limit: 4}, "[3 6 7 8] true", "[5 6 8 9] true"},
		{chat.Span{Around: 9, Limit: 4}, "[7 8] true", "[6 8 9] true"},
	} {
		for v, words := range map[int64]string{a.ID: want.a, b.ID: want.b} {
			viewer := a
			if v == b.ID {
				viewer = b
			}
			if ns, more := h.history(viewer, want.span); fmt.Sprint(ns, " ", more) != words {
				t.Errorf("%+v to %s: %v %v, want %s", want.span, viewer.Name, ns, more, words)
			}
		}
	}
	for _, v := range []accounts.Viewer{c, staffOf(a), staffOf(b)} {
		if ns, _ := h.history(v, chat.Span{}); len(ns) != 9 {
			t.Errorf("%s, %s reads %v", v.Name, v.Role, ns)
		}
	}
	if rooms, err := h.chat.Rooms(t.Context(), a); err != nil || rooms[0].Unread() != 5 {
		t.Errorf("new to a are %d of 9, %v", rooms[0].Unread(), err)
	}
	if _, _, err := h.chat.Context(t.Context(), a, "lounge", 4); !fault.Is(err, fault.NotFound) {
		t.Errorf("by its number: %v", err)
	}
	if _, around, err := h.chat.Context(t.Context(), a, "lounge", 3); err != nil || len(around) != 5 || around[0].N != 2 {
		t.Errorf("around a message: %d, %v", len(around), err)
	}
	if _, err := h.db.ExecContext(t.Context(), `UPDATE messages SET label = 'moderator' WHERE n = 4`); err != nil {
		t.Fatal(err)
	}
	if ns, _ := h.history(a, chat.Span{}); !slices.Contains(ns, 4) {
		t.Errorf("what a moderator said is not in %v", ns)
	}
	h.block(a, b)
	if ns, _ := h.history(a, chat.Span{}); len(ns) != 9 {
		t.Errorf("together again, a reads %v", ns)
	}
}

// TestLiveWordsOfThoseApartAreNothing to either, from the commit on, also when they are changed later.
func TestLiveWordsOfThoseApartAreNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 4)
	a, b, c := h.who[0], h.who[1], h.who[2]
	far := h.node(t) // hears no hint
	_, ofA, _ := h.follow(h.chat, a, 0)
	_, ofB, _ := h.follow(far, b, 0)
	_, ofC, _ := h.follow(far, c, 0)
	_, ofStaff, _ := h.follow(h.chat, staffOf(a), 0)
	h.block(a, b)
	h.say(b, "canary")
	h.say(a, "canary")
	h.say(c, "all hear this")
	room, err := h.chat.Room(t.Context(), staffOf(c), "lounge")
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []audit.Verb{audit.Hide, audit.Restore} {
		err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return h.chat.Carry(ctx, tx, staffOf(h.who[3]), chat.Order{Verb: verb, RoomID: room.ID, N: 1, Reason: audit.Rules})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	h.follow(far, h.who[3], 0) // has that node look
	for want, e := range map[string]*ear{
		"nil msg msg nil nil": ofA, "nil nil msg nil edit": ofB, "nil msg msg nil edit": ofC, "msg msg msg del edit": ofStaff,
	} {
		var kinds []string
		for i, o := range e.events(t, 5) {
			kinds = append(kinds, o.K)
			if o.Seq != int64(i+1) || o.K == "nil" && (o.LastN < min(o.Seq, 3) || o.M != nil) {
				t.Errorf("at seq %d comes %+v", i+1, o)
			}
		}
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("heard %s, want %s", got, want)
		}
	}
}

// TestResetsAreAsTheProtocolSays, 5.9.
func TestResetsAreAsTheProtocolSays(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 3)
	a, b, c := h.who[0], h.who[1], h.who[2]
	for _, who := range []accounts.Viewer{a, b, c, b} {
		h.say(who, "before")
	}
	_, ofA, _ := h.follow(h.chat, a, 0)
	_, ofB, _ := h.follow(h.chat, b, 0)
	far := h.node(t)
	_, farOfA, _ := h.follow(far, a, 0)
	began := func(v accounts.Viewer, cursor int64) string {
		f, err := h.chat.Follow(t.Context(), v, "lounge", cursor, newEar())
		if err != nil {
			t.Fatal(err)
		}
		defer f.Leave()
		got := ""
		for _, o := range h.sync(f) {
			got += fmt.Sprintf("%s%d ", o.T, len(o.Up))
		}
		return got
	}
	for round, mark := range []int64{4, 5} { // the second ends what the first begins
		h.part(a, b)
		pages := h.restarted(ofA)
		if len(pages) != 2 || pages[0].T != "reset" || pages[0].Seq != mark || len(pages[1].Up) != 0 || !pages[1].End || pages[1].Seq != mark || pages[1].State == nil {
			t.Errorf("round %d: at once a is told %+v", round, pages)
		}
		h.work(far)
		if pages := h.restarted(farOfA); pages[0].T != "reset" { // by the work there: it hears no hints
			t.Errorf("round %d: on the other node a is told %+v", round, pages)
		}
		h.say(c, "after") // seq 5, then 6
		for range 2 {     // River may do it again
			h.work(h.chat)
			h.work(far)
		}
		h.chat.RegardAll()
		far.RegardAll()
		for who, e := range map[string]*ear{"a": ofA, "a elsewhere": farOfA, "b": ofB} {
			if len(e.again) > 0 {
				t.Errorf("round %d: %s is told to start afresh once more", round, who)
			}
		}
		for _, v := range []accounts.Viewer{a, b} {
			for cursor, want := range map[int64]string{1: "reset0 sync0 ", mark: "reset0 sync0 ", mark + 1: "sync0 "} {
				if got := began(v, cursor); got != want {
					t.Errorf("round %d: %s comes with %d and is told %s", round, v.Name, cursor, got)
				}
			}
		}
		if got := began(c, 1); got != fmt.Sprintf("sync%d ", mark) {
			t.Errorf("round %d: somebody else is told %s", round, got)
		}
	}
	if got := began(a, 0); got != "sync6 " {
		t.Errorf("together again, a begins with %s", got)
	}
}

// TestALostPartingIsHealed by the next look, whichever hints were lost.
func TestALostPartingIsHealed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	a, b := h.who[0], h.who[1]
	far := h.node(t)
	_, e, _ := h.follow(far, a, 0)
	h.follow(far, b, 0)
	both := func(o object) bool { return o.K == "pres" && o.Count == 2 }
	e.wait(t, "both", 1, both)
	h.part(a, b)
	far.RegardAll()
	if pages := h.restarted(e); pages[0].T != "reset" {
		t.Errorf("told %+v", pages)
	}
	e.wait(t, "nobody else", 1, func(o object) bool { return o.K == "pres" && o.Count == 1 && slices.Equal(o.Who, []string{a.Name}) })
}

// TestASyncThatIsPartedBeginsAnew: the parting comes between two of its pages.
func TestASyncThatIsPartedBeginsAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	a, b := h.who[0], h.who[1]
	for range 120 {
		h.say(b, "before")
	}
	e := newEar()
	f, err := h.chat.Follow(t.Context(), a, "lounge", 1, e)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Leave)
	if _, last, err := f.Next(t.Context()); last || err != nil {
		t.Fatalf("the first page is the last, %v", err)
	}
	h.part(a, b)
	pages := h.sync(f)
	if len(pages) != 2 || pages[0].T != "reset" || len(pages[1].Up) != 0 {
		t.Errorf("it goes on with %+v", pages)
	}
	h.say(a, "after")
	if o := e.events(t, 1)[0]; o.Seq != 121 || o.M == nil {
		t.Errorf("then came %+v", o)
	}
}

// TestTheNewestAreThoseThatAreShown: who comes without a cursor has fifty, however many are left out between.
func TestTheNewestAreThoseThatAreShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 3)
	a, b, c := h.who[0], h.who[1], h.who[2]
	for i := range 140 {
		who := b
		if i%2 == 0 {
			who = c
		}
		h.say(who, "words")
	}
	h.block(a, b)
	_, _, pages := h.follow(h.chat, a, 0)
	if up := pages[0].Up; len(pages) != 1 || len(up) != 50 || up[0].N != 41 || pages[0].LastN != 140 {
		t.Errorf("%d pages, the first with %d from %d on", len(pages), len(up), up[0].N)
	}
}

// TestNamesOfThoseApartAreLeftOut of who is present, who writes and whose label holds.
func TestNamesOfThoseApartAreLeftOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 3)
	a, b, c := h.who[0], h.who[1], h.who[2]
	h.grant(b, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	h.say(b, "I am one.")
	h.block(a, b)
	_, ofA, pages := h.follow(h.chat, a, 0)
	if labels := pages[0].State.Labels; len(labels) != 0 {
		t.Errorf("a is told the labels %v", labels)
	}
	byB, ofB, _ := h.follow(h.chat, b, 0)
	byC, ofC, pages := h.follow(h.chat, c, 0)
	if labels := pages[0].State.Labels; labels[b.Name] != accounts.IBCLC {
		t.Errorf("c is told the labels %v", labels)
	}
	for e, want := range map[*ear][]string{ofA: {a.Name, c.Name}, ofB: {b.Name, c.Name}, ofC: {a.Name, b.Name, c.Name}} {
		slices.Sort(want)
		o := e.wait(t, "who is there", 1, func(o object) bool { return o.K == "pres" && o.Count == len(want) })[0]
		if !slices.Equal(o.Who, want) {
			t.Errorf("told of %v, want %v", o.Who, want)
		}
	}
	for v, want := range map[int]int{0: 2, 1: 2, 2: 3} {
		room, err := h.chat.Room(t.Context(), h.who[v], "lounge")
		if p := h.chat.Present(room); err != nil || p.Count != want || len(p.Names) != want {
			t.Errorf("%d sees %+v, %v", v, p, err)
		}
	}
	byB.Typing()
	byC.Typing()
	typing := func(o object) bool { return o.K == "typing" }
	if heard := ofA.wait(t, "typing", 1, typing); len(heard) != 1 || !slices.Equal(heard[0].Who, []string{c.Name}) {
		t.Errorf("a is told of typing %+v", heard)
	}
	if heard := ofC.wait(t, "typing", 2, typing); len(heard[1].Who) != 2 {
		t.Errorf("c is told of typing %+v", heard)
	}
	if err := h.chat.LabelChanged(t.Context(), b.ID); err != nil {
		t.Fatal(err)
	}
	state := func(o object) bool { return o.K == "state" }
	if o := ofA.wait(t, "the state", 1, state)[0]; len(o.State.Labels) != 0 {
		t.Errorf("then a is told the labels %v", o.State.Labels)
	}
	if o := ofC.wait(t, "the state", 1, state)[0]; len(o.State.Labels) != 1 {
		t.Errorf("then c is told the labels %v", o.State.Labels)
	}
	for _, o := range ofA.wait(t, "presence", 1, func(o object) bool { return o.K == "pres" }) {
		if slices.Contains(o.Who, b.Name) || o.Count > 2 {
			t.Errorf("a was told %+v", o)
		}
	}
}

// TestWhoIsApartMayStillSpeak: the rules of sends know no blocks.
func TestWhoIsApartMayStillSpeak(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	a, b := h.who[0], h.who[1]
	h.say(a, "first")
	h.part(a, b)
	answer := line("an answer to what b does not see")
	answer.Re = 1
	if ack, err := h.chat.Send(t.Context(), b, answer); err != nil || ack.N != 2 {
		t.Errorf("%+v, %v", ack, err)
	}
}
