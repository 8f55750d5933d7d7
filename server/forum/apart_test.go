package forum_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

// part sets a block: of the person, or in a thread of the name that they have there. It gives both as they come next.
func (h *house) part(by, from accounts.Viewer, threadID int64) (accounts.Viewer, accounts.Viewer) {
	h.t.Helper()
	_, err := h.db.NewRaw(`INSERT INTO blocks (blocker_id, blocked_id, thread_id, created_at) VALUES (?, ?, ?, now())`, by.ID, from.ID, threadID).Exec(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	by.Apart, from.Apart = true, true
	return by, from
}

// meets says on which surfaces the viewer is shown a thread and a post in it.
func (h *house) meets(v accounts.Viewer, thread forum.Thread, postID int64) string {
	h.t.Helper()
	ctx, surfaces := h.t.Context(), ""
	tell := func(surface string, told bool, err error) {
		if err != nil && !fault.Is(err, fault.NotFound) {
			h.t.Fatal(surface, err)
		}
		if err == nil && told {
			surfaces += surface + " "
		}
	}
	has := func(threads []forum.Thread) bool {
		return slices.ContainsFunc(threads, func(t forum.Thread) bool { return t.ID == thread.ID })
	}
	for _, sort := range []forum.Sort{forum.Active, forum.Newest, forum.Unanswered} {
		listing, err := h.Listing(ctx, v, thread.CategorySlug, sort, "")
		tell(string(sort), has(listing.Threads), err)
	}
	latest, err := h.Latest(ctx, v, 20)
	tell("latest", has(latest), err)
	waiting, err := h.Waiting(ctx, v, 20)
	tell("waiting", has(waiting), err)
	_, err = h.Thread(ctx, v, thread.ID)
	tell("thread", true, err)
	page, err := h.Page(ctx, v, thread.ID, 0)
	tell("page", slices.ContainsFunc(page.Posts, func(p forum.Post) bool { return p.ID == postID }), err)
	tell("answered", slices.ContainsFunc(page.Posts, func(p forum.Post) bool { return p.AnsweredID == postID && p.AnsweredName != "" }), err)
	_, err = h.Place(ctx, v, postID)
	tell("place", true, err)
	_, err = h.Post(ctx, v, postID)
	tell("post", true, err)
	lines, err := h.Lines(ctx, v, []int64{postID})
	tell("line", len(lines) == 1, err)
	return strings.TrimSpace(surfaces)
}

const (
	ofTheThread = "active new latest thread"
	ofThePost   = " page answered place post line"
)

// TestWhoIsApartMeetsNoPostOfTheOther, whichever of them asked for it; everybody else does, and staff and moderators are met.
func TestWhoIsApartMeetsNoPostOfTheOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, robin, maya := h.person("wren"), h.person("sol"), h.person("robin"), h.moderator("maya")
	thread := h.thread(robin, "relactation", "A thread")
	posts := map[string]int64{}
	for _, by := range []accounts.Viewer{wren, sol, maya} {
		posts[by.Handle] = h.reply(by, thread, "Some words.").PostID
		h.mustReply(robin, forum.Answer{ThreadID: thread.ID, Body: "Yes.", Key: uuid.New(), ReplyTo: posts[by.Handle]})
	}
	spoken := h.mustReply(maya, forum.Answer{ThreadID: thread.ID, Body: "Be kind.", Key: uuid.New(), As: accounts.AsModerator}).PostID
	h.mustReply(robin, forum.Answer{ThreadID: thread.ID, Body: "Yes.", Key: uuid.New(), ReplyTo: spoken})
	wren, sol = h.part(wren, sol, 0)
	wren, maya = h.part(wren, maya, 0)
	for _, c := range []struct {
		v    accounts.Viewer
		post int64
		sees bool
	}{
		{wren, posts["sol"], false}, {sol, posts["wren"], false}, {wren, posts["maya"], false}, {maya, posts["wren"], true},
		{wren, posts["wren"], true}, {sol, posts["maya"], true}, {robin, posts["sol"], true}, {guest, posts["wren"], true}, {wren, spoken, true},
	} {
		want := ofTheThread
		if c.sees {
			want += ofThePost
		}
		if got := h.meets(c.v, thread, c.post); got != want {
			t.Errorf("%q meets post %d on %q, want %q", c.v.Handle, c.post, got, want)
		}
	}
	ctx := t.Context()
	for what, answer := range map[string]forum.Answer{
		"an answer": {ReplyTo: posts["sol"]}, "a quote": {Quote: forum.Quote{PostID: posts["sol"]}},
	} {
		answer.ThreadID, answer.Body, answer.Key = thread.ID, "> Some words.\n\nWell.", uuid.New()
		_, err := h.Reply(ctx, wren, answer)
		refused(t, what, err, fault.Invalid)
	}
	_, err := h.React(ctx, wren, posts["sol"], forum.Hug, true)
	refused(t, "a reaction", err, fault.NotFound)
	h.mustReply(wren, forum.Answer{ThreadID: thread.ID, Body: "Yes.", Key: uuid.New(), ReplyTo: spoken})
	h.mustReply(maya, forum.Answer{ThreadID: thread.ID, Body: "Yes.", Key: uuid.New(), ReplyTo: posts["wren"]})
}

// TestQuotesOfWhoIsApartAreFolded for the two of them, and for nobody else.
func TestQuotesOfWhoIsApartAreFolded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, robin := h.person("wren"), h.person("sol"), h.person("robin")
	thread := h.thread(robin, "relactation", "A thread")
	theirs, mine := h.reply(sol, thread, "You are a marmalade.").PostID, h.reply(wren, thread, "A thistledown.").PostID
	for body, id := range map[string]int64{"> You are a marmalade.\n\nNo.": theirs, "> A thistledown.\n\nYes.": mine} {
		h.mustReply(robin, forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New(), Quote: forum.Quote{PostID: id}})
	}
	wren, sol = h.part(wren, sol, 0)
	for _, v := range []accounts.Viewer{wren, sol, robin, guest} {
		all := fmt.Sprintf("%+v", h.page(v, thread, 0).Posts)
		if strings.Contains(all, "marmalade") != (v.ID != wren.ID) || strings.Contains(all, "thistledown") != (v.ID != sol.ID) || !strings.Contains(all, "No.") || !strings.Contains(all, "Yes.") {
			t.Errorf("%q reads %s", v.Handle, all)
		}
		offered := ""
		for _, p := range h.page(v, thread, 0).Posts {
			post, err := h.Post(t.Context(), v, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			lines, _ := post.Quote()
			offered += lines
		}
		if strings.Contains(offered, "marmalade") != (v.ID != wren.ID) || strings.Contains(offered, "thistledown") != (v.ID != sol.ID) || !strings.Contains(offered, "> No.") {
			t.Errorf("%q is offered to quote %s", v.Handle, offered)
		}
		if folded := strings.Contains(all, "<p><em>These words are no longer shown.</em></p>"); folded != v.Apart {
			t.Errorf("%q is told of a quote: %v", v.Handle, folded)
		}
	}
}

// TestAThreadOfSomebodyApartIsMissing, with all that others wrote in it.
func TestAThreadOfSomebodyApartIsMissing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, robin, maya := h.person("wren"), h.person("sol"), h.person("robin"), h.moderator("maya")
	theirs := h.thread(sol, "relactation", "Theirs")
	post := h.reply(robin, theirs, "Some words.").PostID
	own := h.reply(wren, theirs, "From before.").PostID
	h.mustReply(robin, forum.Answer{ThreadID: theirs.ID, Body: "Yes.", Key: uuid.New(), ReplyTo: post})
	begun, err := h.Start(t.Context(), maya, forum.Opening{Category: "relactation", Title: "Rules", Body: "Be kind.", Key: uuid.New(), As: accounts.AsModerator})
	if err != nil {
		t.Fatal(err)
	}
	first := h.page(guest, begun, 0).Posts[0].ID
	h.mustReply(robin, forum.Answer{ThreadID: begun.ID, Body: "Yes.", Key: uuid.New(), ReplyTo: first})
	waits := h.thread(sol, "relactation", "Waits")
	wren, sol = h.part(sol, wren, 0)
	wren, sol = sol, wren
	_, maya = h.part(wren, maya, 0)
	if got := h.meets(wren, theirs, post); got != "" {
		t.Errorf("it is met on %q", got)
	}
	if got := h.meets(wren, waits, 0); got != "" {
		t.Errorf("what waits is met on %q", got)
	}
	if got := h.meets(robin, waits, 0); got != "active new unanswered latest waiting thread" {
		t.Errorf("others meet it on %q", got)
	}
	for who, v := range map[string]accounts.Viewer{"its author": sol, "another": robin, "a guest": guest, "staff": maya} {
		if got := h.meets(v, theirs, post); got != ofTheThread+ofThePost {
			t.Errorf("%s meets it on %q", who, got)
		}
	}
	if got := h.meets(wren, begun, first); got != ofTheThread+ofThePost {
		t.Errorf("what a moderator began is met on %q", got)
	}
	ctx, stored := t.Context(), func() int {
		return h.count(`SELECT (SELECT count(*) FROM posts) + (SELECT sum(version) FROM posts) + (SELECT count(*) FROM aliases)`)
	}
	before := stored()
	_, err = h.Reply(ctx, wren, forum.Answer{ThreadID: theirs.ID, Body: "Words.", Key: uuid.New()})
	refused(t, "a reply", err, fault.NotFound)
	_, err = h.Edit(ctx, wren, forum.Revision{PostID: own, Version: 1, Body: "Other words."})
	refused(t, "an edit", err, fault.NotFound)
	_, err = h.TakeAlias(ctx, wren, theirs.ID, "Moss")
	refused(t, "an alias", err, fault.NotFound)
	refused(t, "a draft", h.SaveDraft(ctx, wren, forum.Draft{Target: theirs.ReplyTarget(), Body: "Words."}), fault.NotFound)
	_, err = h.Watch(ctx, wren, theirs.ID, true)
	refused(t, "watching", err, fault.NotFound)
	if after := stored(); after != before {
		t.Errorf("something of it is kept: %d, before %d", after, before)
	}
	h.mustReply(wren, forum.Answer{ThreadID: begun.ID, Body: "Words.", Key: uuid.New()})
}

// TestABlockHoldsForTheNameThatItWasSetOn: of a person not where they write under an alias, of an alias only in its thread.
func TestABlockHoldsForTheNameThatItWasSetOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, robin := h.person("wren"), h.person("sol"), h.person("robin")
	masked, open := h.thread(robin, "relactation", "Masked"), h.thread(robin, "relactation", "Open")
	h.alias(sol, masked, "Moss")
	under, plain := h.reply(sol, masked, "Some words.").PostID, h.reply(sol, open, "Some words.").PostID
	mine := h.reply(wren, masked, "My words.").PostID
	begun, err := h.Start(t.Context(), sol, forum.Opening{Category: "relactation", Title: "Begun", Body: "Words.", Key: uuid.New(), Alias: "Fern"})
	if err != nil {
		t.Fatal(err)
	}
	sees := func(v accounts.Viewer, thread forum.Thread, post int64) bool {
		t.Helper()
		return strings.Contains(h.meets(v, thread, post), "page")
	}
	byPerson, personally := h.part(wren, sol, 0)
	if !sees(byPerson, masked, under) || sees(byPerson, open, plain) || !strings.Contains(h.meets(byPerson, begun, 0), "thread") {
		t.Error("a block of the person touches their alias, or not their own name")
	}
	if sees(personally, masked, mine) {
		t.Error("they meet who blocked them, by their own name")
	}
	if _, err := h.db.NewRaw(`UPDATE blocks SET thread_id = ?`, masked.ID).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sees(byPerson, masked, under) || !sees(byPerson, open, plain) || sees(personally, masked, mine) {
		t.Error("a block of an alias does not hold in its thread, or holds elsewhere")
	}
	if _, err := h.db.NewRaw(`UPDATE blocks SET thread_id = ?`, begun.ID).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := h.meets(byPerson, begun, 0); got != "" {
		t.Errorf("the thread that the alias began is met on %q", got)
	}
}

// TestAPageHoldsTwentyPostsThatTheViewerMeets, and so do the addresses of posts.
func TestAPageHoldsTwentyPostsThatTheViewerMeets(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	thread := h.thread(wren, "relactation", "A thread")
	var last forum.Place
	for i := range 50 {
		last = h.reply([]accounts.Viewer{wren, sol}[i%2], thread, fmt.Sprintf("Post %d", i+2))
	}
	last = h.reply(wren, thread, "The last.")
	wren, _ = h.part(wren, sol, 0)
	page := h.page(wren, thread, 0)
	if got := numbers(page.Posts); len(got) != 20 || got[0] != 1 || got[19] != 38 || !page.More || page.Newest != 13 {
		t.Errorf("the first page holds %v, the newest begins after %d", got, page.Newest)
	}
	if got := numbers(h.page(wren, thread, page.Next()).Posts); len(got) != 7 {
		t.Errorf("the second page holds %v", got)
	}
	place, err := h.Place(t.Context(), wren, last.PostID)
	if err != nil || place.After != 38 {
		t.Errorf("the last post is found after %d (%v)", place.After, err)
	}
}
