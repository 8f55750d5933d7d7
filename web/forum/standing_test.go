package forum_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
)

// now is the moment at which the clock of a house stands.
var now = time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)

// pause lets a person write nothing until then.
func (p person) pause(until time.Time) {
	p.t.Helper()
	err := p.db.InTx(p.t.Context(), func(ctx context.Context, tx *db.Tx) error { return p.accounts.Mute(ctx, tx, p.viewer.ID, until) })
	if err != nil {
		p.t.Fatal(err)
	}
}

// judge has a post judged.
func (p person) judge(verb audit.Verb, postID int64) {
	p.t.Helper()
	err := p.db.InTx(p.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return p.forum.Carry(ctx, tx, p.viewer, forum.Order{Verb: verb, PostID: postID, Reason: audit.Unkind})
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// TestWhoWasAskedToPauseIsToldWhereTheyWouldWrite, with every word that they typed.
func TestWhoWasAskedToPauseIsToldWhereTheyWouldWrite(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	thread := wren.thread("house", "A thread", "Words.")
	post := strings.TrimPrefix(wren.get(thread.Path()).all("data-n", "1")[0].attr("id"), "p-")
	reply, start, edit := fmt.Sprintf("/t/%d/posts", thread.ID), "/c/house/threads", "/p/"+post+"/edit"
	wren.post("/drafts", url.Values{"target": {thread.ReplyTarget()}, "body": {"Half a <thought>"}}).want(http.StatusNoContent)
	wren.post("/drafts", url.Values{"target": {"c:house"}, "title": {"Half a title"}, "body": {"& half a thought"}}).want(http.StatusNoContent)
	wren.pause(now.Add(time.Hour))
	const why = "A moderator has asked you to pause until 1 May 2026, 04:00 UTC."
	told := func(name string, a answer, begun string) {
		t.Helper()
		if !strings.Contains(a.body, why) || len(a.all("name", "body")) != 0 {
			t.Errorf("%s: the page does not say why, or has a form: %s", name, a.body)
		}
		if len(a.all("class", "actionbar")) != 0 {
			t.Errorf("%s: the page asks for a reply", name)
		}
		if kept := a.all("id", "begun"); begun == "" && len(kept) != 0 || begun != "" && (len(kept) != 1 || kept[0].value() != begun) {
			t.Errorf("%s: kept are %d texts, want %q", name, len(kept), begun)
		}
	}
	told("the thread", wren.get(thread.Path()).want(http.StatusOK), "Half a <thought>")
	told("a new thread", wren.get("/c/house/new").want(http.StatusOK), "Half a title\n\n& half a thought")
	told("an edit", wren.get(edit).want(http.StatusOK), "")
	told("a reply", wren.post(reply, url.Values{"body": {"Typed\n\n<b>words</b>"}}).want(http.StatusForbidden), "Typed\n\n<b>words</b>")
	told("a thread", wren.post(start, url.Values{"title": {"Typed"}, "body": {"Words."}}).want(http.StatusForbidden), "Typed\n\nWords.")
	told("a change", wren.post(edit, url.Values{"body": {"Other words."}, "version": {"1"}}).want(http.StatusForbidden), "Other words.")
	if page := wren.get(thread.Path()); len(page.all("data-reply")) != 0 || len(page.all("data-quote")) != 0 {
		t.Error("the page offers to answer")
	}
	json := wren.post(reply, url.Values{"body": {"Typed."}}, "Accept", "application/json").want(http.StatusForbidden)
	if !strings.Contains(json.body, `"muted"`) {
		t.Errorf("a machine is told %s", json.body)
	}
	wren.pause(now)
	if kept := wren.get(thread.Path()).one("name", "body").value(); kept != "Half a <thought>" {
		t.Errorf("when it is over, the composer holds %q", kept)
	}
	wren.post(reply, url.Values{"body": {"Typed again."}}).want(http.StatusSeeOther)
}

func TestAHiddenPostOnThePage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, sol, maya := h.join("Wren"), h.join("Sol"), h.staff("Maya", accounts.Moderator)
	thread := wren.thread("house", "A thread", "Words.")
	rude := sol.reply(thread, "You are a marmalade.")
	id, path := fmt.Sprintf("p-%d", rude.PostID), fmt.Sprintf("/p/%d", rude.PostID)
	sol.post(fmt.Sprintf("/t/%d/posts", thread.ID), url.Values{"body": {"And more."}, "reply_to": {fmt.Sprint(rude.PostID)}, "key": {uuid.NewString()}}).want(http.StatusSeeOther)
	maya.judge(audit.Hide, rude.PostID)
	for _, who := range []person{h.guest(), wren} {
		page := who.get(thread.Path()).want(http.StatusOK)
		if strings.Contains(page.body, "marmalade") || strings.Contains(page.body, path) || !strings.Contains(page.body, "a post that was removed") {
			t.Errorf("%s is told of it: %s", who.viewer.Handle, page.body)
		}
		who.get(path).want(http.StatusNotFound)
		if quoting := who.get(thread.Path() + "?quote=" + fmt.Sprint(rude.PostID)); strings.Contains(quoting.body, "marmalade") {
			t.Errorf("%s may quote it", who.viewer.Handle)
		}
	}
	for _, c := range []struct {
		who   person
		words string
	}{{sol, "Only you and moderators can read it."}, {maya, "Only Sol and moderators can read it."}} {
		page := c.who.get(thread.Path()).want(http.StatusOK)
		if words := page.one("id", id).text(); !strings.Contains(words, "marmalade") || !strings.Contains(words, "Hidden by a moderator. "+c.words) {
			t.Errorf("%s reads %q", c.who.viewer.Handle, words)
		}
		if len(page.all("data-reply", fmt.Sprint(rude.PostID))) != 0 || len(page.all("href", path+"/edit")) != 0 {
			t.Error("it can be answered or changed")
		}
		if quoting := c.who.get(thread.Path()+"?quote="+fmt.Sprint(rude.PostID)).one("name", "body").value(); quoting != "" {
			t.Errorf("it is quoted: %q", quoting)
		}
	}
	change := sol.post(path+"/edit", url.Values{"body": {"Kinder words."}, "version": {"1"}}).want(http.StatusForbidden)
	if change.one("name", "body").value() != "Kinder words." || !strings.Contains(change.body, "A moderator has hidden this post") {
		t.Error("a refused change loses its words, or the reason")
	}
	if to := sol.post(path+"/delete", nil).to(); to != thread.Path() {
		t.Errorf("taken away it leads to %s", to)
	}
	if strings.Contains(maya.get(thread.Path()).body, "marmalade") {
		t.Error("staff read what its author took away")
	}
}

func TestWatchingAThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, sol := h.join("Wren"), h.join("Sol")
	thread := wren.thread("house", "A thread", "Words.")
	for range 20 {
		wren.reply(thread, "More.")
	}
	path, at := fmt.Sprintf("/t/%d/watch", thread.ID), thread.Path()+"?after=20"
	offers := func(who person, words string) {
		t.Helper()
		form := who.get(at).one("action", path)
		if got := form.text(); strings.TrimSpace(got) != words {
			t.Errorf("%s is offered %q, want %q", who.viewer.Handle, got, words)
		}
	}
	offers(wren, "Stop telling me")
	offers(sol, "Tell me about replies")
	if to := sol.post(path, url.Values{"on": {"1"}, "after": {"20"}}).to(); to != at {
		t.Errorf("it leads to %s", to)
	}
	offers(sol, "Stop telling me")
	if to := sol.post(path, url.Values{"on": {"0"}}).to(); to != thread.Path() {
		t.Errorf("it leads to %s", to)
	}
	offers(sol, "Tell me about replies")
	for _, on := range []string{"", "2", "true", "\x00"} {
		sol.post(path, url.Values{"on": {on}}).want(http.StatusUnprocessableEntity)
	}
	sol.post("/t/999999/watch", url.Values{"on": {"1"}}).want(http.StatusNotFound)
	sol.post(path, url.Values{"on": {"1"}, "after": {"x"}}).want(http.StatusNotFound)
	offers(sol, "Tell me about replies")
	if len(h.guest().get(at).all("action", path)) != 0 {
		t.Error("a guest is offered to be told")
	}
}

func TestWhatOthersWroteCanBeReported(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, sol := h.join("Wren"), h.join("Sol")
	thread := wren.thread("house", "A thread", "Words.")
	post := fmt.Sprintf("/p/%d/report", sol.reply(thread, "More.").PostID)
	whole := fmt.Sprintf("/t/%d/report", thread.ID)
	for _, c := range []struct {
		who          person
		whole, reply int
	}{{h.guest(), 0, 0}, {wren, 0, 1}, {sol, 1, 0}, {h.staff("Maya", accounts.Moderator), 1, 1}} {
		page := c.who.get(thread.Path())
		if got := len(page.all("href", whole)); got != c.whole {
			t.Errorf("%q can report the thread: %d", c.who.viewer.Handle, got)
		}
		if got := len(page.all("href", post)); got != c.reply {
			t.Errorf("%q can report the reply: %d", c.who.viewer.Handle, got)
		}
	}
}

// TestTheBoxOfAConsultant stands while the credential does; afterwards plain words tell what was so.
func TestTheBoxOfAConsultant(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	june := h.join("June")
	june.viewer.Label = accounts.IBCLC
	thread := june.thread("house", "A thread", "Marmalade words.")
	look := func(boxes int, words string) {
		t.Helper()
		page, found := h.guest().get(thread.Path()), h.guest().get("/search?q=marmalade")
		if got := len(page.all("class", "post post-ibclc")); got != boxes {
			t.Errorf("%d boxes, want %d", got, boxes)
		}
		if got := page.all("data-n", "1")[0].text(); !strings.Contains(got, words) || strings.Contains(got, "Credential checked") != (boxes == 1) {
			t.Errorf("the post says %q, want %q", got, words)
		}
		if !strings.Contains(found.one("class", "rows hits").text(), words) || len(found.all("class", "label label-ibclc")) != boxes {
			t.Errorf("the search does not say %q", words)
		}
	}
	look(0, "Verified IBCLC when this was written")
	err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.accounts.GrantLabel(ctx, tx, june.viewer.ID, accounts.IBCLC, now, now.Add(time.Hour))
	})
	if err != nil {
		t.Fatal(err)
	}
	look(1, "Verified IBCLC")
}
