package chat_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// staff makes somebody a moderator, as their next request finds them.
func (h *house) staff(i int) accounts.Viewer {
	h.Helper()
	v := h.who[i]
	v.Role = accounts.Moderator
	return v
}

func (h *house) room(slug string) chat.Room {
	h.Helper()
	room, err := h.chat.Room(h.Context(), h.who[0], slug)
	if err != nil {
		h.Fatal(err)
	}
	return room
}

// carry has something done to a message of the lounge.
func (h *house) carry(by accounts.Viewer, verb audit.Verb, n int64) error {
	h.Helper()
	o := chat.Order{Verb: verb, RoomID: h.room("lounge").ID, N: n, Reason: audit.Unkind}
	return h.db.InTx(h.Context(), func(ctx context.Context, tx *db.Tx) error { return h.chat.Carry(ctx, tx, by, o) })
}

func (h *house) carried(by accounts.Viewer, verb audit.Verb, n int64) {
	h.Helper()
	if err := h.carry(by, verb, n); err != nil {
		h.Fatalf("%s %d: %v", verb, n, err)
	}
}

func (h *house) record() []audit.Entry {
	h.Helper()
	page, err := audit.New(h.db).Page(h.Context(), 0)
	if err != nil {
		h.Fatal(err)
	}
	return page.Entries
}

// heldBy is everything about the lounge that a viewer is given, as it leaves the server.
func (h *house) heldBy(viewer accounts.Viewer) string {
	h.Helper()
	var all strings.Builder
	for _, span := range []chat.Span{{}, {After: 1}, {Around: 2}} {
		page, err := h.chat.History(h.Context(), viewer, "lounge", span)
		if err != nil {
			h.Fatal(err)
		}
		for _, m := range page.Messages {
			line, err := json.Marshal(m.Wire(viewer.ID))
			if err != nil {
				h.Fatal(err)
			}
			all.WriteString(m.HTML)
			all.Write(line)
		}
	}
	_, e, pages := h.follow(h.node(h.T), viewer, 1)
	for _, o := range append(pages, e.all...) {
		for _, m := range o.Up {
			all.WriteString(m.HTML + m.Author)
		}
	}
	return all.String()
}

func TestWordsThatAModeratorTakesAwayAreGoneForEverybody(t *testing.T) {
	t.Parallel()
	for _, verb := range []audit.Verb{audit.Hide, audit.Remove} {
		t.Run(string(verb), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, 3)
			author, reader, maya := h.who[0], h.who[1], h.staff(2)
			h.say(reader, "before")
			h.say(author, "planted words")
			h.say(reader, "after")
			_, live, _ := h.follow(h.chat, reader, 0)
			_, own, _ := h.follow(h.chat, author, 0)
			h.carried(maya, verb, 2)
			for _, e := range []*ear{live, own} {
				ev := e.events(t, 1)[0]
				if ev.K != "del" || ev.Seq != 4 || *ev.M != (chat.WireMessage{N: 2, Rev: 4, Deleted: true}) {
					t.Errorf("an open room heard %+v with %+v", ev, ev.M)
				}
			}
			for _, viewer := range []accounts.Viewer{author, reader, maya} {
				if held := h.heldBy(viewer); strings.Contains(held, "planted") || !strings.Contains(held, `{"n":2,"rev":4,"del":true}`) {
					t.Errorf("%s is given %s", viewer.Name, held)
				}
			}
			h.carried(maya, audit.Restore, 2)
			ev := live.events(t, 2)[1]
			if ev.K != "edit" || ev.Seq != 5 || ev.M.Rev != 5 || ev.M.HTML != "<p>planted words</p>" || ev.M.Author != author.Name || ev.M.CMID != "" {
				t.Errorf("restored, the room heard %+v with %+v", ev, ev.M)
			}
			if mine := own.events(t, 2)[1]; mine.M.CMID == "" {
				t.Errorf("its author heard %+v", mine.M)
			}
			if held := h.heldBy(reader); !strings.Contains(held, "planted words") {
				t.Errorf("restored, a reader is given %s", held)
			}
			verbs := []audit.Verb{}
			for _, e := range h.record() {
				verbs = append(verbs, e.Verb)
				if e.Kind != audit.Message || e.ObjectID != 2 || e.IntoID != h.room("lounge").ID || e.ActorID != maya.ID || e.Reason != audit.Unkind {
					t.Errorf("written down as %+v", e)
				}
			}
			if !slices.Equal(verbs, []audit.Verb{audit.Restore, verb}) {
				t.Errorf("written down are %v", verbs)
			}
		})
	}
}

func TestWhatIsSoAlreadyChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	h.say(h.who[0], "words")
	maya := h.staff(1)
	for _, verb := range []audit.Verb{audit.Restore, audit.Hide, audit.Hide, audit.Remove} {
		h.carried(maya, verb, 1)
	}
	var seq int64
	if err := h.db.NewRaw(`SELECT seq FROM room_counters WHERE room_id = ?`, h.room("lounge").ID).Scan(t.Context(), &seq); err != nil {
		t.Fatal(err)
	}
	if n := len(h.record()); seq != 2 || n != 1 {
		t.Errorf("one act moved the room to %d, with %d entries", seq, n)
	}
}

func TestOnlyAModeratorTakesWordsAwayAndNeverTheirOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	maya := h.staff(0)
	h.say(maya, "my own")
	h.say(h.who[1], "somebody's")
	for name, c := range map[string]struct {
		by   accounts.Viewer
		verb audit.Verb
		n    int64
		kind fault.Kind
	}{
		"a guest":          {accounts.Viewer{}, audit.Hide, 2, fault.NotFound},
		"a member":         {h.who[1], audit.Hide, 1, fault.Forbidden},
		"their own":        {maya, audit.Hide, 1, fault.Forbidden},
		"nothing":          {maya, audit.Hide, 3, fault.NotFound},
		"no such act":      {maya, audit.Pin, 2, fault.Invalid},
		"a negative count": {maya, audit.Hide, -1, fault.NotFound},
	} {
		if err := h.carry(c.by, c.verb, c.n); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.chat.Carry(ctx, tx, maya, chat.Order{Verb: audit.Hide, RoomID: h.room("lounge").ID, N: 2, Reason: "because"})
	})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	if n := len(h.record()); n != 0 {
		t.Errorf("%d entries of refusals", n)
	}
	if held := h.heldBy(h.who[1]); !strings.Contains(held, "somebody") || strings.Contains(held, `"del"`) {
		t.Errorf("a refusal changed something: %s", held)
	}
}

func TestAnActWithoutItsEntryIsNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	h.say(h.who[0], "words")
	_, live, _ := h.follow(h.chat, h.who[0], 0)
	if _, err := h.db.ExecContext(t.Context(), `SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (false)`); err != nil {
		t.Fatal(err)
	}
	if err := h.carry(h.staff(1), audit.Hide, 1); err == nil {
		t.Fatal("it was done without being written down")
	}
	h.say(h.who[0], "next")
	if ev := live.events(t, 1)[0]; ev.K != "msg" || ev.Seq != 2 {
		t.Errorf("the room heard %+v", ev)
	}
}

// TestWhoJoinsMeanwhileIsNotGivenRemovedWords: what came while they read is kept for them, and those words are not.
func TestWhoJoinsMeanwhileIsNotGivenRemovedWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	_, first, _ := h.follow(h.chat, h.who[0], 0) // keeps the feed warm
	for range 130 {
		h.say(h.who[0], "x")
	}
	first.events(t, 130)
	late := newEar()
	f, err := h.chat.Follow(t.Context(), h.who[1], "lounge", 1, late)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Leave)
	if _, last, err := f.Next(t.Context()); last || err != nil { // the first of two pages
		t.Fatal(last, err)
	}
	h.say(h.who[0], "planted words")
	h.carried(h.staff(1), audit.Remove, 131)
	first.events(t, 132)
	h.sync(f)
	events := late.events(t, 2)
	for i, want := range []string{"nil", "del"} {
		if ev := events[i]; ev.K != want || ev.Seq != int64(131+i) || ev.M != nil && ev.M.HTML != "" {
			t.Errorf("event %d is %+v with %+v", i, ev, ev.M)
		}
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	for range 12 {
		h.say(h.who[0], "x")
	}
	maya := h.staff(1)
	h.carried(maya, audit.Hide, 5)
	h.carried(maya, audit.Hide, 9)
	for n, want := range map[int64][]int64{1: {1, 2, 3, 4}, 6: {2, 3, 4, 6, 7, 8, 10}, 12: {8, 10, 11, 12}} {
		room, found, err := h.chat.Context(t.Context(), h.who[0], "lounge", n)
		var ns []int64
		for _, m := range found {
			ns = append(ns, m.N)
		}
		if err != nil || room.Slug != "lounge" || !slices.Equal(ns, want) {
			t.Errorf("around %d stand %v, %v", n, ns, err)
		}
	}
	for _, n := range []int64{0, -1, 5, 13} {
		if _, _, err := h.chat.Context(t.Context(), maya, "lounge", n); !fault.Is(err, fault.NotFound) {
			t.Errorf("around %d: %v", n, err)
		}
	}
	if _, _, err := h.chat.Context(t.Context(), accounts.Viewer{}, "lounge", 1); !fault.Is(err, fault.NotFound) {
		t.Errorf("to a guest: %v", err)
	}
}
