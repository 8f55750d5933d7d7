package forum_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

// alias has somebody write under another name.
func (h *house) alias(by accounts.Viewer, thread forum.Thread, name string) {
	h.t.Helper()
	if _, err := h.TakeAlias(h.t.Context(), by, thread.ID, name); err != nil {
		h.t.Fatal(err)
	}
}

// told is all that the forum tells a viewer, without the ids that no page shows.
func (h *house) told(v accounts.Viewer, threads []forum.Thread, posts []int64) string {
	h.t.Helper()
	ctx, all := h.t.Context(), ""
	tell := func(what any, err error) {
		if err != nil && !fault.Is(err, fault.NotFound) {
			h.t.Fatal(err)
		}
		all += fmt.Sprintf("%+v\n", what)
	}
	for _, thread := range threads {
		page, err := h.Page(ctx, v, thread.ID, 0)
		page.Alias = "" // the viewer's own
		tell(page, err)
		answers, err := h.Answers(ctx, v, thread.ID, 0)
		answers.Alias = ""
		tell(answers, err)
		_, around, err := h.ThreadContext(ctx, v, thread.ID)
		tell(around, err)
	}
	for _, sort := range []forum.Sort{forum.Active, forum.Newest, forum.Unanswered} {
		listing, err := h.Listing(ctx, v, "relactation", sort, "")
		tell(listing, err)
	}
	latest, err := h.Latest(ctx, v, 20)
	tell(latest, err)
	waiting, err := h.Waiting(ctx, v, 20)
	tell(waiting, err)
	queue, err := h.Questions(ctx, v, forum.Topic{}, "")
	tell(queue, err)
	lines, err := h.Lines(ctx, v, posts)
	tell(lines, err)
	for _, id := range posts {
		post, err := h.Post(ctx, v, id)
		tell(post, err)
		place, err := h.Place(ctx, v, id)
		tell(place, err)
		around, beside, err := h.Context(ctx, v, id)
		tell([]any{around, beside}, err)
	}
	return all
}

// TestAnAliasStandsForThePersonEverywhere: what was written before it, too; their own name stands elsewhere as before.
func TestAnAliasStandsForThePersonEverywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, june, maya := h.person("wrenplanted"), h.person("sol"), h.consultant("june"), h.moderator("maya")
	elsewhere := h.thread(wren, "relactation", "Elsewhere")
	asked := h.thread(wren, "relactation", "Is it too late?")
	begun := h.thread(sol, "relactation", "Begun by another")
	first := h.page(wren, asked, 0).Posts[0].ID
	reply := h.reply(wren, begun, "It was not for us.").PostID
	answer := h.mustReply(sol, forum.Answer{ThreadID: asked.ID, Body: "> How it began.\n\nHow?", Key: uuid.New(), ReplyTo: first, Quote: forum.Quote{PostID: first}}).PostID
	viewers := []accounts.Viewer{guest, sol, june, maya, wren}
	threads, posts := []forum.Thread{asked, begun}, []int64{first, reply, answer}
	before := h.told(guest, threads, posts)
	if !strings.Contains(before, "wrenplanted") {
		t.Fatal("the test looks where nobody is named")
	}
	h.alias(wren, asked, "Moss")
	h.mustReply(wren, forum.Answer{ThreadID: begun.ID, Body: "Under a name of its own.", Key: uuid.New(), Alias: "Fern"})
	at, err := h.Start(t.Context(), wren, forum.Opening{Category: "relactation", Title: "From the start", Body: "Words.", Key: uuid.New(), Alias: "Heath"})
	if err != nil {
		t.Fatal(err)
	}
	threads = append(threads, at)
	for _, v := range viewers {
		told := h.told(v, threads, posts)
		for name, times := range map[string]int{"Moss": 10, "Fern": 5, "Heath": 5} {
			if strings.Count(told, name) < times {
				t.Errorf("%q is told of %s %d times", v.Handle, name, strings.Count(told, name))
			}
		}
		lists := strings.ReplaceAll(told, "Title:Elsewhere CategorySlug:relactation CategoryName:Relactation Audience:public AuthorID:1 AuthorName:wrenplanted AuthorHandle:wrenplanted", "")
		if strings.Contains(lists, "wrenplanted") {
			t.Errorf("%q is told who it is:\n%s", v.Handle, lists)
		}
		if name := h.page(v, elsewhere, 0).Posts[0].AuthorName; name != "wrenplanted" {
			t.Errorf("elsewhere %q is told of %s", v.Handle, name)
		}
		for _, thread := range threads {
			if alias := h.page(v, thread, 0).Alias; (alias != "") != (v.ID == wren.ID) {
				t.Errorf("%q writes there as %q", v.Handle, alias)
			}
		}
	}
	if n := h.count(`SELECT count(*) FROM aliases`); n != 3 {
		t.Errorf("%d aliases, want one for each thread", n)
	}
}

// TestAnAliasWearsNoLabel, nor did what stands under it now.
func TestAnAliasWearsNoLabel(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june, robin, wren := h.consultant("june"), h.consultant("robin"), h.person("wren")
	thread := h.thread(wren, "ask-a-consultant", "Question")
	h.reply(robin, thread, "Another answer.")
	h.reply(june, thread, "An answer.")
	if _, err := h.Take(t.Context(), june, thread.ID); err != nil {
		t.Fatal(err)
	}
	h.alias(june, thread, "Moss")
	h.reply(june, thread, "One more.")
	page := h.page(guest, thread, 0)
	for _, p := range page.Posts {
		if want := map[string]accounts.Label{"Moss": accounts.Peer, "robin": accounts.IBCLC, "wren": accounts.Peer}[p.AuthorName]; p.Label != want {
			t.Errorf("%s speaks as %s", p.AuthorName, p.Label)
		}
	}
	if page.Thread.Answers != 1 || page.Take.TakerID != 0 {
		t.Errorf("the thread counts %d answers and is taken by %q", page.Thread.Answers, page.Take.TakerName)
	}
	_, err := h.Take(t.Context(), june, thread.ID)
	refused(t, "taking the question", err, fault.Forbidden)
	if spoken, err := h.SpokenAs(t.Context(), wren, june.ID, accounts.IBCLC, 9); err != nil || len(spoken) != 0 {
		t.Errorf("on their own page stands %+v (%v)", spoken, err)
	}
}

func TestAModeratorSpeaksUnderTheirOwnName(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, maya := t.Context(), h.moderator("maya")
	thread := h.thread(h.person("wren"), "house", "A thread")
	for range 2 { // at first together with the alias, then with the one that they have
		_, err := h.Reply(ctx, maya, forum.Answer{ThreadID: thread.ID, Body: "Be kind.", Key: uuid.New(), As: accounts.AsModerator, Alias: "Moss"})
		if refused(t, "as a moderator", err, fault.Invalid); !slices.Equal(faultyFields(err), []string{"as"}) {
			t.Errorf("the fault is of %v", faultyFields(err))
		}
		if n := h.count(`SELECT (SELECT count(*) FROM posts) + (SELECT last_n FROM threads)`); n != 2 {
			t.Errorf("something of it is kept: %d", n)
		}
		if _, err := h.TakeAlias(ctx, maya, thread.ID, "Moss"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := h.Start(ctx, maya, forum.Opening{Category: "house", Title: "Rules", Body: "Be kind.", Key: uuid.New(), As: accounts.AsModerator, Alias: "Fern"})
	refused(t, "beginning a thread as one", err, fault.Invalid)
}

func TestAnAliasIsTakenOnceAndStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, wren, sol := t.Context(), h.person("wren"), h.person("sol")
	thread, other := h.thread(wren, "house", "A thread"), h.thread(wren, "house", "Another")
	h.alias(wren, thread, "Moss")
	h.alias(wren, thread, " mOSS ")
	take := func(by accounts.Viewer, thread forum.Thread, name string) error {
		_, err := h.TakeAlias(ctx, by, thread.ID, name)
		return err
	}
	for what, err := range map[string]error{
		"another one":         take(wren, thread, "Fern"),
		"none":                take(wren, other, "  "),
		"their own elsewhere": take(wren, other, "moss"),
		"somebody's alias":    take(sol, other, "MOSS"),
		"somebody's handle":   take(sol, other, "Wren"),
		"their own handle":    take(sol, other, "sol"),
		"a reserved word":     take(sol, other, "moderator-moss"),
		"no name":             take(sol, other, "a b\x00"),
		"somebody's in a post": func() error {
			_, err := h.Reply(ctx, sol, forum.Answer{ThreadID: other.ID, Body: "Words.", Key: uuid.New(), Alias: "moss"})
			return err
		}(),
	} {
		if refused(t, what, err, fault.Invalid); !slices.Equal(faultyFields(err), []string{"alias"}) {
			t.Errorf("%s: the fault is of %v", what, faultyFields(err))
		}
	}
	if n := h.count(`SELECT (SELECT count(*) FROM aliases) + (SELECT count(*) FROM posts)`); n != 3 {
		t.Errorf("something refused is kept: %d", n)
	}
	if place, again := h.mustReply(wren, forum.Answer{ThreadID: thread.ID, Body: "Words.", Key: uuid.Max}), h.mustReply(wren, forum.Answer{ThreadID: thread.ID, Body: "Words.", Key: uuid.Max, Alias: "Fern"}); place.PostID != again.PostID {
		t.Error("the same key gave another post")
	}
}

func TestWhoMayTakeAnAlias(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, wren, maya := t.Context(), h.person("wren"), h.moderator("maya")
	thread, locked, hidden := h.thread(wren, "house", "A thread"), h.thread(wren, "house", "Locked"), h.thread(wren, "house", "Hidden")
	h.do(audit.Lock, maya, locked)
	h.do(audit.Hide, maya, hidden)
	_, err := h.TakeAlias(ctx, guest, thread.ID, "Moss")
	refused(t, "a guest", err, fault.Unauthenticated)
	_, err = h.TakeAlias(ctx, wren, hidden.ID, "Moss")
	refused(t, "in a hidden thread", err, fault.NotFound)
	h.alias(wren, locked, "Moss")
	h.pause(wren, "muted_until", h.now().Add(time.Hour))
	_, err = h.TakeAlias(ctx, wren, thread.ID, "Fern")
	refused(t, "who was asked to pause", err, fault.Forbidden)
}
