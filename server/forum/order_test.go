package forum_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// carry carries an order out in a transaction of its own.
func (h *house) carry(by accounts.Viewer, o forum.Order) error {
	h.t.Helper()
	return h.db.InTx(h.t.Context(), func(ctx context.Context, tx *db.Tx) error { return h.Carry(ctx, tx, by, o) })
}

// judge does one of the three to a post.
func (h *house) judge(verb audit.Verb, by accounts.Viewer, postID int64) {
	h.t.Helper()
	if err := h.carry(by, forum.Order{Verb: verb, PostID: postID, Reason: audit.Unkind}); err != nil {
		h.t.Fatal(err)
	}
}

// sees says on which of its surfaces the viewer is told of a post.
func (h *house) sees(v accounts.Viewer, thread forum.Thread, postID int64) string {
	h.t.Helper()
	ctx, surfaces := h.t.Context(), ""
	tell := func(surface string, told bool) {
		if told {
			surfaces += surface + " "
		}
	}
	page := h.page(v, thread, 0)
	tell("page", slices.ContainsFunc(page.Posts, func(p forum.Post) bool { return p.ID == postID }))
	tell("answered", slices.ContainsFunc(page.Posts, func(p forum.Post) bool { return p.AnsweredID == postID && p.AnsweredName != "" }))
	_, err := h.Place(ctx, v, postID)
	tell("place", err == nil)
	_, err = h.Post(ctx, v, postID)
	tell("post", err == nil)
	_, _, err = h.Context(ctx, v, postID)
	tell("context", err == nil)
	lines, err := h.Lines(ctx, v, []int64{postID})
	tell("line", err == nil && len(lines) == 1)
	return strings.TrimSpace(surfaces)
}

func TestAJudgedPostIsWithheldEverywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	thread := h.thread(wren, "relactation", "Is it too late?")
	rude := h.reply(sol, thread, "You are a marmalade.").PostID
	h.mustReply(wren, forum.Answer{ThreadID: thread.ID, Body: "Pardon?", Key: uuid.New(), ReplyTo: rude})
	const everywhere = "page answered place post context line"
	want := func(when string, others, author, staff string) {
		t.Helper()
		for name, c := range map[string]struct {
			who  accounts.Viewer
			sees string
		}{"a guest": {guest, others}, "another member": {wren, others}, "the author": {sol, author}, "staff": {maya, staff}} {
			if got := h.sees(c.who, thread, rude); got != c.sees {
				t.Errorf("%s, %s sees it on %q, want %q", when, name, got, c.sees)
			}
		}
	}
	want("at first", everywhere, everywhere, everywhere)
	h.judge(audit.Hide, maya, rude)
	want("hidden", "", everywhere, everywhere)
	if post := h.page(sol, thread, 0).Posts[1]; !post.Hidden() || post.ID != rude {
		t.Errorf("its author is not told: %+v", post)
	}
	h.judge(audit.Remove, maya, rude)
	want("removed", "", "", "")
	h.judge(audit.Restore, maya, rude)
	want("restored", everywhere, everywhere, everywhere)
	h.judge(audit.Remove, maya, rude)
	h.judge(audit.Hide, maya, rude)
	want("hidden after all", "", everywhere, everywhere)
}

// TestWhatIsCountedIsWhatEverybodySees: a hidden reply leaves no trace in the lists of threads.
func TestWhatIsCountedIsWhatEverybodySees(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	older := h.thread(wren, "relactation", "The older")
	h.pass(time.Hour)
	newer := h.thread(wren, "relactation", "The newer")
	look := func() string {
		t.Helper()
		listing, err := h.Listing(t.Context(), guest, "relactation", forum.Active, "")
		if err != nil {
			t.Fatal(err)
		}
		latest, err := h.Latest(t.Context(), guest, 9)
		if err != nil {
			t.Fatal(err)
		}
		waiting, err := h.Waiting(t.Context(), guest, 9)
		if err != nil {
			t.Fatal(err)
		}
		categories, err := h.Categories(t.Context(), guest)
		if err != nil {
			t.Fatal(err)
		}
		for i := range listing.Threads {
			listing.Threads[i].LastN = 0
		}
		return fmt.Sprintf("%+v %v %v %+v", listing.Threads, titles(latest), titles(waiting), categories)
	}
	before := look()
	h.pass(time.Hour)
	rude := h.reply(sol, older, "You are a marmalade.").PostID
	answered := look()
	for _, verb := range []audit.Verb{audit.Hide, audit.Remove, audit.Hide} {
		h.judge(verb, maya, rude)
		if after := look(); after != before {
			t.Errorf("after %s the lists are\n%s\nand before it was written\n%s", verb, after, before)
		}
	}
	h.judge(audit.Restore, maya, rude)
	if after := look(); after != answered || after == before {
		t.Errorf("restored the lists are\n%s\nand were\n%s", after, answered)
	}
	first := h.page(wren, newer, 0).Posts[0].ID
	h.judge(audit.Hide, maya, first)
	if latest, err := h.Latest(t.Context(), guest, 9); err != nil || !slices.Equal(titles(latest), []string{"The older"}) {
		t.Errorf("a thread without a post that everybody sees is listed: %v %v", titles(latest), err)
	}
	if page := h.page(guest, newer, 0); page.Opened() {
		t.Error("others are told that it is opened")
	}
	if page := h.page(wren, newer, 0); !page.Opened() {
		t.Error("its author does not see that it is opened")
	}
}

// TestPagesHoldWhatTheViewerSees, twenty each, and posts are found on them.
func TestPagesHoldWhatTheViewerSees(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	thread := h.thread(wren, "house", "A long one")
	var last forum.Place
	for n := 2; n <= 50; n++ {
		by := wren
		if n%5 == 0 {
			by = sol
		}
		last = h.reply(by, thread, fmt.Sprintf("Post %d.", n))
		if n%5 == 0 && n%2 == 0 {
			h.judge(audit.Hide, maya, last.PostID)
		} else if n%5 == 0 {
			h.judge(audit.Remove, maya, last.PostID)
		}
	}
	shown := func(n int, staff bool) bool { return n%5 != 0 || staff && n%2 == 0 }
	for name, c := range map[string]struct {
		who   accounts.Viewer
		staff bool
	}{"a guest": {guest, false}, "staff": {maya, true}, "the author": {sol, true}} {
		var want, got []int
		for n := 1; n <= 50; n++ {
			if shown(n, c.staff) {
				want = append(want, n)
			}
		}
		before := []int{0}
		for after := 0; ; {
			page := h.page(c.who, thread, after)
			if len(page.Posts) != min(20, len(want)-len(got)) {
				t.Errorf("%s: %d posts after %d", name, len(page.Posts), after)
			}
			if after > 0 && page.Before != before[len(before)-1] {
				t.Errorf("%s: the page before %d begins after %d, want %d", name, after, page.Before, before[len(before)-1])
			}
			if newest := want[len(want)-20] - 1; page.Newest != newest {
				t.Errorf("%s: the newest posts begin after %d, want %d", name, page.Newest, newest)
			}
			for _, p := range page.Posts {
				if place, err := h.Place(t.Context(), c.who, p.ID); err != nil || place.After != after {
					t.Errorf("%s: post %d is on the page after %d, not %d (%v)", name, p.N, after, place.After, err)
				}
			}
			got = append(got, numbers(page.Posts)...)
			if !page.More {
				break
			}
			before = append(before, after)
			after = page.Next()
			if len(before) > 5 {
				t.Fatal("the pages do not end")
			}
			if before[len(before)-1] == after {
				t.Fatal("the same page again")
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s sees %v, want %v", name, got, want)
		}
	}
	if place := h.reply(wren, thread, "The number goes on."); h.post(wren, place).N != 51 {
		t.Error("a number was given twice")
	}
}

// TestWhatMayBeDoneWithAHiddenPost: its author may take it away, and nobody builds on it.
func TestWhatMayBeDoneWithAHiddenPost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	thread := h.thread(wren, "house", "A thread")
	rude := h.reply(sol, thread, "You are a marmalade.").PostID
	h.judge(audit.Hide, maya, rude)
	_, err := h.Edit(ctx, sol, forum.Revision{PostID: rude, Version: 1, Body: "Other words."})
	refused(t, "its author's edit", err, fault.Forbidden)
	_, err = h.EditablePost(ctx, sol, rude)
	refused(t, "the form for an edit", err, fault.Forbidden)
	_, err = h.Edit(ctx, wren, forum.Revision{PostID: rude, Version: 1, Body: "Other words."})
	refused(t, "another's edit", err, fault.NotFound)
	_, err = h.Delete(ctx, wren, rude)
	refused(t, "another's deletion", err, fault.NotFound)
	for _, by := range []accounts.Viewer{wren, sol, maya} {
		_, err = h.Reply(ctx, by, forum.Answer{ThreadID: thread.ID, Body: "To that.", Key: uuid.New(), ReplyTo: rude})
		refused(t, by.Handle+"'s answer", err, fault.Invalid)
		_, err = h.Reply(ctx, by, forum.Answer{ThreadID: thread.ID, Body: "> You are a marmalade.", Key: uuid.New(), Quote: forum.Quote{PostID: rude}})
		refused(t, by.Handle+"'s quote", err, fault.Invalid)
	}
	if n := h.page(wren, thread, 0).Thread; n.LastN != 2 || n.Posts != 1 {
		t.Errorf("refused answers left %+v", n)
	}
	if _, err := h.Delete(ctx, sol, rude); err != nil {
		t.Fatal(err)
	}
	h.judge(audit.Restore, maya, rude)
	if got := h.sees(sol, thread, rude); got != "" {
		t.Errorf("restored, what its author took away is seen on %s", got)
	}
	if page := h.page(wren, thread, 0).Thread; page.Posts != 1 || page.Replies != 0 {
		t.Errorf("counted %d posts, %d replies", page.Posts, page.Replies)
	}
	gone := h.reply(sol, thread, "Removed soon.").PostID
	h.judge(audit.Remove, maya, gone)
	for _, by := range []accounts.Viewer{wren, sol} {
		_, err = h.Delete(ctx, by, gone)
		refused(t, by.Handle+"'s deletion of what was removed", err, fault.NotFound)
		_, err = h.Edit(ctx, by, forum.Revision{PostID: gone, Version: 1, Body: "Other words."})
		refused(t, by.Handle+"'s edit of what was removed", err, fault.NotFound)
	}
}

// TestEachOrderIsWrittenDownOnce, with what it was about.
func TestEachOrderIsWrittenDownOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.person("wren"), h.moderator("maya")
	thread := h.thread(wren, "relactation", "Is it too late?")
	post := h.reply(wren, thread, "More.").PostID
	written := 0
	for _, o := range []forum.Order{
		{Verb: audit.Hide, PostID: post}, {Verb: audit.Remove, PostID: post}, {Verb: audit.Restore, PostID: post},
		{Verb: audit.Hide, ThreadID: thread.ID}, {Verb: audit.Remove, ThreadID: thread.ID}, {Verb: audit.Restore, ThreadID: thread.ID},
	} {
		o.Reason = audit.Unkind
		for range 2 { // the second time it is so already
			if err := h.carry(maya, o); err != nil {
				t.Fatal(err)
			}
		}
		written++
		record := h.record()
		if len(record) != written {
			t.Fatalf("%+v twice: %d entries, want %d", o, len(record), written)
		}
		kind, id := audit.Thread, o.ThreadID
		if o.PostID != 0 {
			kind, id = audit.Post, o.PostID
		}
		if e := record[0]; e.Verb != o.Verb || e.Kind != kind || e.ObjectID != id || e.ActorID != maya.ID || e.Reason != audit.Unkind || !e.At.Equal(h.now()) {
			t.Errorf("%+v is written down as %+v", o, e)
		}
	}
}

// TestAnOrderIsPartOfItsTransaction: rolled back, neither the act nor its entry is.
func TestAnOrderIsPartOfItsTransaction(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.person("wren"), h.moderator("maya")
	thread := h.thread(wren, "relactation", "Is it too late?")
	post, after := h.reply(wren, thread, "More.").PostID, errors.New("something else went wrong")
	err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(
			h.Carry(ctx, tx, maya, forum.Order{Verb: audit.Hide, PostID: post, Reason: audit.Rules}),
			h.Carry(ctx, tx, maya, forum.Order{Verb: audit.Remove, ThreadID: thread.ID, Reason: audit.Rules}), after)
	})
	if !errors.Is(err, after) || len(h.record()) != 0 || len(h.page(guest, thread, 0).Posts) != 2 {
		t.Errorf("%v; %d entries, %d posts", err, len(h.record()), len(h.page(guest, thread, 0).Posts))
	}
}

func TestWhoMayGiveOrders(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya, ada := h.person("wren"), h.moderator("maya"), h.moderator("ada")
	thread, closed := h.thread(wren, "relactation", "For all"), h.thread(wren, "feelings", "For members")
	post, inside := h.reply(wren, thread, "More.").PostID, h.reply(wren, closed, "Inside.").PostID
	own := h.reply(maya, thread, "A moderator's words.").PostID
	for _, verb := range []audit.Verb{audit.Hide, audit.Remove, audit.Restore} {
		for name, c := range map[string]struct {
			who  accounts.Viewer
			id   int64
			why  audit.Reason
			kind fault.Kind
		}{
			"a guest": {guest, post, audit.Rules, fault.Forbidden}, "its author": {wren, post, audit.Rules, fault.Forbidden},
			"a guest who may not see it": {guest, inside, audit.Rules, fault.NotFound}, "nothing": {maya, 999_999, audit.Rules, fault.NotFound},
			"without a reason": {maya, post, "", fault.Invalid}, "an unknown reason": {maya, post, "rude", fault.Invalid},
			"one's own words": {maya, own, audit.Rules, fault.Forbidden},
		} {
			refused(t, fmt.Sprintf("%s a post, %s", verb, name), h.carry(c.who, forum.Order{Verb: verb, PostID: c.id, Reason: c.why}), c.kind)
		}
		if err := h.carry(ada, forum.Order{Verb: verb, PostID: own, Reason: audit.Rules}); err != nil {
			t.Errorf("%s of another moderator's words: %v", verb, err)
		}
	}
	h.judge(audit.Hide, ada, post)
	refused(t, "a member's order about what is hidden from them", h.carry(h.person("sol"), forum.Order{Verb: audit.Restore, PostID: post, Reason: audit.Rules}), fault.NotFound)
	refused(t, "removing one's own thread", h.carry(maya, forum.Order{Verb: audit.Remove, ThreadID: h.thread(maya, "house", "Mine").ID, Reason: audit.Rules}), fault.Forbidden)
	for _, o := range []forum.Order{{Verb: audit.Pin, PostID: post}, {Verb: audit.Move, PostID: post, Category: "house"}, {Verb: audit.Mute, ThreadID: thread.ID}, {Verb: "", ThreadID: thread.ID}} {
		o.Reason = audit.Rules
		if err := h.carry(maya, o); err == nil || fault.KindOf(err) != 0 {
			t.Errorf("%+v, which nobody can do: %v", o, err)
		}
	}
}

func TestARemovedThreadIsForNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	wren, maya := h.person("wren"), h.moderator("maya")
	thread := h.thread(wren, "relactation", "Marmalade questions")
	post := h.reply(wren, thread, "With thistledown.").PostID
	order := forum.Order{Verb: audit.Remove, ThreadID: thread.ID, Reason: audit.Rules}
	if err := h.carry(maya, order); err != nil {
		t.Fatal(err)
	}
	for _, v := range []accounts.Viewer{guest, wren, maya} {
		for name, read := range map[string]func() error{
			"page":           func() error { _, err := h.Page(ctx, v, thread.ID, 0); return err },
			"thread":         func() error { _, err := h.Thread(ctx, v, thread.ID); return err },
			"answers":        func() error { _, err := h.Answers(ctx, v, thread.ID, 0); return err },
			"place":          func() error { _, err := h.Place(ctx, v, post); return err },
			"post":           func() error { _, err := h.Post(ctx, v, post); return err },
			"context":        func() error { _, _, err := h.Context(ctx, v, post); return err },
			"thread context": func() error { _, _, err := h.ThreadContext(ctx, v, thread.ID); return err },
			"watch":          func() error { _, err := h.Watch(ctx, v, thread.ID, true); return err },
		} {
			refused(t, "its "+name, read(), fault.NotFound)
		}
		if lines, err := h.Lines(ctx, v, []int64{post}); err != nil || len(lines) != 0 {
			t.Errorf("its lines: %v %v", lines, err)
		}
		for _, sort := range []forum.Sort{forum.Active, forum.Newest, forum.Unanswered} {
			if listing, err := h.Listing(ctx, v, "relactation", sort, ""); err != nil || len(listing.Threads) != 0 {
				t.Errorf("listed by %s: %v %v", sort, titles(listing.Threads), err)
			}
		}
		categories, err := h.Categories(ctx, v)
		if err != nil || slices.ContainsFunc(categories, func(c forum.Category) bool { return !c.ActiveAt.IsZero() }) {
			t.Errorf("its category tells of it: %v %v", categories, err)
		}
	}
	for _, v := range []accounts.Viewer{wren, maya} {
		_, err := h.Reply(ctx, v, forum.Answer{ThreadID: thread.ID, Body: "And more.", Key: uuid.New()})
		refused(t, "a reply", err, fault.NotFound)
		refused(t, "a draft", h.SaveDraft(ctx, v, forum.Draft{Target: thread.ReplyTarget(), Body: "x"}), fault.NotFound)
	}
	_, err := h.Edit(ctx, wren, forum.Revision{PostID: post, Version: 1, Body: "Other words."})
	refused(t, "an edit", err, fault.NotFound)
	for _, verb := range []audit.Verb{audit.Pin, audit.Unpin, audit.Lock, audit.Unlock, audit.Move} {
		_, err := h.acts()[verb](ctx, maya, thread.ID, audit.Rules)
		refused(t, string(verb), err, fault.NotFound)
	}
	h.do(audit.Restore, maya, thread)
	if page := h.page(guest, thread, 0); len(page.Posts) != 2 || page.Thread.Posts != 2 {
		t.Error("restored it is not whole")
	}
}
