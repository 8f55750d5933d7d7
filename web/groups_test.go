package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"firstdrops/server/accounts"
)

// TestAGroupFromItsFirstDay walks through the pages: an administrator makes a group and its moderator, people join, one of them
// becomes a trained supporter, and leaves.
func TestAGroupFromItsFirstDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, maya, sol := h.somebody("ada", accounts.Administrator), h.member("maya"), h.member("sol")
	ada.get("/admin/groups").want(http.StatusOK).says("There are no groups yet.")
	ada.post("/admin/groups", url.Values{"slug": {"adoptive"}, "name": {""}, "about": {"For <b>adoptive</b> parents."}, "grants": {"1"}}).
		want(http.StatusUnprocessableEntity).says("The group was not added", `value="adoptive"`, "For &lt;b&gt;adoptive&lt;/b&gt; parents.", `value="1" checked`)
	said := url.Values{"slug": {"adoptive"}, "name": {"Adoptive parents"}, "about": {"Who did not give birth."}, "open": {"1"}, "grants": {"1"}}
	ada.post("/admin/groups", said).follow().says("Adoptive parents", "Anybody here can join", "may grant Trained supporter")

	for _, who := range []*person{maya, sol} {
		who.get("/settings/groups").want(http.StatusOK).says("Adoptive parents", `action="/groups/adoptive/join"`)
		who.post("/groups/adoptive/join", url.Values{}).follow().says("You are in this group.", `action="/groups/adoptive/leave"`)
	}
	ada.post(fmt.Sprintf("/groups/adoptive/people/%d/moderator", maya.viewer.ID), url.Values{"on": {"1"}}).follow().says("moderator of the group")

	sol.get("/groups/adoptive").want(http.StatusNotFound)
	people := maya.get("/groups/adoptive").want(http.StatusOK)
	people.says("sol", "Make a trained supporter").hides("/moderator")
	maya.post("/groups/adoptive/people", url.Values{"handle": {"nobody <i>here"}}).want(http.StatusUnprocessableEntity).
		says("Nobody has this name", `value="nobody &lt;i&gt;here"`)
	act := fmt.Sprintf("/groups/adoptive/people/%d/", sol.viewer.ID)
	maya.post(act+"supporter", url.Values{"on": {"1"}}).follow().says("No longer a trained supporter")
	h.guest().get("/u/sol").says("Trained supporter").hides("Adoptive parents")
	sol.get("/settings/groups").says("You wear the label Trained supporter by this group.")
	ada.get("/mod/audit").says("a trained supporter, group ")
	sol.post("/groups/adoptive/leave", url.Values{}).want(http.StatusSeeOther)
	h.guest().get("/u/sol").hides("Trained supporter")
}
