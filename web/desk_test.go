package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"firstdrops/server/accounts"
)

// TestTheDesksPagesLeadToEachOther, and each says which of them it is.
func TestTheDesksPagesLeadToEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, june := h.somebody("maya", accounts.Moderator), h.consultant("june")
	pages := []string{"/mod/cases", "/mod/consultants", "/mod/words", "/mod/audit", "/questions"}
	for _, at := range pages {
		page := maya.get(at).want(http.StatusOK)
		for _, other := range pages {
			if !strings.Contains(page.body, `class="btn btn-quiet" href="`+other+`"`) {
				t.Errorf("%s does not lead to %s", at, other)
			}
		}
		page.says(`class="btn btn-quiet" href="` + at + `" aria-current="true"`)
	}
	june.get("/questions").want(http.StatusOK).hides(`href="/mod`)
}

// TestStaffReadAndApproveCareNotes through the page.
func TestStaffReadAndApproveCareNotes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, ada := h.somebody("maya", accounts.Moderator), h.somebody("ada", accounts.Administrator)
	h.member("sol").get("/mod/words").want(http.StatusNotFound)
	read := maya.get("/mod/words").want(http.StatusOK)
	read.says("Care note: domperidone", "Somebody may be in danger", "motilium", "Wording as of 21 November 2026.", "Nobody has checked this yet.").hides("/approve")
	maya.post("/mod/words/1/approve", url.Values{"version": {"2026-11-21"}}).want(http.StatusNotFound)
	ada.get("/mod/words").want(http.StatusOK).says("I have checked this wording", `action="/mod/words/1/approve"`)
	ada.post("/mod/words/1/approve", url.Values{"version": {"2020-01-01"}}).want(http.StatusConflict).says("has changed since you read it")
	done := ada.post("/mod/words/1/approve", url.Values{"version": {"2026-11-21"}}).follow()
	done.says("checked by ada.", `action="/mod/words/2/approve"`).hides(`action="/mod/words/1/approve"`)
	maya.get("/mod/audit").want(http.StatusOK).says(`verified`, `href="/mod/words#w-1">wording 1</a>`)
}
