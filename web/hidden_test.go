package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
)

// hiddenWords stand only in a thread that a moderator has hidden.
var hiddenWords = map[string]string{
	"title": `Verdigris "Otter" & the <anvil>`,
	"body":  `Samphire telescopes, she's rude & <crooked>`,
	"reply": "Halcyon ironmongery upsets everybody",
}

// TestNobodyReceivesWhatIsHidden crawls the site as a guest before a thread was written and after it was hidden: no byte
// differs. A member who asks for all of that finds none of its words either, and staff find all of them.
func TestNobodyReceivesWhatIsHidden(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	open := h.furnish()
	quiet := h.crawl(open)
	wren, maya := h.member("wren"), h.somebody("maya", accounts.Moderator)
	hidden := wren.thread("pumping-and-let-down", hiddenWords["title"], hiddenWords["body"])
	wren.reply(hidden, hiddenWords["reply"])
	shown := h.guest().get(hidden.Path()).want(http.StatusOK).text()
	maya.moderate(hidden, "hide", url.Values{"reason_code": {"unkind"}}).want(http.StatusSeeOther)
	after := h.crawl(open)

	river, marks := h.member("river"), marksOf(hiddenWords)
	check := func(who, address, got string) {
		for mark, name := range marks {
			if strings.Contains(strings.ToLower(got), mark) {
				t.Errorf("%s gets the %s from %s, as %q", who, name, address, mark)
			}
		}
	}
	for name, got := range after {
		if quiet[name] != got {
			t.Errorf("%s changes with what is hidden:\n%s\n%s", name, quiet[name], got)
		}
		check("a guest", name, got)
		if address, read := strings.CutPrefix(name, "GET "); read && !strings.HasSuffix(name, " again") {
			check("a member", address, river.get(address).whole())
			check("its author", address, wren.get(address).whole())
		}
	}
	if len(after) < 500 || len(after) != len(quiet) {
		t.Errorf("crawled %d addresses, and %d before", len(after), len(quiet))
	}
	h.checkMissingLooksHidden(hidden)
	for _, who := range []*person{river, wren} {
		for there, missing := range map[string]string{hidden.Path(): "/t/999999/x", fmt.Sprintf("/p/%d", h.firstPost(hidden)): "/p/999999"} {
			if a, b := who.get(there).want(http.StatusNotFound), who.get(missing); a.whole() != b.whole() {
				t.Errorf("%s and %s differ for %s", there, missing, who.viewer.Handle)
			}
		}
	}
	staff := maya.get(hidden.Path()).want(http.StatusOK)
	for name, words := range hiddenWords {
		if !strings.Contains(shown, words) || !strings.Contains(staff.text(), words) {
			t.Errorf("the %s was not there to be found", name)
		}
	}
	for _, at := range []string{hidden.Path(), "/c/pumping-and-let-down"} {
		if !strings.Contains(maya.get(at).text(), "Hidden") {
			t.Errorf("%s does not tell staff that it is hidden", at)
		}
	}
}

// moderate sends the desk's form.
func (p *person) moderate(thread forum.Thread, act string, form url.Values) answer {
	p.Helper()
	return p.post(fmt.Sprintf("/t/%d/%s", thread.ID, act), form, "Origin", p.base.String(), "Sec-Fetch-Site", "same-origin")
}

// TestStaffAndTheirRecord walks from a member who becomes a moderator to what is written down of it.
func TestStaffAndTheirRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, maya, wren := h.somebody("ada", accounts.Administrator), h.member("maya"), h.member("wren")
	thread := wren.thread("relactation", "Words of Wren", "Secret to no record.")
	maya.get("/mod/audit").want(http.StatusNotFound)
	maya.moderate(thread, "lock", url.Values{"reason_code": {"care"}}).want(http.StatusNotFound)
	list := ada.get("/admin/people?q=may").want(http.StatusOK)
	to := list.form(fmt.Sprintf("/admin/people/%d/role", maya.viewer.ID)).choose("role", "moderator").to()
	if to != "/admin/people?q=may" || !strings.Contains(ada.get(to).text(), "Moderator · here since") {
		t.Errorf("the role leads to %s", to)
	}
	refused := ada.get("/admin/people").form(fmt.Sprintf("/admin/people/%d/role", wren.viewer.ID)).choose("role", "queen")
	if words := refused.want(http.StatusUnprocessableEntity).text(); !strings.Contains(words, "Please choose what they may do") {
		t.Errorf("a role that nobody has: %s", words)
	}
	ada.post(fmt.Sprintf("/admin/people/%d/role", ada.viewer.ID), url.Values{"role": {"member"}}).want(http.StatusForbidden)
	if strings.Contains(list.body, "@example") || strings.Contains(ada.get("/admin/people").body, fmt.Sprintf("/admin/people/%d/role", ada.viewer.ID)) {
		t.Error("the list holds an e-mail, or offers one's own role")
	}
	maya.moderate(thread, "lock", url.Values{"reason_code": {"care"}}).want(http.StatusSeeOther)
	maya.moderate(thread, "move", url.Values{"reason_code": {"privacy"}, "category": {"feelings"}}).want(http.StatusSeeOther)
	h.guest().get(thread.Path()).want(http.StatusNotFound)

	record := maya.get("/mod/audit").want(http.StatusOK)
	read := strings.Join(strings.Fields(record.text()), " ")
	for _, words := range []string{
		"ada made maya a moderator", "maya locked thread 1", "Out of care", "maya moved thread 1 into Feelings", "Tells too much about somebody",
	} {
		if !strings.Contains(read, words) {
			t.Errorf("the record does not say %q: %s", words, read)
		}
	}
	if strings.Contains(record.body, "Wren") || strings.Contains(record.body, "Secret") {
		t.Error("the record holds words of people")
	}
	for _, wrong := range []string{"0", "-1", "x", "01", "99999999999999999999"} {
		maya.get("/mod/audit?before=" + wrong).want(http.StatusNotFound)
	}
	if whole, err := audit.New(h.db).Verify(t.Context()); err != nil || whole.Entries != 3 {
		t.Errorf("the chain: %+v %v", whole, err)
	}
}

// choose sends the form with one of its selects set, as a browser would.
func (f form) choose(name, value string) answer {
	f.Helper()
	f.values.Set(name, value)
	return f.post(f.action, f.values, "Origin", f.base.String(), "Sec-Fetch-Site", "same-origin")
}
