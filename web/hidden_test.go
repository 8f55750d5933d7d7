package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
)

// hiddenWords stand only in what a moderator has taken away: a hidden thread, which staff read; a hidden post in an open
// thread, which its author reads too; and a removed post and thread, which nobody does.
var hiddenWords = map[string]string{
	"title":          `Verdigris "Otter" & the <anvil>`,
	"body":           `Samphire telescopes, she's rude & <crooked>`,
	"reply":          "Halcyon ironmongery upsets everybody",
	"post":           `Bombazine "weasels", isn't it & <so>`,
	"removed post":   `Gallimaufry of 'tin' & <copper> insults`,
	"removed title":  `Wherefore <pumpernickel> & "sorrow"`,
	"removed thread": `Obstreperous lighthouses, he's & <worse>`,
}

// lost are those that nobody reads any more.
var lost = []string{"removed post", "removed title", "removed thread"}

// TestNobodyReceivesWhatIsHidden crawls the site as a guest before all that was written and after it was judged: no byte
// differs. A member who asks for all of that finds none of its words either, its author finds the hidden post, and staff
// all but what is removed.
func TestNobodyReceivesWhatIsHidden(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	open := h.furnish()
	var searches []string
	for _, words := range hiddenWords {
		for _, q := range []string{words, words[:strings.Index(words, " ")], mistyped(words[:strings.Index(words, " ")])} {
			searches = append(searches, "/search?q="+url.QueryEscape(q))
		}
	}
	quiet := h.crawl(open, searches...)
	wren, maya := h.member("wren"), h.somebody("maya", accounts.Moderator)
	hidden := h.writeAndJudge(wren, maya, open)
	after := h.crawl(open, searches...)

	river := h.member("river")
	check := func(who, address, got string, but ...string) {
		got = strings.ToLower(got)
		for mark, name := range marksOf(hiddenWords) {
			if strings.Contains(got, mark) && !slices.Contains(but, name) && !asksFor(address, hiddenWords[name]) {
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
			check("its author", address, wren.get(address).whole(), "post")
			check("staff", address, maya.get(address).whole(), "title", "body", "reply", "post")
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
	for _, at := range []string{hidden.Path(), "/c/pumping-and-let-down"} {
		if !strings.Contains(maya.get(at).text(), "Hidden") {
			t.Errorf("%s does not tell staff that it is hidden", at)
		}
	}
	last := open.Path() + "?after=20"
	for who, words := range map[*person]string{wren: "Only you and moderators can read it.", maya: "Only wren and moderators can read it."} {
		if text := who.get(last).text(); !strings.Contains(text, hiddenWords["post"]) || !strings.Contains(text, words) {
			t.Errorf("%s does not read the hidden post, or that it is one", who.viewer.Handle)
		}
	}
}

// writeAndJudge writes all of the words, makes sure that each is there to be found, and has them judged. It gives the
// hidden thread.
func (h *house) writeAndJudge(author, moderator *person, open forum.Thread) (hidden forum.Thread) {
	h.Helper()
	hidden = author.thread("pumping-and-let-down", hiddenWords["title"], hiddenWords["body"])
	author.reply(hidden, hiddenWords["reply"])
	removed := author.thread("pumping-and-let-down", hiddenWords["removed title"], hiddenWords["removed thread"])
	post, gone := author.reply(open, hiddenWords["post"]), author.reply(open, hiddenWords["removed post"])
	shown := ""
	for _, at := range []string{hidden.Path(), removed.Path(), open.Path() + "?after=20"} {
		shown += h.guest().get(at).want(http.StatusOK).text()
	}
	for name, words := range hiddenWords {
		if !strings.Contains(shown, words) {
			h.Errorf("the %s was not there to be found", name)
		}
	}
	moderator.moderate(hidden, "hide", url.Values{"reason_code": {"unkind"}}).want(http.StatusSeeOther)
	h.must(h.db.InTx(h.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, o := range []forum.Order{{Verb: audit.Hide, PostID: post.PostID}, {Verb: audit.Remove, PostID: gone.PostID}, {Verb: audit.Remove, ThreadID: removed.ID}} {
			o.Reason = audit.Unkind
			if err := h.forum.Carry(ctx, tx, moderator.viewer, o); err != nil {
				return err
			}
		}
		return nil
	}))
	staff := moderator.get(hidden.Path()).want(http.StatusOK).text() + moderator.get(open.Path()+"?after=20").text()
	for name, words := range hiddenWords {
		if strings.Contains(staff, words) == slices.Contains(lost, name) {
			h.Errorf("staff and the %s", name)
		}
	}
	return hidden
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
