package chat_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
)

// holds says whether anything on the page, seen or unseen, has these words.
func (w window) holds(words string) bool {
	w.t.Helper()
	return strings.Contains(w.MustEval(`() => document.documentElement.outerHTML`).Str(), words)
}

// topic changes what the lounge is for, of which every open page is told.
func (h *house) topic(ada member, words string) {
	h.t.Helper()
	must(h.t, h.chat.ChangeRoom(h.t.Context(), ada.Viewer, chat.Room{Slug: "lounge", Name: "Lounge", About: "For anything", Topic: words, Position: 1}))
}

// administrator joins as one.
func (h *house) administrator(handle string) member {
	h.t.Helper()
	ada := h.promoted(handle, "administrator")
	ada.Role = accounts.Administrator
	return ada
}

func TestRemovedWordsLeaveTheOpenPage(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	browser := chromium(t)
	river, sol := h.visit(browser, h.join("river")), h.visit(browser, h.join("sol"))
	sol.say("planted words")
	river.reads("planted words")
	river.MustElementR("[data-heard]", "planted words") // what is read out
	river.MustElement("#m-1 [data-reply]").MustClick()
	river.say("I am")
	river.reads("planted words", "I am")
	sol.reads("planted words", "I am")
	river.MustElement("#m-1 [data-reply]").MustClick()
	river.MustElementR("[data-answering]", "planted words")

	h.carry(audit.Hide, 1)
	for _, w := range []window{river, sol} {
		w.MustElementR("#m-1", "A message was removed.")
		w.MustElementR("#m-2 [data-answers]", "to an earlier message")
		if w.holds("planted") {
			t.Errorf("the page of %s still holds the words", w.who.Name)
		}
	}
	river.MustElementR("[data-answering]", "Answering an earlier message")
	h.carry(audit.Restore, 1)
	river.reads("planted words", "I am")
	river.MustElementR("#m-2 [data-answers]", "to sol: planted words")
	sol.MustElement("#m-1.msg-mine")
}

// TestAnOldChangeLeavesNoHole: what is changed before the first row that is held is read with the earlier messages.
func TestAnOldChangeLeavesNoHole(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	sol := h.join("sol")
	for i := range 60 {
		h.says(sol, fmt.Sprintf("number %d", i+1))
	}
	river := h.visit(chromium(t), h.join("river"))
	h.carry(audit.Hide, 3)
	h.says(sol, "number 61")
	river.MustElementR("#m-61", "number 61")
	if river.MustHas("#m-3") {
		t.Error("a row stands before a hole")
	}
	river.MustEval(`() => document.querySelector("[data-earlier] a").click()`)
	river.MustElementR("#m-3", "A message was removed.")
	if rows := river.log(); len(rows) != 61 {
		t.Errorf("%d rows", len(rows))
	}
}

func TestALabelFallsOffTheOpenPage(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	june, ada := h.grant(h.join("june"), accounts.IBCLC), h.administrator("ada")
	h.says(june, "before")
	river := h.visit(chromium(t), h.join("river"))
	h.says(june, "after")
	river.MustElementR("#m-1.msg-ibclc", "Verified IBCLC")
	river.MustElement("#m-2.msg-ibclc")
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.accounts.EndLabel(ctx, tx, june.ID, accounts.IBCLC, time.Now())
	})
	h.topic(ada, "Softly.")
	river.MustElementR("#m-1:not(.msg-ibclc)", "Verified IBCLC when this was written")
	river.MustElement("#m-2:not(.msg-ibclc)")
	if river.MustHas("[data-log] .label-ibclc") {
		t.Error("a label is still shown")
	}
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.accounts.GrantLabel(ctx, tx, june.ID, accounts.IBCLC, time.Now(), time.Time{})
	})
	h.topic(ada, "Softly again.")
	river.MustElementR("#m-1.msg-ibclc", "Verified IBCLC")
}

func TestTheOpenPageSaysHowIStand(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.visit(chromium(t), h.join("river"))
	decide := func(do func(context.Context, *db.Tx, int64, time.Time) error, until time.Time) {
		h.inTx(func(ctx context.Context, tx *db.Tx) error { return do(ctx, tx, river.who.ID, until) })
	}
	river.MustElement("#body").MustInput("half a thou")
	decide(h.accounts.Mute, time.Now().Add(20*time.Second))
	river.MustEval(`() => dispatchEvent(new Event("online"))`) // a new connection
	river.MustElementR("[data-muted]", "A moderator has asked you to pause until")
	if words := river.MustElement("#body").MustText(); words != "half a thou" {
		t.Errorf("what was typed is %q", words)
	}
	river.say("ght")
	river.MustElementR("[data-cmid]", "asked you to pause")
	river.MustElementR("[data-cmid] [data-again]", "Tap to change it")
	decide(h.accounts.Mute, time.Time{})
	river.MustEval(`() => dispatchEvent(new Event("online"))`)
	river.MustElement("[data-muted]:empty")

	decide(h.accounts.Suspend, time.Now().Add(time.Hour))
	river.state("Your account is suspended. Your notices say until when.")
	if link := *river.MustElementR("[data-connection] a", "Notices").MustAttribute("href"); link != "/notifications" {
		t.Errorf("it leads to %s", link)
	}
}

func TestHelpAppearsWhereItIsNeeded(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	browser := chromium(t)
	river, sol := h.visit(browser, h.join("river")), h.visit(browser, h.join("sol"))
	river.say("I want to die.")
	river.MustElementR("[data-help]:not([hidden])", "Get help now")
	sol.reads("I want to die.")
	if sol.MustElement("[data-help]").MustVisible() {
		t.Error("the help is shown to others")
	}
	if report := *sol.MustElement("#m-1 [data-report]").MustAttribute("href"); report != "/rooms/lounge/messages/1/report" {
		t.Errorf("the report goes to %s", report)
	}
	if river.MustHas("#m-1 [data-report]") {
		t.Error("one's own can be reported")
	}
}
