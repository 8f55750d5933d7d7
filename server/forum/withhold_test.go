package forum_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

// TestJudgedWordsVanishFromQuotes and come back with the post, on every surface where the quoting post is read.
func TestJudgedWordsVanishFromQuotes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	thread := h.thread(wren, "house", "A thread")
	rude := h.reply(sol, thread, "You are a marmalade. And so is she.").PostID
	const body = "> You are a marmalade.\n\nThat hurt.\n\n> Be kind, the rules say.\n"
	place := h.mustReply(wren, forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New(), Quote: forum.Quote{PostID: rude}})
	for _, verb := range []audit.Verb{audit.Hide, audit.Remove, audit.Restore, audit.Remove} {
		h.judge(verb, maya, rude)
		shown := verb == audit.Restore
		want := "> *These words are no longer shown.*\n\nThat hurt.\n\n> Be kind, the rules say."
		if shown {
			want = strings.TrimSpace(body)
		}
		if got := h.post(wren, place).Body; got != want {
			t.Errorf("%s: the quoting post says %q, want %q", verb, got, want)
		}
		posts := h.page(guest, thread, 0).Posts
		if html := posts[len(posts)-1].HTML; strings.Contains(html, "marmalade") != shown || !strings.Contains(html, "That hurt.") {
			t.Errorf("%s: the page says %q", verb, html)
		}
	}
	_, err := h.Edit(ctx, wren, forum.Revision{PostID: place.PostID, Version: 1, Body: body + "\nReally."})
	refused(t, "an edit that began before", err, fault.Conflict)
	now := h.post(wren, place)
	if _, err := h.Edit(ctx, wren, forum.Revision{PostID: place.PostID, Version: now.Version, Body: now.Body + "\n\nReally."}); err != nil {
		t.Fatal(err)
	}
	h.judge(audit.Restore, maya, rude)
	if post := h.post(wren, place); !strings.HasSuffix(post.Body, "Really.") || strings.Contains(post.Body, "marmalade") {
		t.Errorf("what was changed meanwhile is %q", post.Body)
	}
}

// TestQuotesOfChangedWordsVanishToo: nobody can tell any more which lines said them.
func TestQuotesOfChangedWordsVanishToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, maya := h.person("wren"), h.person("sol"), h.moderator("maya")
	thread := h.thread(wren, "house", "A thread")
	rude := h.reply(sol, thread, "You are a marmalade.").PostID
	place := h.mustReply(wren, forum.Answer{ThreadID: thread.ID, Body: "> You are a marmalade.\n\nNo.", Key: uuid.New(), Quote: forum.Quote{PostID: rude}})
	if _, err := h.Edit(t.Context(), sol, forum.Revision{PostID: rude, Version: 1, Body: "Other words."}); err != nil {
		t.Fatal(err)
	}
	h.judge(audit.Hide, maya, rude)
	if body := h.post(wren, place).Body; strings.Contains(body, "marmalade") || !strings.HasSuffix(body, "No.") {
		t.Errorf("the quoting post says %q", body)
	}
	h.judge(audit.Restore, maya, rude)
	if body := h.post(wren, place).Body; body != "> You are a marmalade.\n\nNo." {
		t.Errorf("restored is %q", body)
	}
}
