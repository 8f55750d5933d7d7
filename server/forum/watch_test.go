package forum_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

func TestWhoWritesInAThreadWatchesIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	wren, sol, june := h.person("wren"), h.person("sol"), h.person("june")
	thread := h.thread(wren, "house", "A thread")
	h.reply(sol, thread, "A reply.")
	want := func(when string, watching ...bool) {
		t.Helper()
		for i, v := range []accounts.Viewer{wren, sol, june, guest} {
			if page := h.page(v, thread, 0); page.Watched != watching[i] {
				t.Errorf("%s, %q watches: %v", when, v.Handle, page.Watched)
			}
		}
	}
	watch := func(v accounts.Viewer, on bool) {
		t.Helper()
		for range 2 { // as good as once
			if got, err := h.Watch(ctx, v, thread.ID, on); err != nil || got.ID != thread.ID {
				t.Fatal(got, err)
			}
		}
	}
	want("written in", true, true, false, false)
	watch(sol, false)
	watch(june, true)
	want("chosen", true, false, true, false)
	h.reply(sol, thread, "Another reply.")
	h.reply(june, thread, "And one more.")
	want("written in again", true, true, true, false)
	_, err := h.Watch(ctx, guest, thread.ID, true)
	refused(t, "a guest", err, fault.Unauthenticated)
	_, err = h.Watch(ctx, guest, h.thread(wren, "feelings", "Inside").ID, true)
	refused(t, "a guest, inside", err, fault.NotFound)
	_, err = h.Watch(ctx, wren, 999_999, true)
	refused(t, "nothing", err, fault.NotFound)
}

// waiting counts the jobs of a kind about a post; 0 is any.
func (h *house) waiting(kind string, postID int64) int {
	h.t.Helper()
	return h.count(`SELECT count(*) FROM river_job WHERE kind = ?0 AND (?1 = 0 OR (args->>'post_id')::bigint = ?1)`, kind, postID)
}

func TestEachPostIsToldOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	opening := forum.Opening{Category: "house", Title: "A thread", Body: "Words.", Key: uuid.New()}
	var thread forum.Thread
	for range 2 {
		var err error
		if thread, err = h.Start(t.Context(), wren, opening); err != nil {
			t.Fatal(err)
		}
	}
	answer := forum.Answer{ThreadID: thread.ID, Body: "A reply.", Key: uuid.New()}
	place := h.mustReply(wren, answer)
	h.mustReply(wren, answer)
	h.edit(wren, place.PostID, "A reply in other words.")
	if first := h.page(wren, thread, 0).Posts[0].ID; h.waiting("forum.posted", 0) != 2 || h.waiting("forum.posted", first) != 1 || h.waiting("forum.posted", place.PostID) != 1 {
		t.Errorf("%d jobs tell of two posts", h.waiting("forum.posted", 0))
	}
	_, err := h.Reply(t.Context(), wren, forum.Answer{ThreadID: thread.ID, Body: "To nobody.", Key: uuid.New(), ReplyTo: 999_999})
	refused(t, "a reply to nothing", err, fault.Invalid)
	if n := h.waiting("forum.posted", 0); n != 2 {
		t.Errorf("a refused reply is told of: %d jobs", n)
	}
	if _, err := h.db.ExecContext(t.Context(), "SET LOCAL ROLE NONE; ALTER TABLE river_job ADD CONSTRAINT none CHECK (false) NOT VALID"); err != nil {
		t.Fatal(err)
	}
	_, err = h.Reply(context.WithoutCancel(t.Context()), wren, forum.Answer{ThreadID: thread.ID, Body: "Untold.", Key: uuid.New()})
	if err == nil || errors.As(err, new(*fault.Error)) || h.page(wren, thread, 0).Thread.Posts != 2 {
		t.Errorf("a post that cannot be told of stands: %v", err)
	}
}

func TestWhoMayBeInDangerIsLookedAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread, err := h.Start(t.Context(), wren, forum.Opening{Category: "house", Title: "I want to die", Body: "Words.", Key: uuid.New()})
	if err != nil {
		t.Fatal(err)
	}
	first := h.page(wren, thread, 0).Posts[0].ID
	answer := forum.Answer{ThreadID: thread.ID, Body: "I want to die.", Key: uuid.New()}
	second := h.mustReply(wren, answer).PostID
	h.mustReply(wren, answer)
	third := h.reply(wren, thread, "I asked about domperidone.").PostID
	if h.waiting("forum.alarmed", first) != 1 || h.waiting("forum.alarmed", second) != 1 || h.waiting("forum.alarmed", third) != 0 {
		t.Errorf("%d jobs, for the thread %d and for the reply %d", h.waiting("forum.alarmed", 0), h.waiting("forum.alarmed", first), h.waiting("forum.alarmed", second))
	}
	h.edit(wren, third, "I want to die.")
	h.edit(wren, third, "I want to die, and I mean it.")
	h.edit(wren, third, "I am better.")
	if h.waiting("forum.alarmed", third) != 1 {
		t.Errorf("an edit makes %d jobs", h.waiting("forum.alarmed", third))
	}
}
