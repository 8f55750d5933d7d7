package search_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/search"
)

// TestAnAliasIsFoundUnderItsOwnNameOnly: neither the handle nor the label of who writes leads to it.
func TestAnAliasIsFoundUnderItsOwnNameOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june, wren := h.person("june"), h.person("wren")
	june.Label = accounts.IBCLC
	thread, first := h.say(wren, "house", "A thread", "Marmalade?")
	masked := h.answer(june, thread, "Marmalade.")
	other, _ := h.say(wren, "house", "Another", "How it began.")
	open := h.answer(june, other, "Marmalade, too.")
	_, err := h.forum.TakeAlias(t.Context(), june, thread.ID, "Moss")
	h.must(err)
	for _, v := range []accounts.Viewer{guest, wren, june, h.moderator("maya")} {
		for _, c := range []struct {
			q    search.Query
			want []int64
		}{
			{search.Query{}, []int64{open, masked, first}},
			{search.Query{Author: "june"}, []int64{open}},
			{search.Query{Author: "@MOSS"}, []int64{masked}},
			{search.Query{Label: accounts.IBCLC}, []int64{open}},
			{search.Query{Author: "moss", Label: accounts.IBCLC}, nil},
		} {
			for _, c.q.Words = range []string{"marmalade", "marmlade"} {
				found := h.search(v, c.q)
				if !slices.Equal(ids(found), c.want) {
					t.Errorf("%q finds %v for %+v, want %v", v.Handle, ids(found), c.q, c.want)
				}
				for _, hit := range found.Hits {
					if hit.ID == masked && (hit.AuthorName != "Moss" || hit.AuthorHandle != "" || hit.Label != accounts.Peer || !hit.Masked) {
						t.Errorf("the hit tells %+v", hit.Post)
					}
				}
			}
		}
	}
}

// TestNothingIsFoundOfWhoIsApart, in either direction, nor offered; others find it.
func TestNothingIsFoundOfWhoIsApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, robin, maya := h.person("wren"), h.person("sol"), h.person("robin"), h.moderator("maya")
	thread, _ := h.say(robin, "house", "Porcelain cups", "How it began.")
	theirs, own := h.answer(sol, thread, "You are a marmalade."), h.answer(wren, thread, "A thistledown.")
	begun, first := h.say(sol, "house", "Quillmoor lanterns", "How it goes.")
	within := h.answer(robin, begun, "An ossuary.")
	titled, _ := h.say(sol, "house", "Later", "Words.")
	h.run(`UPDATE threads SET author_id = ?, title = 'Zeppelin' WHERE id = ?`, robin.ID, titled.ID) // its first post is sol's
	next := h.answer(robin, titled, "More words.")
	h.run(`INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, now()), (?, ?, now())`, sol.ID, wren.ID, wren.ID, maya.ID)
	wren.Apart, sol.Apart, maya.Apart = true, true, true
	for _, c := range []struct {
		v     accounts.Viewer
		words string
		want  []int64
	}{
		{wren, "marmalade", nil}, {wren, "marmlade", nil}, {wren, "thistledown", []int64{own}}, {wren, "quillmoor", nil}, {wren, "quilmoor", nil},
		{wren, "lanterns", nil}, {wren, "ossuary", nil}, {wren, "ossuari", nil}, {wren, "zeppelin", []int64{next}},
		{sol, "thistledown", nil}, {sol, "thistledwn", nil}, {sol, "marmalade", []int64{theirs}}, {sol, "ossuary", []int64{within}},
		{robin, "marmalade", []int64{theirs}}, {robin, "quilmoor", []int64{first}}, {guest, "ossuary", []int64{within}},
		{maya, "thistledown", []int64{own}}, {maya, "marmalade", []int64{theirs}},
	} {
		if found := h.finds(c.v, c.words, c.want...); found.Meant != "" && len(c.want) == 0 {
			t.Errorf("%q is offered %q", c.v.Handle, found.Meant)
		}
	}
	h.run(`UPDATE posts SET label = 'moderator' WHERE id IN (?, ?)`, theirs, first)
	h.finds(wren, "marmalade", theirs)
	h.finds(wren, "marmlade", theirs)
	h.finds(wren, "quillmoor", first)
}

// TestNoQuoteOfWhoIsApartIsFound, nor its words offered; the two of them find no more than their own words, others all.
func TestNoQuoteOfWhoIsApartIsFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, robin, maya := h.person("wren"), h.person("sol"), h.person("robin"), h.moderator("maya")
	thread, _ := h.say(robin, "house", "Porcelain cups", "How it began.")
	theirs := h.answer(sol, thread, "You are a marmalade.")
	quoting, err := h.forum.Reply(t.Context(), robin, forum.Answer{ThreadID: thread.ID, Body: "> You are a marmalade.\n\nThat hurt.", Key: uuid.New(), Quote: forum.Quote{PostID: theirs}})
	h.must(err)
	h.run(`INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, now())`, wren.ID, sol.ID)
	wren.Apart, sol.Apart = true, true
	for _, words := range []string{"marmalade", "marmlade"} {
		if found := h.finds(wren, words); found.Meant != "" {
			t.Errorf("they are offered %q", found.Meant)
		}
		for _, v := range []accounts.Viewer{sol, robin, maya, guest} {
			h.finds(v, words, quoting.PostID, theirs)
		}
	}
	h.run(`UPDATE posts SET label = 'moderator' WHERE id = ?`, theirs)
	h.finds(wren, "marmalade", quoting.PostID, theirs)
}
