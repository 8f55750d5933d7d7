package notify_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
)

// watch has somebody told of what is new in a thread.
func (h *house) watch(who accounts.Viewer, thread forum.Thread) {
	h.Helper()
	_, err := h.forum.Watch(h.Context(), who, thread.ID, true)
	h.must(err)
}

func TestAPostIsToldOnceAndByTheNearestReason(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol, wren, june, lark := h.member("river"), h.member("Sol"), h.member("wren"), h.member("june"), h.member("lark")
	thread, first := h.thread(river, "She is ten weeks old.")
	for _, who := range []accounts.Viewer{sol, wren, june} {
		h.watch(who, thread)
	}
	h.work(forum.Posted{PostID: h.reply(june, thread, "@sol, and you, @river, and @nobody-here, and me, @june", first)})
	h.wants(map[string]string{"river": "mention", "Sol": "mention", "wren": "reply"}, river, sol, wren, june, lark)

	h.work(forum.Posted{PostID: h.reply(sol, thread, "Yes.", first)})
	quoting := h.reply(lark, thread, "> She is ten\n\nStill small.", 0)
	h.exec(`INSERT INTO quotes (post_id, quoted_post_id, quoted_version, starts, ends) VALUES (?, ?, 1, 0, 3)`, quoting, first)
	h.work(forum.Posted{PostID: quoting})
	h.wants(map[string]string{"river": "mention answer answer", "Sol": "mention reply", "wren": "reply reply reply", "june": "reply reply"},
		river, sol, wren, june)
}

// TestWhoNoLongerWatchesIsToldOfAnswersOnly: what is said to them is more than what is new in the thread.
func TestWhoNoLongerWatchesIsToldOfAnswersOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol := h.member("river"), h.member("sol")
	thread, first := h.thread(river, "Some words.")
	_, err := h.forum.Watch(t.Context(), river, thread.ID, false)
	h.must(err)
	h.work(forum.Posted{PostID: h.reply(sol, thread, "Some more.", 0)})
	h.wants(nil, river)
	h.work(forum.Posted{PostID: h.reply(sol, thread, "To you.", first)})
	h.wants(map[string]string{"river": "answer"}, river)
}

// TestAJobThatComesLateIsForWhoWatchedThen: who has begun to watch since has read the post, or chose not to be told of it.
func TestAJobThatComesLateIsForWhoWatchedThen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol := h.member("river"), h.member("sol")
	thread, first := h.thread(river, "Some words.")
	h.reply(sol, thread, "Some more.", 0)
	h.work(forum.Posted{PostID: first})
	h.wants(nil, sol)
}

func TestAJobDoneTwiceGivesOneNotice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol, wren := h.member("river"), h.member("sol"), h.member("wren")
	thread, first := h.thread(river, "Some words.")
	h.watch(wren, thread)
	post := h.reply(sol, thread, "Some more.", first)
	h.work(forum.Posted{PostID: post})
	// What was told as an answer is not told again as a mention.
	h.exec(`UPDATE posts SET html = '<p>@river @wren</p>' WHERE id = ?`, post)
	h.work(forum.Posted{PostID: post})
	h.wants(map[string]string{"river": "answer", "wren": "reply"}, river, wren)
}

func TestNobodyIsToldOfWhatTheyMayNotRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change string // to the post ?0 and the thread ?1
		maya   string // what a moderator is told
	}{
		"a hidden post":    {`UPDATE posts SET hidden_at = now() WHERE id = ?0`, ""},
		"a removed post":   {`UPDATE posts SET removed_at = now() WHERE id = ?0`, ""},
		"a deleted post":   {`UPDATE posts SET deleted_at = now() WHERE id = ?0`, ""},
		"a hidden thread":  {`UPDATE threads SET hidden_at = now() WHERE id = ?1`, "mention"},
		"a removed thread": {`UPDATE threads SET removed_at = now() WHERE id = ?1`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			river, sol, maya := h.member("river"), h.member("sol"), h.join("maya", accounts.Moderator)
			thread, first := h.thread(river, "Some words.")
			h.watch(river, thread)
			post := h.reply(sol, thread, "@maya @river", first)
			h.exec(tt.change, post, thread.ID)
			h.work(forum.Posted{PostID: post})
			h.wants(map[string]string{"maya": tt.maya}, river, maya)
		})
	}
}

// TestTheBellCountsWhatIsNotSeen has twenty people reply at once, their jobs done twice, while the one who is told looks
// again and again: at no moment do bell and notices differ.
func TestTheBellCountsWhatIsNotSeen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, wren := h.member("river"), h.member("wren")
	thread, first := h.thread(river, "Some words.")
	h.watch(wren, thread)
	const writers = 20
	posts := make([]int64, writers)
	for i := range posts {
		posts[i] = h.reply(h.member(fmt.Sprintf("writer-%d", i)), thread, "Some more.", first)
	}
	ctx, stop := context.WithCancel(t.Context())
	var looking sync.WaitGroup
	looking.Go(func() { h.look(ctx, river) })
	looking.Go(func() { h.compare(ctx) })
	var group errgroup.Group
	for _, id := range append(posts, posts...) {
		group.Go(func() error { return h.notify.Work(t.Context(), 1, forum.Posted{PostID: id}) })
	}
	h.must(group.Wait())
	stop()
	looking.Wait()
	for _, who := range []accounts.Viewer{river, wren} {
		if n := h.read(`SELECT count(*) FROM notices WHERE person_id = ?`, who.ID); n != writers {
			t.Errorf("%s has %d notices, want %d", who.Handle, n, writers)
		}
		h.kinds(who)
	}
	if n := h.read(`SELECT unread FROM bells WHERE person_id = ?`, wren.ID); n != writers {
		t.Errorf("the bell of somebody who did not look counts %d", n)
	}
	if got := h.told[accounts.BellSubject+strconv.FormatInt(wren.ID, 10)]; got == "" {
		t.Error("their open pages were not told")
	}
}

// look marks as seen whatever there is, until ctx is over.
func (h *house) look(ctx context.Context, who accounts.Viewer) {
	for ctx.Err() == nil {
		page, err := h.notify.Page(context.WithoutCancel(ctx), who, 0)
		if err == nil && len(page.Notices) > 0 {
			err = h.notify.MarkSeen(context.WithoutCancel(ctx), who, 1, page.Notices[0].ID)
		}
		if err != nil {
			h.Error(err)
		}
	}
}

// compare looks for a bell that counts something else than the notices, until ctx is over.
func (h *house) compare(ctx context.Context) {
	for ctx.Err() == nil {
		wrong := 0
		err := h.db.NewRaw(`
			SELECT count(*) FROM bells b
			WHERE b.unread <> (SELECT count(*) FROM notices n WHERE n.person_id = b.person_id AND n.read_at IS NULL)`).Scan(context.WithoutCancel(ctx), &wrong)
		if err != nil || wrong > 0 {
			h.Errorf("%d bells are wrong, %v", wrong, err)
			return
		}
	}
}
