package forum_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestStartingAThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	blank := wren.get("/c/relactation/new").want(http.StatusOK)
	key := blank.one("name", "key").value()
	form := url.Values{"title": {"Is it too late?"}, "body": {"Five weeks."}, "tags": {"later"}, "key": {key}}
	sent := wren.post("/c/relactation/threads", form)
	to := sent.to()
	if !strings.HasSuffix(to, "/is-it-too-late") {
		t.Errorf("it leads to %s", to)
	}
	if again := wren.post("/c/relactation/threads", form).to(); again != to {
		t.Errorf("sent twice it leads to %s and %s", to, again)
	}
	if len(sent.cookies) != 1 || sent.cookies[0].Name != "sent" || sent.cookies[0].Value != key {
		t.Errorf("the device is not told which form has arrived: %v", sent.cookies)
	}
	wren.post("/c/nowhere/threads", form).want(http.StatusNotFound)
}

func TestARefusedThreadKeepsEveryWord(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	key := uuid.NewString()
	got := wren.post("/c/house/threads", url.Values{"title": {"x"}, "body": {"\nLong <b>thoughts</b> & more\u202e"}, "key": {key}}).want(http.StatusUnprocessableEntity)
	if title := got.one("name", "title"); title.value() != "x" || title.attr("aria-invalid") != "true" || title.attr("aria-describedby") == "" {
		t.Errorf("the title came back as %v", title.Attr)
	}
	if body := got.one("name", "body").value(); body != "\nLong <b>thoughts</b> & more\u202e" {
		t.Errorf("the words came back as %q", body)
	}
	if got.one("name", "key").value() != key {
		t.Error("the key came back as another")
	}
	if len(got.all("href", "#title")) != 1 || len(got.all("href", "#body")) != 1 {
		t.Error("the summary does not lead to both fields")
	}
	json := wren.post("/c/house/threads", url.Values{"title": {"x"}}, "Accept", "application/json").want(http.StatusUnprocessableEntity)
	if kind := json.header.Get("Content-Type"); kind != "application/problem+json" || !strings.Contains(json.body, `"title"`) {
		t.Errorf("%s %s", kind, json.body)
	}
}

func TestReplying(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	thread := wren.thread("house", "A thread", "Words.")
	path := fmt.Sprintf("/t/%d/posts", thread.ID)
	form := url.Values{"body": {"Mine too."}, "key": {uuid.NewString()}}
	sent := wren.post(path, form)
	if len(sent.cookies) != 1 || sent.cookies[0].Name != "sent" || sent.cookies[0].Value != form.Get("key") {
		t.Errorf("the device is not told which form has arrived: %v", sent.cookies)
	}
	to := sent.to()
	if !strings.HasPrefix(to, thread.Path()+"#p-") || wren.post(path, form).to() != to {
		t.Errorf("the reply is at %s, sent again elsewhere", to)
	}
	keyless := url.Values{"body": {"Without a key."}}
	if first, second := wren.post(path, keyless).to(), wren.post(path, keyless).to(); first == second {
		t.Error("two forms without a key became one reply")
	}
	if n := len(wren.get(thread.Path()).all("data-n")); n != 4 {
		t.Errorf("%d posts, want 4", n)
	}
	wren.post("/t/999999/posts", form).want(http.StatusNotFound)
	wren.post("/t/x/posts", form).want(http.StatusNotFound)
}

func TestWhatAReplyMayNotBe(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	thread := wren.thread("house", "A thread", "Words.")
	path := fmt.Sprintf("/t/%d/posts", thread.ID)
	for name, form := range map[string]url.Values{
		"nothing":           {},
		"blanks":            {"body": {" \r\n\t"}},
		"NUL":               {"body": {"Wo\x00rds"}},
		"invalid UTF-8":     {"body": {"Words\xff"}},
		"direction turned":  {"body": {"Words\u202e"}},
		"over-long":         {"body": {strings.Repeat("é", 20_001)}},
		"a broken key":      {"body": {"Words"}, "key": {"not-a-key"}},
		"a broken answer":   {"body": {"Words"}, "reply_to": {"1 OR 1=1"}},
		"an unknown answer": {"body": {"Words"}, "reply_to": {"999999"}},
		"a broken quote":    {"body": {"Words"}, "quote_post": {"x"}},
		"a broken range":    {"body": {"Words"}, "quote_post": {"1"}, "quote_start": {"-1"}},
		"an unknown quote":  {"body": {"Words"}, "quote_post": {"999999"}},
	} {
		got := wren.post(path, form)
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got.status)
			continue
		}
		if fault := got.one("name", "body"); fault.attr("aria-invalid") != "true" {
			t.Errorf("%s: no fault at the words", name)
		}
		if kept, sent := got.one("name", "body").value(), form.Get("body"); !strings.ContainsAny(sent, "\x00\r") && kept != strings.ToValidUTF8(sent, "\ufffd") {
			t.Errorf("%s: %.20q came back as %.20q", name, sent, kept)
		}
		if _, err := uuid.Parse(got.one("name", "key").value()); err != nil {
			t.Errorf("%s: the form came back without a good key", name)
		}
		again := url.Values{"body": {"Sent once more."}}
		for _, field := range []string{"key", "reply_to", "quote_post", "quote_start", "quote_end"} {
			again.Set(field, got.one("name", field).value())
		}
		wren.post(path, again).want(http.StatusSeeOther)
	}
	for name, body := range map[string]string{"JSON": `{"body":["x"]}`, "a broken escape": "body=%zz&key=%"} {
		if got := wren.ask(http.MethodPost, path, body); got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, got.status)
		}
	}
}

func TestWhatMarkdownMayNotBring(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	thread := wren.thread("house", "A thread", "Words.")
	for _, body := range []string{
		"[x](javascript:alert(1))", "<script>alert(1)</script>", "![x](https://evil.example/x.png)", "<img src=x onerror=alert(1)>",
		strings.Repeat("> ", 9_999) + "x", strings.Repeat("[", 20_000), strings.Repeat("*", 20_000), strings.Repeat("- ", 9_999) + "x",
	} {
		began := time.Now()
		to := wren.post(fmt.Sprintf("/t/%d/posts", thread.ID), url.Values{"body": {body}}).to()
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%.10s… took %v", body, took)
		}
		_, anchor, _ := strings.Cut(to, "#")
		for node := range h.guest().get(to).one("id", anchor).Descendants() {
			if src := (element{node}).attr("src") + (element{node}).attr("onerror"); node.Data == "img" || node.Data == "script" || src != "" {
				t.Errorf("%.40s became <%s>", body, node.Data)
			}
			if href := (element{node}).attr("href"); strings.HasPrefix(href, "javascript") {
				t.Errorf("%.40s leads to %s", body, href)
			}
		}
	}
}

func TestChangingAPost(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, sol := h.join("Wren"), h.join("Sol")
	thread := wren.thread("house", "A thread", "Words.")
	place := wren.reply(thread, "First words.")
	path := fmt.Sprintf("/p/%d/edit", place.PostID)
	form := wren.get(path).want(http.StatusOK)
	version := form.one("name", "version").value()
	if form.one("name", "body").value() != "First words." || version != "1" {
		t.Errorf("the form holds %q of version %s", form.one("name", "body").value(), version)
	}
	if to := wren.post(path, url.Values{"body": {"Words from my phone."}, "version": {version}}).to(); to != place.Path() {
		t.Errorf("the change leads to %s", to)
	}
	stale := wren.post(path, url.Values{"body": {"Words from my desk."}, "version": {version}}).want(http.StatusConflict)
	if mine, standing := stale.one("name", "body").value(), stale.one("id", "standing").value(); mine != "Words from my desk." || standing != "Words from my phone." {
		t.Errorf("both texts: %q and %q", mine, standing)
	}
	wren.post(path, url.Values{"body": {"Words from my desk."}, "version": {version}}, "Accept", "application/json").want(http.StatusConflict)
	wren.post(path, url.Values{"body": {"Both words."}, "version": {stale.one("name", "version").value()}}).want(http.StatusSeeOther)
	if got := h.guest().get(thread.Path()); !strings.Contains(got.body, "Both words.") || !strings.Contains(got.body, "edited") {
		t.Error("the change, or that it is one, cannot be seen")
	}
	for name, refusal := range map[string]answer{
		"reading somebody else's form": sol.get(path),
		"somebody else's change":       sol.post(path, url.Values{"body": {"Not mine."}, "version": {"3"}}),
		"somebody else's removal":      sol.post(fmt.Sprintf("/p/%d/delete", place.PostID), nil),
	} {
		if refusal.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, refusal.status)
		}
	}
	for _, version := range []string{"", "x", "0", "-1", "99999999999"} {
		wren.post(path, url.Values{"body": {"Kept words."}, "version": {version}}).want(http.StatusUnprocessableEntity)
	}
	empty := wren.post(path, url.Values{"version": {"3"}}).want(http.StatusUnprocessableEntity)
	if empty.one("name", "body").attr("aria-invalid") != "true" {
		t.Error("no fault at the words")
	}
	wren.get("/p/999999/edit").want(http.StatusNotFound)
}

func TestTakingAPostAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	thread := wren.thread("house", "A thread", "Words.")
	place := wren.reply(thread, "Unsaid words.")
	path := fmt.Sprintf("/p/%d", place.PostID)
	asks := wren.get(path + "/delete").want(http.StatusOK)
	if asks.all("method", "post")[1].attr("action") != path+"/delete" && len(asks.all("action", path+"/delete")) != 1 {
		t.Error("the page does not ask")
	}
	for range 2 {
		if to := wren.post(path+"/delete", nil).to(); to != thread.Path() {
			t.Errorf("it leads to %s", to)
		}
	}
	h.guest().get(path).want(http.StatusNotFound)
	wren.get(path + "/edit").want(http.StatusNotFound)
	if strings.Contains(wren.get(thread.Path()).body, "Unsaid") {
		t.Error("the words are still there")
	}
}

func TestADraftComesBackUntilItIsSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, sol := h.join("Wren"), h.join("Sol")
	thread := wren.thread("feelings", "A thread", "Words.")
	target := thread.ReplyTarget()
	sol.post("/drafts", url.Values{"target": {target}, "body": {"Half a thou"}}).want(http.StatusNoContent)
	composer := sol.get(thread.Path()).one("name", "body")
	if composer.value() != "Half a thou" {
		t.Errorf("the composer holds %q", composer.value())
	}
	if form := sol.get(thread.Path()).one("data-draft", target); form.attr("data-drafted-at") == "0" || form.attr("data-person") == "" {
		t.Errorf("the device cannot tell whose draft it is or when it was kept: %v", form.Attr)
	}
	if other := wren.get(thread.Path()).one("name", "body").value(); other != "" {
		t.Errorf("somebody else's composer holds %q", other)
	}
	quoted := strings.TrimPrefix(sol.get(thread.Path()).all("data-n", "1")[0].attr("id"), "p-")
	if body := sol.get(thread.Path()+"?quote="+quoted).one("name", "body").value(); body != "Half a thou\n\n> Words.\n\n" {
		t.Errorf("a quote beside the draft: %q", body)
	}
	sol.post(fmt.Sprintf("/t/%d/posts", thread.ID), url.Values{"body": {"A whole thought."}}).want(http.StatusSeeOther)
	if left := sol.get(thread.Path()).one("name", "body").value(); left != "" {
		t.Errorf("sent, and still there: %q", left)
	}
	sol.post("/drafts", url.Values{"target": {"c:house"}, "title": {"Half a ti"}, "body": {""}}).want(http.StatusNoContent)
	if title := sol.get("/c/house/new").one("name", "title").value(); title != "Half a ti" {
		t.Errorf("the new thread's title is %q", title)
	}
	sol.post("/drafts", url.Values{"target": {"t:999999"}, "body": {"Words"}}).want(http.StatusNotFound)
}

func TestWritingTooMuchIsSlowedDownAndLosesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	wren := h.join("Wren")
	thread := wren.thread("house", "A thread", "Words.")
	path := fmt.Sprintf("/t/%d/posts", thread.ID)
	taken := 0
	var slowed answer
	for range 200 {
		slowed = wren.post(path, url.Values{"body": {"Again."}})
		if slowed.status != http.StatusSeeOther {
			break
		}
		taken++
	}
	slowed.want(http.StatusTooManyRequests)
	if taken < 30 || slowed.header.Get("Retry-After") == "" || slowed.one("name", "body").value() != "Again." {
		t.Errorf("after %d posts: Retry-After %q, words kept: %q", taken, slowed.header.Get("Retry-After"), slowed.one("name", "body").value())
	}
	taken = 0
	for range 100 {
		slowed = wren.post("/c/house/threads", url.Values{"title": {"A thread"}, "body": {"Once more."}})
		if slowed.status != http.StatusSeeOther {
			break
		}
		taken++
	}
	slowed.want(http.StatusTooManyRequests)
	if taken < 10 || slowed.one("name", "body").value() != "Once more." {
		t.Errorf("after %d threads; words kept: %q", taken, slowed.one("name", "body").value())
	}
}

func TestDraftsAreSlowedDownFarAboveTyping(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	wren := h.join("Wren")
	for n := range 1000 {
		if got := wren.post("/drafts", url.Values{"target": {"nowhere"}}); got.status == http.StatusTooManyRequests {
			if n < 400 {
				t.Errorf("slowed down after %d drafts; somebody who types for ten minutes sends 400", n)
			}
			return
		}
	}
	t.Error("nothing slows drafts down")
}

// TestStatements holds the number of statements of a page, the one of the viewer among them.
func TestStatements(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	thread := wren.thread("house", "A thread", "Words.")
	for range 25 {
		wren.reply(thread, "More words, about domperidone 10 mg and fenugreek.")
	}
	for _, c := range []struct {
		who   person
		name  string
		limit int64
	}{{h.guest(), "a guest", 2}, {wren, "a member", 4}} {
		before := h.db.Statements()
		c.who.get(thread.Path() + "?after=20").want(http.StatusOK)
		if n := h.db.Statements() - before; n > c.limit {
			t.Errorf("%s's page takes %d statements, at most %d", c.name, n, c.limit)
		}
	}
}
