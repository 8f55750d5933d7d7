package forum_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"firstdrops/server/accounts"
)

func TestCategoriesAreArrangedOnAPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	ada := h.staff("Ada", accounts.Administrator)
	form := url.Values{"slug": {"nights"}, "name": {"Nights"}, "about": {"For the small hours"}, "audience": {"friends"}, "position": {"2"}}
	refused := ada.post("/admin/categories", form).want(http.StatusUnprocessableEntity)
	if got := refused.one("name", "about").attr("value"); got != "For the small hours" || !strings.Contains(refused.body, `href="#audience"`) {
		t.Errorf("a refused form came back with %q", got)
	}
	form.Set("audience", "public")
	if to := ada.post("/admin/categories", form).want(http.StatusSeeOther).to(); to != "/admin/categories" {
		t.Errorf("added, it leads to %s", to)
	}
	list := ada.get("/admin/categories").want(http.StatusOK).body
	for _, part := range []string{`href="/admin/categories/nights"`, `href="/admin/people"`, `href="/admin/rooms"`} {
		if !strings.Contains(list, part) {
			t.Errorf("the list lacks %s", part)
		}
	}
	thread := h.join("Wren").thread("nights", "Awake again", "Since three.")
	h.guest().get(thread.Path()).want(http.StatusOK)
	form.Set("audience", "members")
	form.Del("slug") // an address stays
	ada.post("/admin/categories/nights", form).want(http.StatusSeeOther)
	for _, path := range []string{thread.Path(), "/c/nights"} {
		h.guest().get(path).want(http.StatusNotFound)
	}
	if page := ada.get("/admin/categories/nights").want(http.StatusOK).body; !strings.Contains(page, `value="members" selected`) {
		t.Error("the form does not show who can read it")
	}
	form.Set("name", "")
	ada.post("/admin/categories/nights", form).want(http.StatusUnprocessableEntity)
	form.Set("name", "Nights")
	ada.post("/admin/categories/nowhere", form).want(http.StatusNotFound)
	maya := h.staff("Maya", accounts.Moderator)
	maya.get("/admin/categories").want(http.StatusNotFound)
	maya.post("/admin/categories", form).want(http.StatusNotFound)
}
