package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
)

// reported is a case about a post.
func (h *house) reported(by *person, post int64) int64 {
	h.Helper()
	_, err := h.moderation.Report(h.Context(), by.viewer, moderation.Target{Kind: audit.Post, ID: post}, audit.Unkind, "It is rude.")
	h.must(err)
	var id int64
	h.must(h.db.NewRaw(`SELECT id FROM cases WHERE kind = 'post' AND object_id = ?`, post).Scan(h.Context(), &id))
	return id
}

// caseEntries are the good forms about what merle wrote: reports, the steps of a case, and an objection. Before each, the
// case is as the form wants it.
func (h *house) caseEntries() []entry {
	h.Helper()
	lark, ada := h.member("merle"), h.somebody("ada-of-cases", accounts.Administrator)
	thread := lark.thread("house", "To be reported", "Some words.")
	lark.say("lounge", "Some words.")
	post := h.firstPost(thread)
	id := h.reported(h.member("dove"), post)
	report := func() url.Values { return url.Values{"reason": {"unkind"}, "note": {"It is rude."}} }
	var entries []entry
	for pattern, at := range map[string]string{
		"/p/:id/report": fmt.Sprintf("/p/%d/report", post), "/t/:id/report": fmt.Sprintf("/t/%d/report", thread.ID),
		"/rooms/:slug/messages/:n/report": "/rooms/lounge/messages/1/report", "/u/:handle/report": "/u/merle/report",
		"/consultants/:slug/report": "/consultants/nobody/report",
	} {
		entries = append(entries, entry{pattern: pattern, at: at, fields: report, kept: []string{"note"}})
	}
	ready := func(state string, more url.Values) func() url.Values {
		return func() url.Values {
			h.exec(`UPDATE cases SET `+state+` WHERE id = ?0`, id, ada.viewer.ID, opened)
			form := url.Values{"version": {strconv.Itoa(h.caseVersion(id))}}
			for field, value := range more {
				form[field] = value
			}
			return form
		}
	}
	const held = `closed_at = NULL, claimed_by = ?1, claimed_until = ?2::timestamptz + interval '1 minute'`
	decision := url.Values{"action": {"mute"}, "reason_code": {"unkind"}, "note": {"Please be kinder."}, "category": {""},
		"until": {strconv.FormatInt(opened.AddDate(0, 0, 3).UnixMilli(), 10)}}
	decided := func() url.Values {
		h.exec(`UPDATE decisions SET undone_at = NULL, objected_at = NULL, objection = ''`)
		return ready(`closed_at = ?2, claimed_by = NULL`, nil)()
	}
	step := func(name string, fields func() url.Values, kept ...string) entry {
		return entry{pattern: "/mod/cases/:id/" + name, at: fmt.Sprintf("/mod/cases/%d/%s", id, name), staff: ada, fields: fields, kept: kept}
	}
	ada.post(fmt.Sprintf("/mod/cases/%d/decide", id), ready(held, decision)()).want(http.StatusSeeOther)
	return append(entries,
		step("claim", ready(`closed_at = NULL, claimed_by = NULL`, nil)), step("release", ready(held, nil)),
		step("decide", ready(held, decision), "note"), step("undo", decided),
		entry{pattern: "/decisions/:id/object", at: "/decisions/1/object", staff: lark, kept: []string{"note"}, fields: func() url.Values {
			decided()
			return url.Values{"note": {"I see it differently."}}
		}},
	)
}

func (h *house) caseVersion(id int64) int {
	h.Helper()
	var version int
	h.must(h.db.NewRaw(`SELECT version FROM cases WHERE id = ?`, id).Scan(h.Context(), &version))
	return version
}

// TestACaseGoesItsWay through the pages: from two taps to what the author reads, and another look.
func TestACaseGoesItsWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lark, sol, maya, kit := h.member("lark"), h.member("sol"), h.somebody("maya", accounts.Moderator), h.somebody("kit", accounts.Moderator)
	thread := lark.thread("relactation", "Is it too late?", "You should have known sooner.")
	at := fmt.Sprintf("/p/%d/report", h.firstPost(thread))
	asked := sol.get(at).want(http.StatusOK)
	asked.says("You should have known sooner.", "Unkind or hurtful", "is not told who you are")
	thanks := sol.post(at, url.Values{"reason": {"unkind"}, "note": {"It hurt."}}).follow()
	thanks.says("Thank you", "a moderator will look at it")
	sol.get(at).want(http.StatusOK).says("Thank you")

	list := maya.get("/mod").follow()
	list.says("Open cases", "Amber", "Unkind or hurtful", "Due in 12 h", "nobody yet")
	list.hides("You should have known", "It hurt.", "sol")
	desk := "/mod/cases/1"
	page := maya.get(desk).want(http.StatusOK)
	page.says("As it was when reported", "You should have known sooner.", "Not changed since.", "sol", "It hurt.", "Take this case", "No decision against them so far.")
	maya.post(desk+"/claim", url.Values{"version": {"1"}}).follow().says("What should happen", "Only lark and moderators can read it.", "What lark reads")
	kit.get(desk).want(http.StatusOK).says("maya has it until 03:15 UTC").hides("Take this case")
	kit.get(desk+"/standing?version=1").want(http.StatusOK).says("maya has it", "This case has changed")
	kit.get(desk+"/standing?version=2").want(http.StatusOK).hides("This case has changed", "You should")

	stale := maya.post(desk+"/decide", url.Values{"version": {"1"}, "action": {"hide"}, "reason_code": {"unkind"}, "note": {"Kept words."}}).want(http.StatusConflict)
	stale.says("maya has taken it", "Kept words.")
	badly := maya.post(desk+"/decide", url.Values{"version": {"2"}, "action": {"hide"}, "note": {"Kept words."}}).want(http.StatusUnprocessableEntity)
	badly.says("Please choose why.", "Kept words.")
	done := maya.post(desk+"/decide", url.Values{"version": {"2"}, "action": {"hide"}, "reason_code": {"unkind"}, "note": {"Please be kinder."}}).follow()
	done.says("You hid it.", "Take it back")
	sol.get(fmt.Sprintf("/p/%d", h.firstPost(thread))).want(http.StatusNotFound)
	maya.post(desk+"/undo", url.Values{"version": {"3"}}).follow().says("What should happen")
	maya.post(desk+"/decide", url.Values{"version": {"4"}, "action": {"hide"}, "reason_code": {"unkind"}, "note": {"Please be kinder."}}).follow()

	lark.get("/decisions/1/object").want(http.StatusNotFound) // taken back
	object := "/decisions/2/object"
	sol.get(object).want(http.StatusNotFound)
	sol.post(object, url.Values{"note": {"Not mine."}}).want(http.StatusNotFound)
	lark.get(object).want(http.StatusOK).says("A moderator hid it", "Please be kinder.", "You should have known sooner.").hides("maya", "sol")
	lark.post(object, url.Values{"note": {"  "}}).want(http.StatusUnprocessableEntity).says("why you see it differently")
	lark.post(object, url.Values{"note": {"I was tired."}}).follow().says("You have asked for another look")
	lark.post(object, url.Values{"note": {"Once more."}}).want(http.StatusConflict).says("Once more.")
	kit.get(desk).want(http.StatusOK).says("lark asks for another look.", "I was tired.", "Take this case", "One decision so far:")
	maya.post(desk+"/claim", url.Values{"version": {"6"}}).want(http.StatusForbidden).says("Somebody else of the staff looks at it now.")
	record := kit.get("/mod/audit").want(http.StatusOK)
	record.says("took back the decision on", `href="/mod/cases/1"`, "restored", "opened")
}

// says wants all these words in the answer; hides wants none of them.
func (a answer) says(words ...string) answer {
	a.Helper()
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			a.Errorf("%s lacks %q\n%.3000s", a.asked, w, a.body)
		}
	}
	return a
}

func (a answer) hides(words ...string) answer {
	a.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			a.Errorf("%s says %q", a.asked, w)
		}
	}
	return a
}

// TestAThreadCalledReport is read, and can be reported.
func TestAThreadCalledReport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	thread := h.member("lark").thread("relactation", "Report!", "How it went.")
	h.guest().get(thread.Path()).want(http.StatusOK).says("How it went.")
	h.member("sol").get(fmt.Sprintf("/t/%d/report", thread.ID)).want(http.StatusOK).says("What is wrong here?")
}

// TestReportsAsPagesAndJSON: what may not be reported, by whom, and what comes back.
func TestReportsAsPagesAndJSON(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lark, sol := h.member("lark"), h.member("sol")
	post := h.firstPost(lark.thread("relactation", "Is it too late?", "Some words."))
	at := fmt.Sprintf("/p/%d/report", post)
	form := url.Values{"reason": {"unkind"}, "note": {"Kept words."}}
	lark.get(at).want(http.StatusForbidden).says("your own words")
	lark.post(at, form).want(http.StatusForbidden).says("your own words")
	lark.get("/u/lark/report").want(http.StatusForbidden).says("This is you.")
	if to := h.guest().post(at, form).to(); to != "/login" {
		t.Errorf("a guest is sent to %s", to)
	}
	h.guest().post(at, form, "Accept", "application/json").want(http.StatusUnauthorized)
	bad := sol.post(at, url.Values{"reason": {"rude"}, "note": {"Kept words."}}).want(http.StatusUnprocessableEntity)
	bad.says("Please choose what is wrong.", "Kept words.")
	sol.post(at, url.Values{"reason": {"rude"}}, "Accept", "application/json").want(http.StatusUnprocessableEntity).says(`"reason":`)
	sol.post(at, form, "Accept", "application/json").want(http.StatusSeeOther)
	sol.post(at, form).want(http.StatusSeeOther)
	h.exec(`UPDATE posts SET removed_at = now() WHERE id = ?`, post)
	sol.post(at, form).want(http.StatusNotFound)
	var reports int
	h.must(h.db.NewRaw(`SELECT count(*) FROM reports`).Scan(t.Context(), &reports))
	if reports != 1 {
		t.Errorf("%d reports", reports)
	}
}
