package notify_test

import (
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
)

// alias has somebody write under another name.
func (h *house) alias(who accounts.Viewer, thread forum.Thread, name string) {
	h.Helper()
	_, err := h.forum.TakeAlias(h.Context(), who, thread.ID, name)
	h.must(err)
}

// TestAnAliasIsCalledInItsThread and nowhere else; its owner's handle still calls them there, as anybody's does.
func TestAnAliasIsCalledInItsThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol, june := h.member("river"), h.member("sol"), h.member("june")
	thread, _ := h.thread(river, "She is ten weeks old.")
	other, _ := h.thread(june, "Elsewhere.")
	h.alias(sol, thread, "Moss")
	h.work(forum.Posted{PostID: h.reply(june, thread, "What do you say, @moss?", 0)})
	h.wants(map[string]string{"river": "reply", "sol": "mention"}, river, sol, june)
	h.work(forum.Posted{PostID: h.reply(river, other, "And @moss?", 0)})
	h.wants(map[string]string{"sol": "mention", "june": "reply"}, sol, june)
	h.work(forum.Posted{PostID: h.reply(june, thread, "Or @sol?", 0)})
	h.wants(map[string]string{"sol": "mention mention"}, sol)
	h.work(forum.Posted{PostID: h.reply(sol, thread, "It is I: @moss, @sol.", 0)})
	h.wants(map[string]string{"sol": "mention mention"}, sol)
	page, err := h.notify.Page(t.Context(), june, 0)
	h.must(err)
	lines, err := h.forum.Lines(t.Context(), june, []int64{page.Notices[0].ObjectID})
	h.must(err)
	if line := lines[page.Notices[0].ObjectID]; line.AuthorName != "Moss" || line.AuthorHandle != "" {
		t.Errorf("june is told of %+v", line)
	}
}

// TestNobodyIsToldOfWhoIsApart, by mention, answer or reply, whichever of them asked for it; what a moderator says is told.
func TestNobodyIsToldOfWhoIsApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol, wren, june := h.member("river"), h.member("sol"), h.member("wren"), h.member("june")
	thread, _ := h.thread(river, "She is ten weeks old.")
	told := func(by accounts.Viewer, body string, to int64) {
		t.Helper()
		h.work(forum.Posted{PostID: h.reply(by, thread, body, to)})
	}
	answered := h.reply(sol, thread, "Some words.", 0)
	h.watch(wren, thread)
	to := h.reply(wren, thread, "Mine.", 0)
	before := []int64{h.reply(wren, thread, "To you.", answered), h.reply(sol, thread, "To you.", to)}
	h.exec(`INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, now())`, wren.ID, sol.ID)
	for _, id := range before {
		h.work(forum.Posted{PostID: id})
	}
	told(wren, "@sol", 0)
	told(sol, "@wren", 0)
	told(june, "@wren @sol", 0)
	h.wants(map[string]string{"river": "reply reply reply reply reply", "sol": "mention", "wren": "mention"}, river, sol, wren)

	moderated := h.reply(sol, thread, "Be kind, @wren.", 0)
	h.exec(`UPDATE posts SET label = 'moderator' WHERE id = ?`, moderated)
	h.work(forum.Posted{PostID: moderated})
	h.wants(map[string]string{"wren": "mention mention"}, wren)

	h.alias(sol, thread, "Moss") // what was set on the person does not touch it; what sol sees of wren stays withheld
	told(sol, "Once more, @wren.", 0)
	told(wren, "Yes, @moss.", 0)
	h.wants(map[string]string{"wren": "mention mention mention", "sol": "mention"}, wren, sol)
	h.exec(`UPDATE blocks SET thread_id = ?`, thread.ID)
	told(sol, "And again, @wren.", 0)
	h.wants(map[string]string{"wren": "mention mention mention"}, wren)

	lark := h.member("lark")
	h.exec(`INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, now())`, river.ID, lark.ID)
	h.watch(lark, thread)
	told(wren, "@lark, this thread is not there for you.", 0)
	h.wants(nil, lark)
}
