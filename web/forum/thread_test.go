package forum_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"firstdrops/server/forum"
)

func TestAThreadIsReadSignedOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, guest := h.join("Wren"), h.guest()
	thread := wren.thread("relactation", "Is it too late?", "A *wet* flange.")
	place := wren.reply(thread, "Another post.")
	got := guest.get(thread.Path()).want(http.StatusOK)
	article := got.one("id", fmt.Sprintf("p-%d", place.PostID))
	if article.Data != "article" || article.attr("data-n") != "2" || article.attr("aria-label") != "Post 2, Wren" {
		t.Errorf("the post is %v", article.Attr)
	}
	if words := article.text(); !strings.Contains(words, "Peer experience") || !strings.Contains(words, "Another post.") {
		t.Errorf("it says %q", words)
	}
	if !strings.Contains(got.body, "<em>wet</em>") || !strings.Contains(got.body, "<h1>Is it too late?</h1>") {
		t.Error("the first post or the title is missing")
	}
	if len(got.all("name", "body")) != 0 || len(got.all("href", "/signup")) == 0 {
		t.Error("a guest is asked to join, not to write")
	}
	for _, path := range []string{fmt.Sprintf("/t/%d", thread.ID), fmt.Sprintf("/t/%d/other-words", thread.ID), fmt.Sprintf("/t/%d/posts", thread.ID)} {
		if to := guest.get(path).to(); to != thread.Path() {
			t.Errorf("%s leads to %s", path, to)
		}
	}
	if to := guest.get(fmt.Sprintf("/p/%d", place.PostID)).to(); to != fmt.Sprintf("%s#p-%d", thread.Path(), place.PostID) {
		t.Errorf("the post's address leads to %s", to)
	}
}

func TestAThreadCalledLikeAPartOfAnAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	thread := h.join("Wren").thread("house", "Posts", "About posts.")
	h.guest().get(thread.Path()).want(http.StatusOK)
}

func TestPagesOfAThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	thread := wren.thread("house", "A long one", "One.")
	var last forum.Place
	for range 24 {
		last = wren.reply(thread, "More.")
	}
	first := h.guest().get(thread.Path()).want(http.StatusOK)
	if n := len(first.all("data-n")); n != 20 {
		t.Errorf("%d posts, want 20", n)
	}
	next := first.one("rel", "next").attr("href")
	second := h.guest().get(next).want(http.StatusOK)
	if n := len(second.all("data-n")); n != 5 || second.all("data-n")[0].attr("data-n") != "21" {
		t.Errorf("%d posts on the second page, want 5 from 21", n)
	}
	if back := second.one("rel", "prev").attr("href"); back != thread.Path() {
		t.Errorf("back leads to %s", back)
	}
	if to := h.guest().get(fmt.Sprintf("/p/%d", last.PostID)).to(); to != fmt.Sprintf("%s?after=20#p-%d", thread.Path(), last.PostID) {
		t.Errorf("the last post is at %s", to)
	}
}

func TestAGuestsPageIsAskedForAgainAndNotSentTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, guest := h.join("Wren"), h.guest()
	thread := wren.thread("house", "A quiet one", "Words.")
	first := guest.get(thread.Path()).want(http.StatusOK)
	tag := first.header.Get("ETag")
	if first.header.Get("Cache-Control") != "private, no-cache" || tag == "" {
		t.Errorf("Cache-Control %q, ETag %q", first.header.Get("Cache-Control"), tag)
	}
	if again := guest.get(thread.Path(), "If-None-Match", tag).want(http.StatusNotModified); again.body != "" {
		t.Errorf("a 304 with %d bytes", len(again.body))
	}
	wren.reply(thread, "New words.")
	guest.get(thread.Path(), "If-None-Match", tag).want(http.StatusOK)
	if kept := wren.get(thread.Path(), "If-None-Match", tag).want(http.StatusOK).header.Get("Cache-Control"); !strings.Contains(kept, "no-store") {
		t.Errorf("a member's page may be kept: %q", kept)
	}
}

// TestNothingOfAMembersOnlyThreadReachesAGuest plants words and looks for them in all that a guest can ask for.
func TestNothingOfAMembersOnlyThreadReachesAGuest(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, guest := h.join("Plantedname"), h.guest()
	thread := wren.thread("feelings", "Planted title", "Planted words.")
	place := wren.reply(thread, "Planted reply.")
	missing := guest.get("/t/999999/x").want(http.StatusNotFound).body
	for _, path := range []string{
		"/c/feelings", "/c/feelings?sort=new", "/c/feelings?before=x", "/c/nowhere", thread.Path(), thread.Path() + "?after=1",
		fmt.Sprintf("/t/%d", thread.ID), fmt.Sprintf("/t/%d/x", thread.ID), fmt.Sprintf("/p/%d", place.PostID),
		"/t/0", "/t/01", "/t/+1", "/t/-1", "/t/x", "/t/99999999999999999999/x", "/p/999999", "/t/%00/x", "/c/%00", "/c/%ff",
	} {
		got := guest.get(path)
		if got.status != http.StatusNotFound || got.body != missing {
			t.Errorf("%s: %d, or other bytes than for an unknown thread", path, got.status)
		}
		if strings.Contains(got.body+fmt.Sprint(got.header), "lanted") {
			t.Errorf("%s tells a guest", path)
		}
	}
	for _, path := range []string{"/c/feelings/threads", fmt.Sprintf("/t/%d/posts", thread.ID), fmt.Sprintf("/p/%d/edit", place.PostID), fmt.Sprintf("/p/%d/delete", place.PostID), "/drafts"} {
		got := guest.post(path, nil)
		if to := got.to(); to != "/login" || strings.Contains(got.body+fmt.Sprint(got.header), "lanted") {
			t.Errorf("a guest's write to %s leads to %s", path, to)
		}
		guest.post(path, nil, "Accept", "application/json").want(http.StatusUnauthorized)
	}
	house := wren.thread("house", "A public thread", "Words.")
	if got := guest.get(fmt.Sprintf("%s?quote=%d&reply_to=%d", house.Path(), place.PostID, place.PostID)); strings.Contains(got.body, "lanted reply") {
		t.Error("a quote in the address tells a guest")
	}
	wren.get(thread.Path()).want(http.StatusOK)
	if category := wren.get("/c/feelings").want(http.StatusOK); !strings.Contains(category.body, "Planted title") {
		t.Error("a member does not see the thread")
	}
}

func TestThreadWithoutItsFirstPost(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	thread := wren.thread("house", "Taken back", "Words.")
	id := wren.get(thread.Path()).all("data-n", "1")[0].attr("id")
	to := wren.post("/p/"+strings.TrimPrefix(id, "p-")+"/delete", nil).to()
	if to != thread.Path() {
		t.Errorf("deleting leads to %s", to)
	}
	if got := h.guest().get(to).want(http.StatusOK); !strings.Contains(got.body, "The first post is no longer here.") {
		t.Error("nothing says why the first post is missing")
	}
}

func TestCategoryPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren := h.join("Wren")
	answered := wren.thread("house", "An answered thread", "Words.")
	wren.thread("house", "A waiting thread", "Words.")
	wren.reply(answered, "A reply.")
	got := h.guest().get("/c/house").want(http.StatusOK)
	for _, words := range []string{"<h1>House</h1>", "An answered thread", "A waiting thread", "1 reply", "waiting for a first reply"} {
		if !strings.Contains(got.body, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if got := h.guest().get("/c/house?sort=unanswered&tag=x").want(http.StatusOK); strings.Contains(got.body, "An answered thread") {
		t.Error("an answered thread is listed as unanswered")
	}
	h.guest().get("/c/house?sort=%27%3B--").want(http.StatusOK)
	if len(got.all("href", "/c/house/new")) == 0 {
		t.Error("nothing leads to a new thread")
	}
	if to := h.guest().get("/c/house/new").to(); to != "/login?next=%2Fc%2Fhouse%2Fnew" {
		t.Errorf("a guest who wants to write is led to %s", to)
	}
	for i := range 31 {
		wren.thread("relactation", fmt.Sprintf("Thread %d", i), "Words.")
	}
	first := h.guest().get("/c/relactation?sort=new").want(http.StatusOK)
	second := h.guest().get(first.one("rel", "next").attr("href")).want(http.StatusOK)
	if !strings.Contains(second.body, "Thread 0") || strings.Contains(second.body, "Thread 30") || len(second.all("rel", "next")) != 0 {
		t.Error("the second page does not hold the one thread that is left")
	}
}

func TestQuotedAndAnsweredPosts(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	wren, sol := h.join("Wren"), h.join("Sol")
	thread := wren.thread("house", "To be quoted", "A wet flange.")
	page := sol.get(thread.Path()).want(http.StatusOK)
	first := strings.TrimPrefix(page.all("data-n", "1")[0].attr("id"), "p-")
	composer := sol.get(page.one("data-quote", first).attr("href")).want(http.StatusOK)
	body := composer.one("name", "body").value()
	if body != "> A wet flange.\n\n" {
		t.Fatalf("the composer holds %q", body)
	}
	to := sol.post(fmt.Sprintf("/t/%d/posts", thread.ID), map[string][]string{
		"body": {body + "That is how mine began."}, "key": {uuid.NewString()},
		"reply_to": {composer.one("name", "reply_to").value()}, "quote_post": {composer.one("name", "quote_post").value()},
		"quote_start": {composer.one("name", "quote_start").value()}, "quote_end": {composer.one("name", "quote_end").value()},
	}).to()
	_, anchor, _ := strings.Cut(to, "#")
	quoting := h.guest().get(to).one("id", anchor)
	if words := quoting.text(); !strings.Contains(words, "from Wren, post 1") || !strings.Contains(words, "A wet flange.") {
		t.Errorf("the quoting post says %q", words)
	}
	answering := sol.get(page.one("data-reply", first).attr("href")).want(http.StatusOK)
	if answering.one("name", "reply_to").value() != first || !strings.Contains(answering.body, "Your reply to Wren") {
		t.Error("the composer does not answer the post that was asked for")
	}
}
