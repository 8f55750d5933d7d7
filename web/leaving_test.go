package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSomebodyLeavesAndStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river := h.member("river")
	refused := river.post("/settings/leave", url.Values{})
	refused.want(http.StatusUnprocessableEntity)
	if !strings.Contains(refused.body, "Please choose what should happen to your words.") {
		t.Error("nothing says what is missing")
	}
	left := river.post("/settings/leave", url.Values{"parting": {"remove"}})
	left.want(http.StatusSeeOther)
	if left.header.Get("Location") != "/left" {
		t.Errorf("sent to %q", left.header.Get("Location"))
	}
	river.get("/notifications").want(http.StatusSeeOther) // to sign in
	if body := river.get("/left").body; strings.Contains(body, "Sign out") || !strings.Contains(body, "signed out everywhere") {
		t.Error("the last page knows somebody")
	}
	h.exec(`UPDATE people SET leaves_at = NULL`)
	sol := h.member("sol")
	if strings.Contains(sol.get("/").body, "/settings/leave/stay") {
		t.Error("who stays is told that they leave")
	}
	h.exec(`UPDATE people SET leaves_at = ? WHERE id = ?`, opened.Add(time.Hour), sol.viewer.ID)
	for _, at := range []string{"/", "/rules", "/notifications", "/no-such"} {
		if !strings.Contains(sol.get(at).body, `action="/settings/leave/stay"`) {
			t.Errorf("%s does not say that they leave", at)
		}
	}
	sol.post("/settings/leave/stay", url.Values{}).want(http.StatusSeeOther)
	if strings.Contains(sol.get("/").body, "/settings/leave/stay") {
		t.Error("who stayed is told that they leave")
	}
}

func TestLeavingAndCopiesAskOnceMoreWhoItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river := h.member("river")
	h.exec(`UPDATE sessions SET proved_at = ?`, opened.Add(-time.Hour))
	for _, at := range []string{"/settings/leave", "/settings/export", "/settings/export/file"} {
		if to := river.get(at).header.Get("Location"); !strings.HasPrefix(to, "/login/again") {
			t.Errorf("%s leads to %q", at, to)
		}
	}
	river.post("/settings/leave", url.Values{"parting": {"remove"}}).want(http.StatusForbidden)
	river.post("/settings/export", url.Values{}).want(http.StatusForbidden)
}

func TestACopyIsFetchedByItsOwnerOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol := h.member("river"), h.member("sol")
	river.post("/settings/export", url.Values{}).want(http.StatusSeeOther)
	again := river.post("/settings/export", url.Values{})
	again.want(http.StatusConflict)
	if !strings.Contains(again.body, "There is a copy already") || !strings.Contains(again.body, "is being made") {
		t.Error("a second one is refused without words")
	}
	river.get("/settings/export/file").want(http.StatusSeeOther)
	h.employ()
	h.settle()
	file := river.get("/settings/export/file")
	file.want(http.StatusOK)
	if !strings.HasPrefix(file.body, "PK") || !strings.Contains(file.header.Get("Content-Disposition"), "first-drops.zip") || file.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("fetched %.20q, %v", file.body, file.header)
	}
	if !strings.Contains(river.get("/settings/export").body, "Fetch the copy") {
		t.Error("the page does not lead to it")
	}
	sol.get("/settings/export/file").want(http.StatusSeeOther)
}
