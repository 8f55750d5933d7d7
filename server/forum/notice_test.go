package forum_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
)

// noticed are the rules whose notices a viewer sees below the nth post of a thread; "!" follows one for a dose.
func (h *house) noticed(by accounts.Viewer, thread forum.Thread, n int) string {
	h.t.Helper()
	var found []string
	for _, notice := range h.page(by, thread, n-1).Posts[0].Notices {
		name := notice.ID
		if notice.Dosed {
			name += "!"
		}
		found = append(found, name)
		if notice.Title == "" || notice.Text == "" || notice.Kind == "" || notice.Version == "" || notice.DoseText == "" && notice.Dosed {
			h.t.Errorf("the notice lacks something: %+v", notice)
		}
	}
	return strings.Join(found, " ")
}

func (h *house) wantNoticed(by accounts.Viewer, thread forum.Thread, n int, want string) {
	h.t.Helper()
	if got := h.noticed(by, thread, n); got != want {
		h.t.Errorf("below post %d %s sees %q, want %q", n, by.Handle, got, want)
	}
}

func (h *house) edit(by accounts.Viewer, id int64, body string) forum.Place {
	h.t.Helper()
	post := h.post(by, forum.Place{PostID: id})
	place, err := h.Edit(h.t.Context(), by, forum.Revision{PostID: id, Version: post.Version, Body: body})
	if err != nil {
		h.t.Fatal(err)
	}
	return place
}

func TestNoticesStandBelowTheWordsThatTheyConcern(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	thread := h.thread(wren, "relactation", "Is it too late?")
	place := h.reply(sol, thread, "Mine said Motilium 10 mg, and fenugreek.")
	h.reply(wren, thread, "No medicine here.")
	for _, viewer := range []accounts.Viewer{guest, wren, sol} {
		h.wantNoticed(viewer, thread, 1, "")
		h.wantNoticed(viewer, thread, 2, "domperidone! fenugreek!")
		h.wantNoticed(viewer, thread, 3, "")
	}
	if body := h.post(sol, place).Body; body != "Mine said Motilium 10 mg, and fenugreek." {
		t.Errorf("the words were changed: %q", body)
	}
}

func TestAnEditAddsAndRemovesNotices(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "relactation", "Is it too late?")
	place := h.reply(wren, thread, "I asked about domperidone.")
	h.wantNoticed(guest, thread, 2, "domperidone")
	h.edit(wren, place.PostID, "I asked about domperidone, 10 mg, and Reglan.")
	h.wantNoticed(guest, thread, 2, "domperidone! metoclopramide!")
	h.edit(wren, place.PostID, "I asked about nothing.")
	h.wantNoticed(guest, thread, 2, "")
	if n := h.count(`SELECT count(*) FROM post_notices`); n != 0 {
		t.Errorf("%d notices are left", n)
	}
	h.edit(wren, place.PostID, "I asked about goat's rue after all.")
	h.wantNoticed(guest, thread, 2, "goats-rue")
}

func TestTheTitleIsSaidByTheFirstPost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "relactation", "Domperidone?")
	h.reply(wren, thread, "Anybody?")
	h.wantNoticed(guest, thread, 1, "domperidone")
	h.wantNoticed(guest, thread, 2, "")
	h.edit(wren, h.page(wren, thread, 0).Posts[0].ID, "How it began, in other words.")
	h.wantNoticed(guest, thread, 1, "domperidone")
	h.edit(wren, h.page(wren, thread, 0).Posts[1].ID, "Really, anybody?")
	h.wantNoticed(guest, thread, 2, "")
}

func TestAReplyThatComesTwiceKeepsItsNotices(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "relactation", "Is it too late?")
	answer := forum.Answer{ThreadID: thread.ID, Body: "domperidone", Key: uuid.New()}
	for _, body := range []string{"domperidone", "domperidone", "goat's rue"} {
		answer.Body = body
		if _, err := h.Reply(t.Context(), wren, answer); err != nil {
			t.Fatal(err)
		}
	}
	h.wantNoticed(wren, thread, 2, "domperidone")
}

func TestHelpForSomebodyInDangerIsTheirsAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	moderator := h.moderator("maya")
	thread := h.thread(sol, "relactation", "The nights")
	place := h.reply(wren, thread, "I want to die, and fenugreek does not help.")
	if !strings.HasSuffix(place.Path(), "#"+forum.CrisisAnchor) {
		t.Errorf("the author is led to %s", place.Path())
	}
	h.wantNoticed(wren, thread, 2, "crisis fenugreek")
	for _, viewer := range []accounts.Viewer{guest, sol, moderator} {
		h.wantNoticed(viewer, thread, 2, "fenugreek")
		found, err := h.Place(t.Context(), viewer, place.PostID)
		if err != nil || strings.Contains(found.Path(), forum.CrisisAnchor) {
			t.Errorf("%s is led to %s: %v", viewer.Handle, found.Path(), err)
		}
	}
	if led := h.edit(wren, place.PostID, "I am better."); led.Crisis {
		t.Error("the words are gone and the help is not")
	}
	h.wantNoticed(wren, thread, 2, "")
	if led := h.edit(wren, place.PostID, "I want to die."); !led.Crisis {
		t.Error("an edit leads to no help")
	}
	if led := h.reply(sol, thread, "> I want to die.\n\nWe are here."); led.Crisis {
		t.Error("who quotes is taken for who is in danger")
	}
}
