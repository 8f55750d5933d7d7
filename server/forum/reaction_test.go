package forum_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

func (h *house) react(by accounts.Viewer, postID int64, kind forum.Kind, on bool) forum.Place {
	h.t.Helper()
	place, err := h.React(h.t.Context(), by, postID, kind, on)
	if err != nil {
		h.t.Fatal(err)
	}
	return place
}

// felt is what a viewer is told that others said to the nth post.
func (h *house) felt(by accounts.Viewer, thread forum.Thread, n int, kind forum.Kind) forum.Reaction {
	h.t.Helper()
	all := h.page(by, thread, n-1).Posts[0].Reactions
	i := slices.IndexFunc(all, func(r forum.Reaction) bool { return r.Kind == kind })
	if i < 0 {
		return forum.Reaction{Kind: kind}
	}
	return all[i]
}

func TestReactionsAreSetAndTakenBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, ash := h.person("wren"), h.person("sol"), h.person("ash")
	thread := h.thread(wren, "relactation", "Is it too late?")
	place := h.reply(sol, thread, "Mine began so.")
	for range 2 { // set, not toggled
		if got := h.react(wren, place.PostID, forum.Helpful, true); got.PostID != place.PostID || got.Path() != place.Path() {
			t.Errorf("reacting leads to %s", got.Path())
		}
	}
	h.react(ash, place.PostID, forum.Helpful, true)
	h.react(ash, place.PostID, forum.Hug, true)
	for _, c := range []struct {
		viewer accounts.Viewer
		kind   forum.Kind
		want   forum.Reaction
	}{
		{guest, forum.Helpful, forum.Reaction{Kind: forum.Helpful, Count: 2, Asker: true}},
		{wren, forum.Helpful, forum.Reaction{Kind: forum.Helpful, Count: 2, Asker: true, Mine: true}},
		{ash, forum.Hug, forum.Reaction{Kind: forum.Hug, Count: 1, Mine: true}},
		{wren, forum.Hug, forum.Reaction{Kind: forum.Hug, Count: 1}},
		{ash, forum.Thanks, forum.Reaction{Kind: forum.Thanks}},
	} {
		if got := h.felt(c.viewer, thread, 2, c.kind); got != c.want {
			t.Errorf("%s is told %+v, want %+v", c.viewer.Handle, got, c.want)
		}
	}
	for range 2 {
		h.react(wren, place.PostID, forum.Helpful, false)
	}
	h.react(ash, place.PostID, forum.Hug, false)
	h.react(ash, place.PostID, forum.Thanks, false)
	if got := h.felt(wren, thread, 2, forum.Helpful); got.Count != 1 || got.Mine || got.Asker {
		t.Errorf("taken back, it is %+v", got)
	}
}

// The asker is named with helpful, and with nothing else.
func TestOnlyHelpfulNamesTheAsker(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	thread := h.thread(wren, "relactation", "Is it too late?")
	place := h.reply(sol, thread, "Mine began so.")
	for _, kind := range forum.Kinds {
		h.react(wren, place.PostID, kind, true)
		if got := h.felt(sol, thread, 2, kind); got.Count != 1 || got.Asker != (kind == forum.Helpful) {
			t.Errorf("%s tells others %+v", kind, got)
		}
	}
}

func TestReactionsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.person("wren"), h.person("sol")
	public, inside := h.thread(wren, "relactation", "For all"), h.thread(wren, "feelings", "For members")
	gone := h.reply(wren, public, "To be taken away.")
	if _, err := h.Delete(t.Context(), wren, gone.PostID); err != nil {
		t.Fatal(err)
	}
	muted := h.person("muted")
	if _, err := h.db.NewRaw(`UPDATE people SET muted_until = ? WHERE id = ?`, h.now().Add(time.Hour), muted.ID).Exec(context.Background()); err != nil {
		t.Fatal(err)
	}
	first := func(thread forum.Thread) int64 { return h.page(wren, thread, 0).Posts[0].ID }
	for _, c := range []struct {
		what string
		who  accounts.Viewer
		post int64
		kind forum.Kind
		want fault.Kind
	}{
		{"an unknown kind", sol, first(public), "like", fault.Invalid},
		{"no kind", sol, first(public), "", fault.Invalid},
		{"one's own words", wren, first(public), forum.Hug, fault.Forbidden},
		{"a post that is gone", sol, gone.PostID, forum.Hug, fault.NotFound},
		{"no post at all", sol, 999999, forum.Hug, fault.NotFound},
		{"a guest", guest, first(public), forum.Hug, fault.Unauthenticated},
		{"a guest, on what they may not read", guest, first(inside), forum.Hug, fault.NotFound},
		{"somebody who is muted", muted, first(public), forum.Hug, fault.Forbidden},
	} {
		for _, on := range []bool{true, false} {
			_, err := h.React(t.Context(), c.who, c.post, c.kind, on)
			refused(t, c.what, err, c.want)
		}
	}
	if n := h.count(`SELECT count(*) FROM reactions`); n != 0 {
		t.Errorf("%d refused reactions are kept", n)
	}
}

// Where a post is hidden, nobody can respond to it; removed, it is not there.
func TestNobodyRespondsToWhatIsJudged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	thread := h.thread(wren, "relactation", "A thread")
	place := h.reply(sol, thread, "Words.")
	h.react(wren, place.PostID, forum.Hug, true)
	want := func(who accounts.Viewer, kind fault.Kind) {
		t.Helper()
		_, err := h.React(t.Context(), who, place.PostID, forum.Thanks, true)
		refused(t, "reacting by "+who.Handle, err, kind)
	}
	h.judge(audit.Hide, maya, place.PostID)
	want(wren, fault.NotFound)
	want(sol, fault.Forbidden)
	want(maya, fault.Forbidden)
	h.judge(audit.Remove, maya, place.PostID)
	want(wren, fault.NotFound)
	want(maya, fault.NotFound)
	h.judge(audit.Restore, maya, place.PostID)
	if got := h.felt(guest, thread, 2, forum.Hug); got.Count != 1 || h.felt(guest, thread, 2, forum.Thanks).Count != 0 {
		t.Errorf("restored, it has %+v", got)
	}
}
