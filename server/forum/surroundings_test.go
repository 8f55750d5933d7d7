package forum_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

func TestAPostAmongItsNeighbours(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	thread := h.thread(wren, "house", "A thread")
	posts := []int64{0, h.page(wren, thread, 0).Posts[0].ID}
	for n := 2; n <= 8; n++ {
		posts = append(posts, h.reply(sol, thread, fmt.Sprintf("Post *%d*.", n)).PostID)
	}
	h.judge(audit.Hide, maya, posts[4])
	h.judge(audit.Remove, maya, posts[6])
	for _, c := range []struct {
		who  accounts.Viewer
		n    int
		want []int
	}{
		{guest, 1, []int{1, 2, 3}}, {guest, 2, []int{1, 2, 3, 5}}, {guest, 3, []int{1, 2, 3, 5, 7}}, {guest, 5, []int{2, 3, 5, 7, 8}},
		{wren, 8, []int{5, 7, 8}}, {sol, 5, []int{3, 4, 5, 7, 8}}, {maya, 4, []int{2, 3, 4, 5, 7}}, {maya, 3, []int{1, 2, 3, 4, 5}},
	} {
		of, around, err := h.Context(ctx, c.who, posts[c.n])
		if err != nil || of.ID != thread.ID || !slices.Equal(numbers(around), c.want) {
			t.Errorf("around post %d %q sees %v, want %v (%v)", c.n, c.who.Handle, numbers(around), c.want, err)
		}
		if c.n == 8 && around[0].HTML != "<p>Post <em>5</em>.</p>" {
			t.Errorf("its words are %q", around[0].HTML)
		}
	}
	for _, c := range []struct {
		who accounts.Viewer
		id  int64
	}{{guest, posts[4]}, {wren, posts[4]}, {maya, posts[6]}, {sol, posts[6]}, {guest, 999_999}} {
		_, _, err := h.Context(ctx, c.who, c.id)
		refused(t, fmt.Sprintf("around post %d for %q", c.id, c.who.Handle), err, fault.NotFound)
	}
	h.judge(audit.Hide, maya, posts[2])
	for who, want := range map[*accounts.Viewer][]int{&guest: {1, 3, 5}, &sol: {1, 2, 3}} {
		of, ahead, err := h.ThreadContext(ctx, *who, thread.ID)
		if err != nil || of.Title != "A thread" || !slices.Equal(numbers(ahead), want) {
			t.Errorf("%q sees %v ahead, want %v (%v)", who.Handle, numbers(ahead), want, err)
		}
	}
	_, _, err := h.ThreadContext(ctx, guest, h.thread(wren, "feelings", "Inside").ID)
	refused(t, "a guest inside", err, fault.NotFound)
}

func TestLinesNameWhatTheViewerMayRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	open, inside := h.thread(wren, "house", "For all"), h.thread(wren, "feelings", "For members")
	post, member := h.reply(sol, open, "One.").PostID, h.reply(sol, inside, "Two.").PostID
	hidden, removed, gone := h.reply(sol, open, "Three.").PostID, h.reply(sol, open, "Four.").PostID, h.reply(sol, open, "Five.").PostID
	h.judge(audit.Hide, maya, hidden)
	h.judge(audit.Remove, maya, removed)
	if _, err := h.Delete(t.Context(), sol, gone); err != nil {
		t.Fatal(err)
	}
	all := []int64{post, member, hidden, removed, gone, 999_999, post}
	for who, want := range map[*accounts.Viewer][]int64{&guest: {post}, &wren: {post, member}, &sol: {post, member, hidden}, &maya: {post, member, hidden}} {
		before := h.db.Statements()
		lines, err := h.Lines(t.Context(), *who, all)
		if n := h.db.Statements() - before; err != nil || n != 1 || !slices.Equal(slices.Sorted(maps.Keys(lines)), want) {
			t.Errorf("%q is told of %v with %d statements, want %v (%v)", who.Handle, slices.Sorted(maps.Keys(lines)), n, want, err)
		}
		if want := (forum.PostLine{PostID: post, ThreadID: open.ID, N: 2, Title: "For all", AuthorName: "sol", AuthorHandle: "sol", Label: accounts.Peer}); lines[post] != want || lines[post].Path() != fmt.Sprintf("/p/%d", post) {
			t.Errorf("the line is %+v, want %+v", lines[post], want)
		}
	}
	if lines, err := h.Lines(t.Context(), wren, nil); err != nil || len(lines) != 0 {
		t.Errorf("of nothing: %v %v", lines, err)
	}
}

// TestTheBoxOfAConsultantEndsWithTheCredential: the label of then stays, and no page says that it holds.
func TestTheBoxOfAConsultantEndsWithTheCredential(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june, wren := h.consultant("june"), h.person("wren")
	grant := func(v accounts.Viewer, label accounts.Label, from, until time.Duration) {
		t.Helper()
		_, err := h.db.NewRaw(`INSERT INTO labels (person_id, label, valid_from, valid_until) VALUES (?, ?, ?, ?)`,
			v.ID, label, h.now().Add(from), h.now().Add(until)).Exec(context.Background())
		if err != nil {
			t.Fatal(err)
		}
	}
	thread := h.thread(wren, "house", "A question")
	answer := h.reply(june, thread, "A marmalade answer.").PostID
	june.Label = accounts.Peer
	h.reply(june, thread, "A marmalade aside.")
	want := func(when string, verified bool) {
		t.Helper()
		for _, v := range []accounts.Viewer{guest, wren, june} {
			posts := h.page(v, thread, 0).Posts
			lines, err := h.Lines(t.Context(), v, []int64{answer})
			got := []bool{posts[1].Verified, lines[answer].Verified}
			if err != nil || !slices.Equal(got, []bool{verified, verified}) {
				t.Errorf("%s: verified on page and line: %v (%v)", when, got, err)
			}
			if posts[0].Verified || posts[2].Verified {
				t.Errorf("%s: what was not said as a consultant is verified", when)
			}
			if posts[1].Label != accounts.IBCLC || posts[2].Label != accounts.Peer {
				t.Errorf("%s: the labels of then are %s and %s", when, posts[1].Label, posts[2].Label)
			}
		}
	}
	want("without any credential", false)
	grant(june, accounts.Supporter, 0, time.Hour)
	grant(wren, accounts.IBCLC, 0, time.Hour)
	want("with another label", false)
	grant(june, accounts.IBCLC, time.Minute, time.Hour)
	want("before it begins", false)
	h.pass(time.Minute)
	want("from its first moment", true)
	h.pass(59*time.Minute - time.Second)
	want("to its last", true)
	h.pass(time.Second)
	want("ended", false)
}
