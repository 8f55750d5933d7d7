package forum_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

func TestTheSameKeyIsOneThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	opening := forum.Opening{Category: "relactation", Title: "Is it too late?", Body: "Five weeks.", Key: uuid.New()}
	threads := make([]forum.Thread, 10)
	var wait sync.WaitGroup
	for i := range threads {
		wait.Go(func() {
			var err error
			if threads[i], err = h.Start(t.Context(), wren, opening); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, thread := range threads {
		if thread.ID != threads[0].ID {
			t.Errorf("one key made the threads %d and %d", threads[0].ID, thread.ID)
		}
	}
	if posts := h.count(`SELECT count(*) FROM posts`); posts != 1 {
		t.Errorf("%d posts, want the one that opens the thread", posts)
	}
	if path := threads[0].Path(); path != fmt.Sprintf("/t/%d/is-it-too-late", threads[0].ID) {
		t.Errorf("its path is %s", path)
	}
}

func TestWhatAThreadMayBeCalled(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	for name, c := range map[string]struct {
		title, body string
		fields      []string
	}{
		"nothing typed":     {"", " \n", []string{"body", "title"}},
		"a short title":     {"ab", "Words.", []string{"title"}},
		"a long title":      {strings.Repeat("é", 161), "Words.", []string{"title"}},
		"NUL":               {"A title\x00", "Wo\x00rds.", []string{"body", "title"}},
		"invalid UTF-8":     {"A title\xff", "Words\xc3.", []string{"body", "title"}},
		"direction turned":  {"A title\u202e", "Words\u202e.", []string{"body", "title"}},
		"a long body":       {"A title", strings.Repeat("é", 20_001), []string{"body"}},
		"a title of breaks": {"A\ntitle", "Words.", []string{"title"}},
	} {
		_, err := h.Start(t.Context(), wren, forum.Opening{Category: "house", Title: c.title, Body: c.body, Key: uuid.New()})
		if got := faultyFields(err); !slices.Equal(got, c.fields) {
			t.Errorf("%s: faults at %v (%v), want %v", name, got, err, c.fields)
		}
	}
	if n := h.count(`SELECT count(*) FROM threads`); n != 0 {
		t.Errorf("%d refused threads were stored", n)
	}
	longest := forum.Opening{Category: "house", Title: strings.Repeat("é", 160), Body: strings.Repeat("é", 20_000), Key: uuid.New()}
	if _, err := h.Start(t.Context(), wren, longest); err != nil {
		t.Errorf("the longest thread: %v", err)
	}
}

func TestDeepMarkdownIsKeptAndAnsweredInTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	for _, deep := range []string{strings.Repeat(">", 19_999), strings.Repeat("[", 19_999), strings.Repeat("*a ", 6_666)} {
		began := time.Now()
		_, err := h.Start(t.Context(), wren, forum.Opening{Category: "house", Title: "A deep one", Body: deep + "x", Key: uuid.New()})
		if took := time.Since(began); err != nil || took > 2*time.Second {
			t.Errorf("%.3s…: %v after %v", deep, err, took)
		}
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	first := h.thread(wren, "relactation", "The first thread")
	h.pass(time.Minute)
	second := h.thread(wren, "relactation", "The second thread")
	h.pass(time.Minute)
	gone := h.thread(wren, "relactation", "A thread taken back")
	if _, err := h.Delete(t.Context(), wren, h.page(wren, gone, 0).Posts[0].ID); err != nil {
		t.Fatal(err)
	}
	h.pass(time.Minute)
	h.reply(sol, first, "A reply.")
	h.thread(wren, "house", "Elsewhere")
	for sort, want := range map[forum.Sort][]string{
		forum.Active:     {first.Title, second.Title},
		forum.Newest:     {second.Title, first.Title},
		forum.Unanswered: {second.Title},
		"by force":       {first.Title, second.Title},
	} {
		listing, err := h.Listing(t.Context(), guest, "relactation", sort, "")
		if err != nil || !slices.Equal(titles(listing.Threads), want) || listing.Next != "" {
			t.Errorf("%q: %v %v %q, want %v", sort, titles(listing.Threads), err, listing.Next, want)
		}
	}
	taken, err := h.Page(t.Context(), guest, gone.ID, 0)
	if err != nil || taken.Opened() || len(taken.Posts) != 0 {
		t.Errorf("the thread without posts: %+v, %v", taken, err)
	}
	waiting, err := h.Waiting(t.Context(), guest, 10)
	if want := []string{"Elsewhere", second.Title}; err != nil || !slices.Equal(titles(waiting), want) {
		t.Errorf("waiting: %v %v, want %v", titles(waiting), err, want)
	}
}

func TestAThreadWhoseReplyWasTakenBackWaitsAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "house", "Anybody?")
	place := h.reply(wren, thread, "Never mind.")
	if waiting, err := h.Waiting(t.Context(), guest, 10); err != nil || len(waiting) != 0 {
		t.Errorf("answered, it waits: %v %v", titles(waiting), err)
	}
	if _, err := h.Delete(t.Context(), wren, place.PostID); err != nil {
		t.Fatal(err)
	}
	if waiting, err := h.Waiting(t.Context(), guest, 10); err != nil || len(waiting) != 1 {
		t.Errorf("unanswered again: %v %v", titles(waiting), err)
	}
}

func TestListingPagesHoldEveryThreadOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	want := map[string]int{}
	for i := range 70 {
		if i%10 != 0 { // many at the same moment
			h.pass(time.Second)
		}
		title := fmt.Sprintf("Thread number %d", i)
		h.thread(wren, "house", title)
		want[title] = 1
	}
	for _, sort := range []forum.Sort{forum.Active, forum.Newest, forum.Unanswered} {
		seen, before, pages := map[string]int{}, "", 0
		for pages < 10 {
			listing, err := h.Listing(t.Context(), guest, "house", sort, before)
			if err != nil {
				t.Fatal(err)
			}
			for _, title := range titles(listing.Threads) {
				seen[title]++
			}
			pages++
			if before = listing.Next; before == "" {
				break
			}
		}
		if pages != 3 || len(seen) != len(want) {
			t.Errorf("%s: %d threads on %d pages, want 70 on 3", sort, len(seen), pages)
		}
		for title, times := range seen {
			if times != 1 {
				t.Errorf("%s: %q is listed %d times", sort, title, times)
			}
		}
	}
}

// TestMembersOnly plants words where guests may not look, and looks as a guest from every side.
func TestMembersOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	secret := h.thread(wren, "feelings", "Planted title")
	place := h.reply(wren, secret, "Planted words.")
	ctx := t.Context()
	reads := map[string]func() error{
		"the listing":  func() error { _, err := h.Listing(ctx, guest, "feelings", forum.Active, ""); return err },
		"the category": func() error { _, err := h.Category(ctx, guest, "feelings"); return err },
		"the page":     func() error { _, err := h.Page(ctx, guest, secret.ID, 0); return err },
		"the thread":   func() error { _, err := h.Thread(ctx, guest, secret.ID); return err },
		"the post":     func() error { _, err := h.Post(ctx, guest, place.PostID); return err },
		"the own post": func() error { _, err := h.OwnPost(ctx, guest, place.PostID); return err },
		"the place":    func() error { _, err := h.Place(ctx, guest, place.PostID); return err },
		"a reply": func() error {
			_, err := h.Reply(ctx, guest, forum.Answer{ThreadID: secret.ID, Body: "Hello.", Key: uuid.New()})
			return err
		},
		"a thread there": func() error {
			_, err := h.Start(ctx, guest, forum.Opening{Category: "feelings", Title: "Hello", Body: "Hello.", Key: uuid.New()})
			return err
		},
		"an edit": func() error {
			_, err := h.Edit(ctx, guest, forum.Revision{PostID: place.PostID, Version: 1, Body: "Hello."})
			return err
		},
		"a deletion": func() error { _, err := h.Delete(ctx, guest, place.PostID); return err },
	}
	for name, read := range reads {
		refused(t, name+" for a guest", read(), fault.NotFound)
	}
	for name, list := range map[string]func() ([]forum.Thread, error){
		"latest":  func() ([]forum.Thread, error) { return h.Latest(ctx, guest, 10) },
		"waiting": func() ([]forum.Thread, error) { return h.Waiting(ctx, guest, 10) },
	} {
		if threads, err := list(); err != nil || len(threads) != 0 {
			t.Errorf("%s for a guest: %v %v", name, titles(threads), err)
		}
	}
	if latest, err := h.Latest(ctx, wren, 10); err != nil || len(latest) != 1 {
		t.Errorf("latest for a member: %v %v", titles(latest), err)
	}
	if got := h.page(wren, secret, 0); len(got.Posts) != 2 {
		t.Errorf("a member sees %d posts, want 2", len(got.Posts))
	}
}

func TestCategories(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	h.thread(wren, "feelings", "A members' thread")
	h.thread(wren, "house", "A public thread")
	for name, c := range map[string]struct {
		sees  int
		times map[string]bool
	}{
		"a guest":  {9, map[string]bool{"house": true}},
		"a member": {9, map[string]bool{"house": true, "feelings": true}},
	} {
		viewer := guest
		if name == "a member" {
			viewer = wren
		}
		categories, err := h.Categories(t.Context(), viewer)
		if err != nil || len(categories) != c.sees || categories[0].Slug != "relactation" {
			t.Fatalf("%s: %v %v", name, categories, err)
		}
		for _, category := range categories {
			if known := !category.ActiveAt.IsZero(); known != c.times[category.Slug] {
				t.Errorf("%s is told when somebody wrote in %s: %v", name, category.Slug, known)
			}
			if category.MembersOnly() != (category.Slug == "feelings") {
				t.Errorf("%s is %s", category.Slug, category.Audience)
			}
		}
	}
}

func TestUnknownThings(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "house", "A public thread")
	for _, slug := range []string{"", "nowhere", "House", "house\x00", "house'--", "\xff", strings.Repeat("a", 10_000)} {
		_, err := h.Listing(t.Context(), wren, slug, forum.Active, "")
		refused(t, fmt.Sprintf("category %.10q", slug), err, fault.NotFound)
	}
	for _, before := range []string{"x", "1", ".", "1.", ".1", "-1.1", "1.-1", "01.1", "1.01", "1.1.1", "1.0", "ZZ.1", "1'.1", "\x00", "\xff.1", strings.Repeat("z", 12) + ".1", "1." + strings.Repeat("z", 20)} {
		_, err := h.Listing(t.Context(), wren, "house", forum.Active, before)
		refused(t, fmt.Sprintf("cursor %q", before), err, fault.NotFound)
	}
	for _, after := range []int{-1, 1 << 31, 1 << 62} {
		_, err := h.Page(t.Context(), wren, thread.ID, after)
		refused(t, fmt.Sprint("after ", after), err, fault.NotFound)
	}
	for _, id := range []int64{0, -1, thread.ID + 1, 1<<63 - 1} {
		_, err := h.Page(t.Context(), wren, id, 0)
		refused(t, fmt.Sprint("thread ", id), err, fault.NotFound)
		_, err = h.Reply(t.Context(), wren, forum.Answer{ThreadID: id, Body: "Hello.", Key: uuid.New()})
		refused(t, fmt.Sprint("a reply to thread ", id), err, fault.NotFound)
	}
}

func TestAMemberWithoutASessionIsAskedToSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	thread := h.thread(h.person("wren"), "house", "A public thread")
	_, err := h.Reply(t.Context(), guest, forum.Answer{ThreadID: thread.ID, Body: "Hello.", Key: uuid.New()})
	refused(t, "a guest's reply", err, fault.Unauthenticated)
	_, err = h.Start(t.Context(), guest, forum.Opening{Category: "house", Title: "Hello", Body: "Hello.", Key: uuid.New()})
	refused(t, "a guest's thread", err, fault.Unauthenticated)
}

func titles(threads []forum.Thread) []string {
	var all []string
	for _, thread := range threads {
		all = append(all, thread.Title)
	}
	return all
}
