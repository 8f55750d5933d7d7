package chat_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is a database with some people in it, and the rooms of one node.
type house struct {
	*testing.T
	db     *db.DB
	people *accounts.Accounts
	chat   *chat.Chat
	who    []accounts.Viewer
}

func newHouse(t testing.TB, people int) *house {
	t.Helper()
	return newHouseOn(t, testdb.New(t), people)
}

func newHouseOn(t testing.TB, database *db.DB, people int) *house {
	t.Helper()
	h := &house{db: database}
	if test, ok := t.(*testing.T); ok {
		h.T = test
	}
	h.people = accounts.New(h.db, testdb.Queue(t, h.db), silence{}, time.Now)
	tokens, err := h.people.CreatePeople(t.Context(), people)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range tokens {
		viewer, err := h.people.Viewer(t.Context(), token)
		if err != nil || viewer.Guest() {
			t.Fatalf("a fresh session is nobody's: %v", err)
		}
		h.who = append(h.who, viewer)
	}
	h.chat = h.node(t)
	return h
}

// node is another node of the same house, on a bus of its own: it hears nothing from the first.
func (h *house) node(t testing.TB) *chat.Chat {
	t.Helper()
	news, err := bus.Embedded("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(news.Close)
	c, err := chat.New(h.db, testdb.Queue(t, h.db), news, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

type silence struct{}

func (silence) Publish(string, []byte) error { return nil }

func line(body string) chat.Line {
	return chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: body}
}

func (h *house) say(viewer accounts.Viewer, body string) chat.Ack {
	h.Helper()
	ack, err := h.chat.Send(h.Context(), viewer, line(body))
	if err != nil {
		h.Fatalf("saying %.40q: %v", body, err)
	}
	return ack
}

func codeOf(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	return f.Code
}

func TestSendNumbersAndKeeps(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	for i := range 5 {
		ack := h.say(h.who[i%2], "hello "+strings.Repeat("again ", i))
		if want := int64(i + 1); ack.N != want || ack.Seq != want || ack.Dup {
			t.Errorf("message %d was acked as %+v", want, ack)
		}
	}
	page, err := h.chat.History(t.Context(), h.who[0], "lounge", chat.Span{})
	if err != nil || len(page.Messages) != 5 || page.LastN != 5 || page.More {
		t.Fatalf("history: %+v, %v", page, err)
	}
	if m := page.Messages[0]; m.HTML != "<p>hello</p>" || m.AuthorID != h.who[0].ID || m.Author != h.who[0].Name || m.Label != accounts.Peer {
		t.Errorf("the first message reads %+v", m)
	}
}

func TestSameCMIDIsOneMessageOnEveryNode(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	other := h.node(t)
	said := line("once")
	first, err := h.chat.Send(t.Context(), h.who[0], said)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 20 {
		node := []*chat.Chat{h.chat, other}[i%2]
		all.Go(func() {
			again := said
			again.Body = "another body is not compared"
			ack, err := node.Send(t.Context(), h.who[0], again)
			if err != nil || !ack.Dup || ack.N != first.N || ack.Seq != first.Seq || !ack.At.Equal(first.At) {
				t.Errorf("the retry was answered %+v, %v; first %+v", ack, err, first)
			}
		})
	}
	all.Wait()
	// The same cmid of somebody else is another message.
	ack, err := h.chat.Send(t.Context(), h.who[1], said)
	if err != nil || ack.Dup || ack.N != 2 {
		t.Errorf("somebody else's: %+v %v", ack, err)
	}
}

func TestAtOnceWithTheSameCMID(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	other := h.node(t)
	said := line("all at once")
	var mu sync.Mutex
	fresh := 0
	var all sync.WaitGroup
	for i := range 30 {
		node := []*chat.Chat{h.chat, other}[i%2]
		all.Go(func() {
			ack, err := node.Send(t.Context(), h.who[0], said)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || ack.N != 1 {
				t.Errorf("%+v %v", ack, err)
			}
			if !ack.Dup {
				fresh++
			}
		})
	}
	all.Wait()
	if fresh != 1 {
		t.Errorf("%d sends were the first", fresh)
	}
}

func TestManySendersLeaveNoHole(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 8)
	nodes := []*chat.Chat{h.chat, h.node(t)}
	var all sync.WaitGroup
	for i, viewer := range h.who {
		all.Go(func() {
			for range 20 {
				if _, err := nodes[i%2].Send(t.Context(), viewer, line("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	var found struct{ Count, Lowest, Highest, Seqs, Seq, N int64 }
	err := h.db.NewRaw(`SELECT count(*), min(m.n) AS lowest, max(m.n) AS highest, count(DISTINCT m.seq) AS seqs, c.seq, c.n
		FROM messages m JOIN room_counters c USING (room_id) GROUP BY c.seq, c.n`).Scan(t.Context(), &found)
	if err != nil {
		t.Fatal(err)
	}
	if found.Count != 160 || found.Lowest != 1 || found.Highest != 160 || found.Seqs != 160 || found.Seq != 160 || found.N != 160 {
		t.Errorf("160 sends left %+v", found)
	}
}

func TestLinesOfOneCallerKeepTheirOrder(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	const count = 200
	acks := make(chan int64, count)
	for range count {
		h.chat.Submit(h.who[0], line("in order"), func(ack chat.Ack, err error) {
			if err != nil {
				t.Error(err)
			}
			acks <- ack.N
		})
	}
	for want := int64(1); want <= count; want++ {
		if n := <-acks; n != want {
			t.Fatalf("ack %d was for message %d", want, n)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	me := h.who[0]
	over := me
	over.SessionID = 1 << 40
	for name, c := range map[string]struct {
		viewer accounts.Viewer
		line   chat.Line
		code   string
	}{
		"a guest":                {accounts.Viewer{}, line("x"), "not_found"},
		"a session that is over": {over, line("x"), "forbidden"},
		"an unknown room":        {me, chat.Line{Room: "nowhere", CMID: uuid.NewString(), Body: "x"}, "not_found"},
		"a room with a NUL":      {me, chat.Line{Room: "lo\x00unge", CMID: uuid.NewString(), Body: "x"}, "not_found"},
		"no cmid":                {me, chat.Line{Room: "lounge", Body: "x"}, "bad_frame"},
		"a cmid in braces":       {me, chat.Line{Room: "lounge", CMID: "{" + uuid.NewString() + "}", Body: "x"}, "bad_frame"},
		"nothing":                {me, line(""), "empty"},
		"blanks":                 {me, line(" \r\n\t "), "empty"},
		"4,001 characters":       {me, line(strings.Repeat("ä", 4001)), "too_long"},
		"NUL":                    {me, line("a\x00b"), "bad_frame"},
		"broken UTF-8":           {me, line("a\xffb"), "bad_frame"},
		"an override":            {me, line("a\u202eb"), "bad_frame"},
		"an answer to nothing":   {me, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: "x", Re: 99}, "not_found"},
		"a negative answer":      {me, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: "x", Re: -1}, "bad_frame"},
	} {
		if _, err := h.chat.Send(t.Context(), c.viewer, c.line); codeOf(err) != c.code {
			t.Errorf("%s: %v (%q), not %q", name, err, codeOf(err), c.code)
		}
	}
	if ack := h.say(me, strings.Repeat("ä\r\n", 1999)+"ää"); ack.N != 1 {
		t.Errorf("after these refusals the first message is %d", ack.N)
	}
}

func TestOneRefusalNeverFailsTheBatch(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	over := h.who[0]
	over.SessionID = 1 << 40
	var all sync.WaitGroup
	for i := range 40 {
		viewer := h.who[0]
		if i%4 == 0 {
			viewer = over
		}
		all.Add(1)
		h.chat.Submit(viewer, line("x"), func(_ chat.Ack, err error) {
			defer all.Done()
			if (err != nil) != (viewer.SessionID == over.SessionID) {
				t.Errorf("send %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if ack := h.say(h.who[0], "last"); ack.N != 31 {
		t.Errorf("30 were let in, and the next is %d", ack.N)
	}
}

func TestTooFast(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	news, err := bus.Embedded("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(news.Close)
	limited, err := chat.New(h.db, testdb.Queue(t, h.db), news, chat.NewSendLimiter(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(limited.Close)
	for i := range 9 {
		_, err := limited.Send(t.Context(), h.who[0], line("x"))
		if want := map[bool]string{true: "rate"}[i == 8]; codeOf(err) != want {
			t.Errorf("send %d: %v", i+1, err)
		}
		var f *fault.Error
		if errors.As(err, &f) && (f.Retry <= 0 || f.Retry > 2*time.Second) {
			t.Errorf("one in two seconds, not in %v", f.Retry)
		}
	}
}

func TestGuestsLearnWhatRoomsThereAre(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	h.say(h.who[0], "x")
	rooms, err := h.chat.Rooms(t.Context(), accounts.Viewer{})
	if err != nil || len(rooms) != 3 || rooms[0].Slug != "lounge" || rooms[0].LastN != 0 {
		t.Errorf("rooms to a guest: %+v %v", rooms, err)
	}
	if _, err := h.chat.Room(t.Context(), accounts.Viewer{}, "lounge"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a room to a guest: %v", err)
	}
	if _, err := h.chat.History(t.Context(), accounts.Viewer{}, "lounge", chat.Span{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("history to a guest: %v", err)
	}
}

func TestHistoryPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	for range 120 {
		h.say(h.who[0], "x")
	}
	const huge = int64(1) << 62
	for name, c := range map[string]struct {
		span        chat.Span
		first, last int64
		more        bool
	}{
		"newest":             {chat.Span{}, 71, 120, true},
		"before":             {chat.Span{Before: 71}, 21, 70, true},
		"before the last 20": {chat.Span{Before: 21}, 1, 20, false},
		"after":              {chat.Span{After: 60, Limit: 10}, 61, 70, true},
		"after, to the end":  {chat.Span{After: 100}, 101, 120, false},
		"around":             {chat.Span{Around: 50, Limit: 10}, 45, 54, true},
		"too many":           {chat.Span{Limit: 5000}, 21, 120, true},
		"too few":            {chat.Span{Limit: -3}, 120, 120, true},
		"before the future":  {chat.Span{Before: huge, Limit: 2}, 119, 120, true},
		"after the future":   {chat.Span{After: huge}, 0, 0, false},
	} {
		page, err := h.chat.History(t.Context(), h.who[0], "lounge", c.span)
		var first, last int64
		if len(page.Messages) > 0 {
			first, last = page.Messages[0].N, page.Messages[len(page.Messages)-1].N
		}
		if err != nil || first != c.first || last != c.last || page.More != c.more || page.LastN != 120 {
			t.Errorf("%s: %d to %d, more %v, last %d, %v", name, first, last, page.More, page.LastN, err)
		}
	}
}

func TestRemovedMessagesAreTombstones(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	h.say(h.who[0], "a word that must go")
	h.remove(1)
	page, err := h.chat.History(t.Context(), h.who[0], "lounge", chat.Span{})
	if err != nil || len(page.Messages) != 1 {
		t.Fatal(page, err)
	}
	encoded, err := json.Marshal(page.Messages[0].Wire(h.who[0].ID))
	if err != nil || string(encoded) != `{"n":1,"rev":2,"del":true}` {
		t.Errorf("a tombstone says %s %v", encoded, err)
	}
}

// remove is what a moderator's tool will do: one change, with its own seq.
func (h *house) remove(ns ...int64) {
	h.Helper()
	for _, n := range ns {
		h.change(`UPDATE messages m SET deleted_at = now(), rev = c.seq FROM room_counters c JOIN rooms r ON r.id = c.room_id
			WHERE r.slug = 'lounge' AND m.room_id = c.room_id AND m.n = ?`, n)
	}
}

// change moves the room's seq and makes a change that carries it.
func (h *house) change(sql string, args ...any) {
	h.Helper()
	err := h.db.InTx(h.Context(), func(ctx contextT, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE room_counters SET seq = seq + 1 WHERE room_id = (SELECT id FROM rooms WHERE slug = 'lounge')`)
		if err == nil {
			_, err = tx.ExecContext(ctx, sql, args...)
		}
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
}
