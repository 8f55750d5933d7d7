package chat_test

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/testdb"
)

func (h *house) grant(who accounts.Viewer, from, until time.Time) {
	h.Helper()
	err := h.db.InTx(h.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.people.GrantLabel(ctx, tx, who.ID, accounts.IBCLC, from, until)
	})
	if err != nil {
		h.Fatal(err)
	}
}

// nodeAt is a node whose clock is ahead by what the test says.
func (h *house) nodeAt(ahead *atomic.Int64) *chat.Chat {
	h.Helper()
	news, err := bus.Embedded("")
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(news.Close)
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	c, err := chat.New(h.db, testdb.Queue(h, h.db), news, nil, clock)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(c.Close)
	return c
}

// TestAnExpiredLabelFallsOffTheOpenRoom as soon as its job is done, on the node that does it and on others.
func TestAnExpiredLabelFallsOffTheOpenRoom(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 3)
	june, silent := h.who[1], h.who[2]
	expiry := time.Now().Add(time.Hour)
	h.grant(june, time.Now().Add(-time.Hour), expiry)
	var ahead atomic.Int64
	node := h.nodeAt(&ahead)
	if _, err := node.Send(t.Context(), june, chat.Line{Room: "lounge", CMID: line("").CMID, Body: "I am one."}); err != nil {
		t.Fatal(err)
	}
	_, open, pages := h.follow(node, h.who[0], 0)
	if labels := pages[0].State.Labels; labels[june.Name] != accounts.IBCLC {
		t.Fatalf("the labels are %v", labels)
	}
	if err := node.LabelChanged(t.Context(), silent.ID); err != nil {
		t.Fatal(err)
	}
	ahead.Store(int64(time.Until(expiry) + time.Second))
	for range 2 { // River may do a job twice
		if err := node.LabelChanged(t.Context(), june.ID); err != nil {
			t.Fatal(err)
		}
	}
	for i, ev := range open.events(t, 2) {
		if i == 0 && ev.Seq != 2 { // nothing was told of somebody who never spoke here
			t.Errorf("the first event has seq %d", ev.Seq)
		}
		if ev.K == "state" && (ev.State.Labels[june.Name] != "" || ev.State.Topic == "" || ev.State.Me.Name != h.who[0].Name) {
			t.Errorf("the room was told %+v", ev.State)
		}
	}
	if last := open.events(t, 2)[1]; last.K != "state" || last.Seq != 3 {
		t.Errorf("the newest state came as %+v", last)
	}
	_, _, pages = h.follow(node, h.who[0], 1)
	if s := pages[0].State; s.Labels[june.Name] != "" || pages[0].Seq != 3 {
		t.Errorf("who comes back is told %+v", s)
	}
}

// TestAWorkerTellsTheRoomsOfALabel: a real one, by the jobs that the grant left.
func TestAWorkerTellsTheRoomsOfALabel(t *testing.T) {
	t.Parallel()
	target := testdb.Target(t).AsApp()
	database := db.Open(target.WithPool(8))
	t.Cleanup(func() { _ = database.Close() })
	h := newHouseOn(t, database, 2)
	june := h.who[1]
	h.say(june, "I am one.")
	_, open, _ := h.follow(h.chat, h.who[0], 0)
	workers := river.NewWorkers()
	h.chat.Workers(workers)
	running, err := jobs.Start(t.Context(), target, workers, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h.grant(june, time.Now(), time.Now().Add(2*time.Second))
	gone := func(o object) bool { return o.K == "state" && o.State.Labels[june.Name] == "" }
	open.wait(t, "the room without the label", 1, gone)
	if err := running.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestALabelIsWornWithASecondFactor, as the session stands when the message is taken, not when the socket opened.
func TestALabelIsWornWithASecondFactor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2)
	june, lee := h.who[0], h.who[1]
	june.Label, lee.Label = accounts.IBCLC, accounts.Supporter // as they were when their sockets opened
	if _, err := h.db.ExecContext(t.Context(), `UPDATE people SET role = 'consultant' WHERE id = ?`, june.ID); err != nil {
		t.Fatal(err)
	}
	h.say(june, "With it.")
	if _, err := h.db.ExecContext(t.Context(), `UPDATE sessions SET second_factor = false`); err != nil {
		t.Fatal(err)
	}
	h.say(june, "Without it.")
	h.say(lee, "A member needs none.")
	page, err := h.chat.History(t.Context(), lee, "lounge", chat.Span{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	var worn []accounts.Label
	for _, m := range page.Messages {
		worn = append(worn, m.Label)
	}
	if !slices.Equal(worn, []accounts.Label{accounts.IBCLC, accounts.Peer, accounts.Supporter}) {
		t.Errorf("they spoke as %v", worn)
	}
}
