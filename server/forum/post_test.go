package forum_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

func TestRepliesAtOnceAreNumberedWithoutHolesOrRepeats(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	thread := h.thread(h.person("wren"), "relactation", "Is it too late to start again?")
	people := []accounts.Viewer{h.person("sol"), h.person("ash"), h.person("june"), h.person("tamsin")}
	const each = 6
	var wait sync.WaitGroup
	for _, person := range people {
		for i := range each {
			wait.Go(func() {
				answer := forum.Answer{ThreadID: thread.ID, Body: fmt.Sprint("reply ", i), Key: uuid.New()}
				if _, err := h.Reply(t.Context(), person, answer); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
	first := h.page(guest, thread, 0)
	second := h.page(guest, thread, first.Next())
	got := slices.Concat(numbers(first.Posts), numbers(second.Posts))
	for i, n := range got {
		if n != i+1 {
			t.Fatalf("numbers %v, want 1, 2, 3 …", got)
		}
	}
	if want := 1 + each*len(people); len(got) != want || first.Thread.LastN != want || first.Thread.Posts != want {
		t.Errorf("%d posts, thread says %d posts up to %d; want %d", len(got), first.Thread.Posts, first.Thread.LastN, want)
	}
}

func TestTheSameKeyIsOneReply(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	thread := h.thread(wren, "relactation", "Is it too late to start again?")
	answer := forum.Answer{ThreadID: thread.ID, Body: "Day nine I had drops.", Key: uuid.New()}
	places := make([]forum.Place, 10)
	var wait sync.WaitGroup
	for i := range places {
		wait.Go(func() {
			var err error
			if places[i], err = h.Reply(t.Context(), sol, answer); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	answer.Body = "Other words under the same key."
	again, err := h.Reply(t.Context(), sol, answer)
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range append(places, again) {
		if place != places[0] {
			t.Errorf("the same key led to %+v and to %+v", places[0], place)
		}
	}
	if n := h.count(`SELECT count(*) FROM posts WHERE author_id = ?`, sol.ID); n != 1 {
		t.Errorf("%d posts under one key", n)
	}
	if post := h.post(sol, again); post.Body != "Day nine I had drops." {
		t.Errorf("the first words were replaced by %q", post.Body)
	}
	if page := h.page(sol, thread, 0); page.Thread.Posts != 2 || page.Thread.LastN != 2 {
		t.Errorf("the thread counts %d posts up to %d, want 2 and 2", page.Thread.Posts, page.Thread.LastN)
	}
	if place := h.mustReply(wren, answer); place.PostID == again.PostID {
		t.Error("somebody else's key led to the same post")
	}
}

func (h *house) mustReply(by accounts.Viewer, a forum.Answer) forum.Place {
	h.t.Helper()
	place, err := h.Reply(h.t.Context(), by, a)
	if err != nil {
		h.t.Fatal(err)
	}
	return place
}

func TestAReplyCarriesTheLabelOfItsMomentAndSafeHTML(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june := h.person("june")
	june.Label = accounts.IBCLC
	thread := h.thread(june, "relactation", "Is it too late to start again?")
	h.reply(june, thread, "**Yes** <script>alert(1)</script> [here](javascript:alert(1)) ![x](https://evil.example/x.png)")
	june.Label = accounts.Peer
	h.reply(june, thread, "Later words.")
	posts := h.page(guest, thread, 0).Posts
	if posts[1].Label != accounts.IBCLC || posts[2].Label != accounts.Peer {
		t.Errorf("labels %q and %q, want those of the moment of writing", posts[1].Label, posts[2].Label)
	}
	if html := posts[1].HTML; !strings.Contains(html, "<strong>Yes</strong>") || strings.Contains(html, "<script") ||
		strings.Contains(html, "javascript:") || strings.Contains(html, "<img") {
		t.Errorf("stored HTML: %s", html)
	}
}

func TestWhereAReplyMayPoint(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "relactation", "Is it too late to start again?")
	other := h.thread(wren, "house", "Another thread of this place")
	here, there := h.reply(wren, thread, "Here."), h.reply(wren, other, "There.")
	gone := h.reply(wren, thread, "Gone.")
	if _, err := h.Delete(t.Context(), wren, gone.PostID); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]int64{"in another thread": there.PostID, "removed": gone.PostID, "unknown": 1 << 40} {
		_, err := h.Reply(t.Context(), wren, forum.Answer{ThreadID: thread.ID, Body: "To you.", Key: uuid.New(), ReplyTo: target})
		refused(t, "a reply to a post "+name, err, fault.Invalid)
	}
	if n := h.page(wren, thread, 0).Thread.LastN; n != 3 {
		t.Errorf("refused replies used up numbers: the last is %d, want 3", n)
	}
	place := h.mustReply(wren, forum.Answer{ThreadID: thread.ID, Body: "To you.", Key: uuid.New(), ReplyTo: here.PostID})
	posts := h.page(guest, thread, 0).Posts
	last := posts[len(posts)-1]
	if last.ID != place.PostID || last.AnsweredID != here.PostID || last.AnsweredN != 2 || last.AnsweredName != "wren" || last.Quotes {
		t.Errorf("the reply says that it answers %+v", last)
	}
}

func TestEditing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	thread := h.thread(wren, "relactation", "Is it too late to start again?")
	place := h.reply(wren, thread, "First words.")
	h.pass(time.Minute)
	edit := func(by accounts.Viewer, version int, body string) error {
		_, err := h.Edit(t.Context(), by, forum.Revision{PostID: place.PostID, Version: version, Body: body})
		return err
	}
	if err := edit(wren, 1, "Second *words*."); err != nil {
		t.Fatal(err)
	}
	if err := edit(wren, 1, "Second *words*."); err != nil {
		t.Errorf("the same edit sent twice: %v", err)
	}
	refused(t, "an edit of an old version", edit(wren, 1, "Third words."), fault.Conflict)
	refused(t, "an edit of a version to come", edit(wren, 3, "Third words."), fault.Conflict)
	refused(t, "somebody else's edit", edit(sol, 2, "Third words."), fault.Forbidden)
	refused(t, "a guest's edit", edit(guest, 2, "Third words."), fault.Forbidden)
	refused(t, "an empty edit", edit(wren, 2, " \n "), fault.Invalid)
	if _, err := h.OwnPost(t.Context(), sol, place.PostID); !fault.Is(err, fault.Forbidden) {
		t.Errorf("somebody else's post to change: %v", err)
	}
	post := h.post(wren, place)
	if post.Body != "Second *words*." || post.Version != 2 || !post.EditedAt.Equal(h.now()) {
		t.Errorf("after one edit: %+v", post)
	}
	if html := h.page(guest, thread, 0).Posts[1].HTML; !strings.Contains(html, "<em>words</em>") {
		t.Errorf("the HTML is still %s", html)
	}
	if _, err := h.Delete(t.Context(), wren, place.PostID); err != nil {
		t.Fatal(err)
	}
	refused(t, "an edit of a removed post", edit(wren, 2, "Third words."), fault.NotFound)
}

func TestDeletingLeavesANumberAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	thread := h.thread(wren, "relactation", "Is it too late to start again?")
	place := h.reply(wren, thread, "Taken back.")
	_, err := h.Delete(t.Context(), sol, place.PostID)
	refused(t, "deleting somebody else's post", err, fault.Forbidden)
	for range 2 {
		if _, err := h.Delete(t.Context(), wren, place.PostID); err != nil {
			t.Fatalf("deleting: %v", err)
		}
	}
	_, err = h.Delete(t.Context(), sol, place.PostID)
	refused(t, "deleting somebody else's removed post", err, fault.NotFound)
	_, err = h.Place(t.Context(), wren, place.PostID)
	refused(t, "the place of a removed post", err, fault.NotFound)
	_, err = h.Post(t.Context(), wren, place.PostID)
	refused(t, "reading a removed post", err, fault.NotFound)
	h.reply(sol, thread, "Next.")
	page := h.page(guest, thread, 0)
	if got := numbers(page.Posts); !slices.Equal(got, []int{1, 3}) || page.Thread.Posts != 2 || page.Thread.Replies != 1 {
		t.Errorf("numbers %v, %d posts, %d replies; want 1 and 3", got, page.Thread.Posts, page.Thread.Replies)
	}
}

func TestAThreadStandsWithoutItsFirstPost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "relactation", "Is it too late to start again?")
	first := h.page(wren, thread, 0).Posts[0]
	h.reply(h.person("sol"), thread, "Not too late.")
	if _, err := h.Delete(t.Context(), wren, first.ID); err != nil {
		t.Fatal(err)
	}
	page := h.page(guest, thread, 0)
	if page.Opened() || page.Thread.Posts != 1 || page.Thread.Replies != 1 || !slices.Equal(numbers(page.Posts), []int{2}) {
		t.Errorf("without its first post: %+v", page.Thread)
	}
}

func TestPagesHoldTwentyVisiblePosts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "relactation", "Is it too late to start again?")
	places := map[int]forum.Place{}
	for n := 2; n <= 50; n++ {
		places[n] = h.reply(wren, thread, fmt.Sprint("post ", n))
	}
	for _, n := range []int{3, 4, 22, 50} {
		if _, err := h.Delete(t.Context(), wren, places[n].PostID); err != nil {
			t.Fatal(err)
		}
	}
	var pages []forum.Page
	for after := 0; ; after = pages[len(pages)-1].Next() {
		pages = append(pages, h.page(guest, thread, after))
		if !pages[len(pages)-1].More {
			break
		}
	}
	if len(pages) != 3 || len(pages[0].Posts) != 20 || len(pages[1].Posts) != 20 || len(pages[2].Posts) != 6 {
		t.Fatalf("%d pages, want 20, 20 and 6 posts", len(pages))
	}
	for i, page := range pages {
		if i > 0 && page.Before != pages[i-1].After {
			t.Errorf("page %d says that the one before it begins after %d, want %d", i+1, page.Before, pages[i-1].After)
		}
		for _, post := range page.Posts {
			place, err := h.Place(t.Context(), guest, post.ID)
			if err != nil || place.After != page.After {
				t.Errorf("post %d is said to be on the page after %d (%v), it is on that after %d", post.N, place.After, err, page.After)
			}
		}
	}
	if past := h.page(guest, thread, 1000); len(past.Posts) != 0 || past.More {
		t.Errorf("past the end: %d posts", len(past.Posts))
	}
}
