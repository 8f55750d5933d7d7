package forum_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
)

// staff makes somebody with a role.
func (h *house) staff(name string, role accounts.Role) person {
	h.t.Helper()
	p := h.join(name)
	if _, err := h.db.NewRaw(`UPDATE people SET role = ? WHERE id = ?`, role, p.viewer.ID).Exec(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	p.viewer.Role = role
	return p
}

func because(code string) url.Values { return url.Values{"reason_code": {code}} }

func TestTheDeskIsForStaff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, maya := h.join("Wren"), h.staff("Maya", accounts.Moderator)
	thread := wren.thread("house", "A thread", "Words.")
	for _, who := range []person{h.guest(), wren, h.staff("June", accounts.Consultant)} {
		if strings.Contains(who.get(thread.Path()).body, "formaction") {
			t.Errorf("%q is shown the desk", who.viewer.Role)
		}
		for _, act := range []string{"pin", "unpin", "lock", "unlock", "hide", "restore", "move"} {
			who.post(fmt.Sprintf("/t/%d/%s", thread.ID, act), because("rules")).want(http.StatusNotFound)
		}
	}
	buttons := func() (found []string) {
		for _, b := range maya.get(thread.Path()).want(http.StatusOK).all("formaction") {
			found = append(found, strings.TrimSpace(b.text()))
		}
		return found
	}
	if got := strings.Join(buttons(), " "); got != "Pin Lock Hide Move" {
		t.Errorf("the desk offers %s", got)
	}
	for _, act := range []string{"pin", "lock", "hide"} {
		if to := maya.post(fmt.Sprintf("/t/%d/%s", thread.ID, act), because("rules")).to(); to != thread.Path() {
			t.Errorf("%s leads to %s", act, to)
		}
	}
	if page := maya.get(thread.Path()).body; !strings.Contains(page, "Only moderators and administrators can read it") || strings.Contains(page, "Anyone can read it") {
		t.Error("the composer says that others read what is hidden")
	}
	if got := strings.Join(buttons(), " "); got != "Unpin Unlock Restore Move" {
		t.Errorf("afterwards it offers %s", got)
	}
	own := maya.thread("house", "Our news", "Words.")
	if body := maya.get(own.Path()).body; strings.Contains(body, fmt.Sprintf("/t/%d/hide", own.ID)) {
		t.Error("it offers to judge one's own words")
	}
}

func TestAnActWithoutAReasonComesBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	maya := h.staff("Maya", accounts.Moderator)
	thread := h.join("Wren").thread("house", "A thread", "Words.")
	got := maya.post(fmt.Sprintf("/t/%d/hide", thread.ID), because("")).want(http.StatusUnprocessableEntity)
	if field := got.one("id", "reason_code"); field.attr("aria-invalid") != "true" || field.attr("aria-describedby") != "reason_code-fault" {
		t.Errorf("the fault is not at its field: %v", field.Attr)
	}
	got = maya.post(fmt.Sprintf("/t/%d/move", thread.ID), url.Values{"reason_code": {"off_topic"}, "category": {"nowhere"}}).want(http.StatusUnprocessableEntity)
	if field := got.one("id", "category"); field.attr("aria-invalid") != "true" {
		t.Error("the fault is not at the category")
	}
	chosen := false
	for _, option := range got.all("value", "off_topic") {
		for _, a := range option.Attr {
			chosen = chosen || a.Key == "selected"
		}
	}
	if !chosen {
		t.Error("the reason that was chosen is lost")
	}
	if h.guest().get(thread.Path()).status != http.StatusOK {
		t.Error("a refused act did something")
	}
}

func TestALockedThreadSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, maya := h.join("Wren"), h.staff("Maya", accounts.Moderator)
	thread := wren.thread("house", "A thread", "Words.")
	place := wren.reply(thread, "More words.")
	maya.post(fmt.Sprintf("/t/%d/lock", thread.ID), because("care")).to()
	for _, who := range []person{h.guest(), wren} {
		page := who.get(thread.Path()).want(http.StatusOK)
		if len(page.all("name", "body")) != 0 || !strings.Contains(page.body, "A moderator has locked this thread") {
			t.Errorf("%q is asked to write", who.viewer.Handle)
		}
		if strings.Contains(page.body, "reply_to=") || strings.Contains(page.body, "/edit") {
			t.Errorf("%q is offered what is refused", who.viewer.Handle)
		}
	}
	refused := wren.post(fmt.Sprintf("/t/%d/posts", thread.ID), url.Values{"body": {"\nTyped <b>meanwhile</b>"}, "key": {uuid.NewString()}}).want(http.StatusForbidden)
	if words := refused.one("id", "begun").value(); words != "\nTyped <b>meanwhile</b>" {
		t.Errorf("the words came back as %q", words)
	}
	wren.get(fmt.Sprintf("/p/%d/edit", place.PostID)).want(http.StatusForbidden)
	edited := wren.post(fmt.Sprintf("/p/%d/edit", place.PostID), url.Values{"body": {"Other words"}, "version": {"1"}}).want(http.StatusForbidden)
	if words := edited.one("name", "body").value(); words != "Other words" {
		t.Errorf("the edit came back as %q", words)
	}
	wren.post(fmt.Sprintf("/p/%d/delete", place.PostID), url.Values{}).to()
	maya.post(fmt.Sprintf("/t/%d/posts", thread.ID), url.Values{"body": {"The last word."}}).to()
}
