package chat_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// sanction decides about somebody; a zero until takes it back.
func (h *house) sanction(decide func(context.Context, *db.Tx, int64, time.Time) error, who accounts.Viewer, until time.Time) {
	h.Helper()
	if err := h.db.InTx(h.Context(), func(ctx context.Context, tx *db.Tx) error { return decide(ctx, tx, who.ID, until) }); err != nil {
		h.Fatal(err)
	}
}

// TestStandingIsJudgedInTheSend: by a viewer who was read before the decision, on every node, until it ends by itself.
func TestStandingIsJudgedInTheSend(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	nodes := []*chat.Chat{h.chat, h.node(t)}
	kept := line("said before")
	if _, err := h.chat.Send(t.Context(), h.who[0], kept); err != nil {
		t.Fatal(err)
	}
	for code, decide := range map[string]func(context.Context, *db.Tx, int64, time.Time) error{
		"muted": h.people.Mute, "forbidden": h.people.Suspend,
	} {
		h.sanction(decide, h.who[0], time.Now().Add(time.Hour))
		for _, node := range nodes {
			_, err := node.Send(t.Context(), h.who[0], line("x"))
			if codeOf(err) != code || !fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), "until ") {
				t.Errorf("%s: %v (%q)", code, err, codeOf(err))
			}
			if ack, err := node.Send(t.Context(), h.who[0], kept); err != nil || !ack.Dup || ack.N != 1 {
				t.Errorf("%s: what was in already is answered %+v %v", code, ack, err)
			}
			if _, err := node.Send(t.Context(), h.who[1], line("somebody else")); err != nil {
				t.Errorf("somebody else: %v", err)
			}
		}
		h.sanction(decide, h.who[0], time.Now()) // by now it has ended
		if _, err := h.chat.Send(t.Context(), h.who[0], line("again")); err != nil {
			t.Errorf("%s, ended: %v", code, err)
		}
		h.sanction(decide, h.who[0], time.Time{})
	}
}

func TestTheStateSaysHowIStand(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	me := func() chat.Me {
		_, _, pages := h.follow(h.chat, h.who[0], 0)
		return pages[0].State.Me
	}
	if got := me(); got != (chat.Me{Name: h.who[0].Name}) {
		t.Errorf("a member is %+v", got)
	}
	until := time.Now().Add(time.Hour).Truncate(time.Millisecond)
	h.sanction(h.people.Mute, h.who[0], until)
	if _, err := h.db.ExecContext(t.Context(), `UPDATE people SET role = 'moderator' WHERE id = ?`, h.who[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := me(); got != (chat.Me{Name: h.who[0].Name, MutedUntil: until.UnixMilli(), Mod: true}) {
		t.Errorf("a muted moderator is %+v", got)
	}
	h.sanction(h.people.Mute, h.who[0], time.Now())
	if got := me(); got.MutedUntil != 0 {
		t.Errorf("afterwards they are %+v", got)
	}
}

func TestTheRoomsAreClosedToTheSuspended(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	before := h.who[0]
	h.sanction(h.people.Suspend, before, time.Now().Add(time.Hour))
	now := before
	now.SuspendedUntil = time.Now().Add(time.Hour)
	if _, err := h.chat.Room(t.Context(), now, "lounge"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a room: %v", err)
	}
	if _, err := h.chat.History(t.Context(), now, "lounge", chat.Span{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("its history: %v", err)
	}
	if rooms, err := h.chat.Rooms(t.Context(), now); err != nil || len(rooms) != 3 {
		t.Errorf("the list: %v %v", rooms, err)
	}
	// A viewer who was read before the decision gets as far as the sync, and no further.
	f, err := h.chat.Follow(t.Context(), before, "lounge", 0, newEar())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Leave)
	if _, _, err := f.Next(t.Context()); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a sync: %v", err)
	}
}

// TestWhoAwaitsALetterReadsAndSaysNothing, judged in the send though the viewer was read before; who waits to be let in finds
// no room.
func TestWhoAwaitsALetterReadsAndSaysNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	await := func(what any) {
		t.Helper()
		if _, err := h.db.ExecContext(t.Context(), `UPDATE people SET awaits = ? WHERE id = ?`, what, h.who[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	await(accounts.AwaitsLetter)
	_, err := h.chat.Send(t.Context(), h.who[0], line("x"))
	if codeOf(err) != "forbidden" || !fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), "confirm your e-mail") {
		t.Errorf("before the letter: %v (%q)", err, codeOf(err))
	}
	waits := h.who[0]
	waits.Awaits = accounts.AwaitsLetter
	if _, err := h.chat.History(t.Context(), waits, "lounge", chat.Span{}); err != nil {
		t.Errorf("they read: %v", err)
	}
	await(nil)
	if _, err := h.chat.Send(t.Context(), h.who[0], line("x")); err != nil {
		t.Errorf("after the letter: %v", err)
	}
	waits.Awaits = accounts.AwaitsApproval
	_, sent := h.chat.Send(t.Context(), waits, line("x"))
	_, read := h.chat.History(t.Context(), waits, "lounge", chat.Span{})
	if !fault.Is(sent, fault.NotFound) || !fault.Is(read, fault.NotFound) {
		t.Errorf("not let in: %v, %v", sent, read)
	}
	rooms, err := h.chat.Rooms(t.Context(), waits)
	if err != nil || len(rooms) == 0 || rooms[0].LastN != 0 {
		t.Errorf("they are told what goes on: %+v, %v", rooms, err)
	}
}
