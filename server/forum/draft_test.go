package forum_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

func TestADraftIsKeptForItsAuthorUntilItIsSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	thread := h.thread(wren, "relactation", "Is it too late?")
	save := func(body string) {
		t.Helper()
		if err := h.SaveDraft(t.Context(), sol, forum.Draft{Target: thread.ReplyTarget(), Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	save("Eleven is")
	h.pass(time.Second)
	save("Eleven is not a small number")
	if d := h.page(sol, thread, 0).Draft; d.Body != "Eleven is not a small number" || !d.UpdatedAt.Equal(h.now()) {
		t.Errorf("the draft is %+v", d)
	}
	if d := h.page(wren, thread, 0).Draft; d != (forum.Draft{}) {
		t.Errorf("somebody else sees %+v", d)
	}
	if d := h.page(guest, thread, 0).Draft; d != (forum.Draft{}) {
		t.Errorf("a guest sees %+v", d)
	}
	answer := forum.Answer{ThreadID: thread.ID, Body: "", Key: uuid.New()}
	if _, err := h.Reply(t.Context(), sol, answer); err == nil {
		t.Fatal("an empty reply was taken")
	}
	if d := h.page(sol, thread, 0).Draft; d.Body == "" {
		t.Error("a refused reply took the draft away")
	}
	h.reply(sol, thread, "Eleven is not a small number.")
	if d := h.page(sol, thread, 0).Draft; d != (forum.Draft{}) {
		t.Errorf("sent, and still there: %+v", d)
	}
	save("Again")
	save(" ")
	if n := h.count(`SELECT count(*) FROM drafts`); n != 0 {
		t.Errorf("%d drafts, an empty one is none", n)
	}
}

func TestADraftOfAThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	category, err := h.Category(t.Context(), wren, "feelings")
	if err != nil {
		t.Fatal(err)
	}
	draft := forum.Draft{Target: category.OpeningTarget(), Title: "Half a ti", Body: "Broken \xff bytes\x00."}
	if err := h.SaveDraft(t.Context(), wren, draft); err != nil {
		t.Fatal(err)
	}
	if d, err := h.OpeningDraft(t.Context(), wren, category); err != nil || d.Title != "Half a ti" || d.Body != "Broken \ufffd bytes." {
		t.Errorf("%+v %v", d, err)
	}
	h.thread(wren, "feelings", "A whole title")
	if d, err := h.OpeningDraft(t.Context(), wren, category); err != nil || d != (forum.Draft{}) {
		t.Errorf("sent, and still there: %+v %v", d, err)
	}
}

func TestWhatADraftMayAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "feelings", "A members' thread")
	for _, target := range []string{"", "t:", "t:0", "t:-1", "t:01", "t:999999", "x:1", "c:", "c:nowhere", "c:\x00", "1", "t:99999999999999999999"} {
		err := h.SaveDraft(t.Context(), wren, forum.Draft{Target: target, Body: "Words."})
		refused(t, "target "+target, err, fault.NotFound)
	}
	err := h.SaveDraft(t.Context(), guest, forum.Draft{Target: thread.ReplyTarget(), Body: "Words."})
	refused(t, "a guest's draft", err, fault.Unauthenticated)
	err = h.SaveDraft(t.Context(), wren, forum.Draft{Target: thread.ReplyTarget(), Body: strings.Repeat("é", 60_001)})
	refused(t, "a very long draft", err, fault.Invalid)
	if err := h.SaveDraft(t.Context(), wren, forum.Draft{Target: thread.ReplyTarget(), Body: strings.Repeat("é", 60_000)}); err != nil {
		t.Errorf("a draft too long to send must be kept: %v", err)
	}
}
