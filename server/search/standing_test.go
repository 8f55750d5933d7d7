package search_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/search"
)

// TestAJudgedPostIsNotFound, and its words are not offered, neither to staff nor to its author.
func TestAJudgedPostIsNotFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	thread, _ := h.say(wren, "relactation", "Is it too late?", "How it began.")
	rude := h.answer(sol, thread, "You are a marmalade.")
	want := func(when string, found bool) {
		t.Helper()
		for _, v := range []accounts.Viewer{guest, wren, sol, maya} {
			hits, offer := h.search(v, search.Query{Words: "marmalade"}).Hits, h.search(v, search.Query{Words: "marmlade"}).Meant
			if len(hits) > 0 != found || (offer != "") != found {
				t.Errorf("%s, %q finds %v and is offered %q", when, v.Handle, hits, offer)
			}
		}
	}
	want("at first", true)
	for _, verb := range []audit.Verb{audit.Hide, audit.Remove} {
		h.judge(verb, maya, rude)
		want(string(verb), false)
	}
	h.judge(audit.Restore, maya, rude)
	want("restored", true)
}

// TestWordsThatAreWithheldAreNotFound in the posts that quote them.
func TestWordsThatAreWithheldAreNotFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	thread, _ := h.say(wren, "house", "A thread", "How it began.")
	rude := h.answer(sol, thread, "You are a marmalade.")
	_, err := h.forum.Reply(t.Context(), wren, forum.Answer{ThreadID: thread.ID, Body: "> You are a marmalade.\n\nThat hurt.", Key: uuid.New(), Quote: forum.Quote{PostID: rude}})
	h.must(err)
	for verb, hits := range map[audit.Verb]int{audit.Hide: 0, audit.Restore: 2} {
		h.judge(verb, maya, rude)
		if found := h.search(guest, search.Query{Words: "marmalade"}).Hits; len(found) != hits {
			t.Errorf("%s: found %+v", verb, found)
		}
		h.judge(audit.Restore, maya, rude)
	}
}

func TestWordsOfAHiddenPostAreForgotten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.person("wren"), h.moderator("maya")
	thread, first := h.say(wren, "house", "A title", "It began with porcelain.")
	second := h.answer(wren, thread, "Porcelain and thistledown.")
	kept := func(word string) bool { return h.count(`SELECT count(*) FROM search_words WHERE word = ?`, word) == 1 }
	h.judge(audit.Hide, maya, second)
	if kept("thistledown") || !kept("porcelain") {
		t.Error("kept are the words of what is hidden, or others are not")
	}
	h.judge(audit.Remove, maya, first)
	if kept("porcelain") {
		t.Error("kept are the words of what is removed")
	}
	h.judge(audit.Restore, maya, second)
	if !kept("thistledown") || !kept("porcelain") {
		t.Error("restored words are not known")
	}
	h.finds(guest, "porcelin", second)
}

func TestAnAudienceHoldsForWhatIsFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, post := h.say(h.person("wren"), "relactation", "Quillmoor lanterns", "Thistledown.")
	waits := h.person("sparrow")
	waits.Awaits = accounts.AwaitsApproval
	for audience, want := range map[forum.Audience][]int64{forum.Members: nil, forum.Public: {post}} {
		h.run(`UPDATE categories SET audience = ? WHERE slug = 'relactation'`, audience)
		for _, words := range []string{"thistledown", "thistledwn", "quillmoor"} {
			for _, viewer := range []accounts.Viewer{guest, waits} {
				if found := ids(h.search(viewer, search.Query{Words: words})); !slices.Equal(found, want) {
					t.Errorf("for %s, %q finds %v for %q", audience, words, found, viewer.Handle)
				}
			}
		}
	}
}

// TestAHitIsVerifiedWhileTheCredentialHolds, and only what was said as a consultant.
func TestAHitIsVerifiedWhileTheCredentialHolds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june, wren := h.person("june"), h.person("wren")
	grant := func(v accounts.Viewer, label accounts.Label, from, until time.Duration) {
		t.Helper()
		h.run(`INSERT INTO labels (person_id, label, valid_from, valid_until) VALUES (?, ?, ?, ?)`, v.ID, label, h.now().Add(from), h.now().Add(until))
	}
	thread, _ := h.say(wren, "house", "A question", "How it began.")
	june.Label = accounts.IBCLC
	h.answer(june, thread, "A marmalade answer.")
	june.Label = accounts.Peer
	h.answer(june, thread, "A marmalade aside.")
	want := func(when string, verified bool) {
		t.Helper()
		for _, v := range []accounts.Viewer{guest, wren, june} {
			if hits := h.search(v, search.Query{Words: "marmalade"}).Hits; hits[1].Verified != verified || hits[0].Verified {
				t.Errorf("%s, %q is told %v of the answer and %v of the aside", when, v.Handle, hits[1].Verified, hits[0].Verified)
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
