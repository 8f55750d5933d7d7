package forum_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// pause lets a person write nothing until then.
func (h *house) pause(v accounts.Viewer, column string, until time.Time) {
	h.t.Helper()
	if _, err := h.db.NewRaw(`UPDATE people SET `+column+` = ? WHERE id = ?`, until, v.ID).Exec(context.Background()); err != nil { //nolint:gosec // one of two
		h.t.Fatal(err)
	}
}

// TestWhoWasAskedToPauseWritesNothing that others see, until it ends by itself; what they typed is kept.
func TestWhoWasAskedToPauseWritesNothing(t *testing.T) {
	t.Parallel()
	for _, column := range []string{"muted_until", "suspended_until"} {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			ctx, wren := t.Context(), h.person("wren")
			thread := h.thread(wren, "house", "A thread")
			place := h.reply(wren, thread, "First words.")
			writes := map[string]func() error{
				"start": func() error {
					_, err := h.Start(ctx, wren, forum.Opening{Category: "house", Title: "One more", Body: "Words.", Key: uuid.New()})
					return err
				},
				"reply": func() error {
					_, err := h.Reply(ctx, wren, forum.Answer{ThreadID: thread.ID, Body: "More words.", Key: uuid.New()})
					return err
				},
				"edit": func() error {
					_, err := h.Edit(ctx, wren, forum.Revision{PostID: place.PostID, Version: 1, Body: "Other words."})
					return err
				},
			}
			h.pause(wren, column, h.now().Add(time.Hour))
			for _, target := range []string{thread.ReplyTarget(), "c:house"} {
				if err := h.SaveDraft(ctx, wren, forum.Draft{Target: target, Title: "Half", Body: "Half a thought"}); err != nil {
					t.Errorf("a draft: %v", err)
				}
			}
			for name, write := range writes {
				err := write()
				refused(t, name, err, fault.Forbidden)
				if err == nil || !strings.Contains(err.Error(), "until 1 May 2026, 04:00 UTC") {
					t.Errorf("%s: it says %v", name, err)
				}
			}
			if n := h.count(`SELECT count(*) FROM posts WHERE version = 1`) + h.count(`SELECT count(*) FROM threads`); n != 3 {
				t.Errorf("refused writes left something: %d", n)
			}
			if n := h.count(`SELECT count(*) FROM drafts WHERE body = 'Half a thought'`); n != 2 {
				t.Errorf("%d drafts are kept, want 2", n)
			}
			if _, err := h.Watch(ctx, wren, thread.ID, false); err != nil {
				t.Errorf("to be told no longer: %v", err)
			}
			gone := h.page(wren, thread, 0).Posts[0].ID
			if _, err := h.Delete(ctx, wren, gone); err != nil {
				t.Errorf("taking one's own words away: %v", err)
			}
			h.pass(time.Hour)
			for name, write := range writes {
				if err := write(); err != nil {
					t.Errorf("an hour later, %s: %v", name, err)
				}
			}
		})
	}
}

// TestWhatWasTakenBeforeAPauseIsTaken: a form that is sent again gets its first answer.
func TestWhatWasTakenBeforeAPauseIsTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, wren, sol := t.Context(), h.person("wren"), h.person("sol")
	opening := forum.Opening{Category: "house", Title: "A thread", Body: "Words.", Key: uuid.New()}
	thread, err := h.Start(ctx, wren, opening)
	if err != nil {
		t.Fatal(err)
	}
	answer := forum.Answer{ThreadID: thread.ID, Body: "More words.", Key: uuid.New()}
	place := h.mustReply(wren, answer)
	h.pause(wren, "muted_until", h.now().Add(time.Hour))
	h.pause(sol, "muted_until", h.now().Add(time.Hour))
	if again := h.mustReply(wren, answer); again != place {
		t.Errorf("the reply is at %+v, and was at %+v", again, place)
	}
	if again, err := h.Start(ctx, wren, opening); err != nil || again.ID != thread.ID {
		t.Errorf("the thread is %d (%v), and was %d", again.ID, err, thread.ID)
	}
	_, err = h.Reply(ctx, sol, answer)
	refused(t, "the same key of somebody else", err, fault.Forbidden)
	_, err = h.Start(ctx, sol, opening)
	refused(t, "the same thread of somebody else", err, fault.Forbidden)
	if n := h.count(`SELECT count(*) FROM posts`); n != 2 {
		t.Errorf("%d posts, want 2", n)
	}
}

// TestAPauseThatIsDecidedMeanwhileCounts: what was written waits for the decision, and is then refused.
func TestAPauseThatIsDecidedMeanwhileCounts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "house", "A thread")
	place := h.reply(wren, thread, "First words.")
	for name, write := range map[string]func() error{
		"reply": func() error {
			_, err := h.Reply(t.Context(), wren, forum.Answer{ThreadID: thread.ID, Body: "After.", Key: uuid.New()})
			return err
		},
		"edit": func() error {
			_, err := h.Edit(t.Context(), wren, forum.Revision{PostID: place.PostID, Version: 1, Body: "Changed."})
			return err
		},
		"start": func() error {
			_, err := h.Start(t.Context(), wren, forum.Opening{Category: "house", Title: "Another", Body: "Words.", Key: uuid.New()})
			return err
		},
	} {
		result := make(chan error, 1)
		err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.NewRaw(`UPDATE people SET muted_until = ? WHERE id = ?`, h.now().Add(time.Hour), wren.ID).Exec(ctx)
			go func() { result <- write() }()
			for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
				if h.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0") == 1 {
					return err
				}
			}
			return errors.New("nobody waits")
		})
		if err != nil {
			t.Error(err)
		}
		refused(t, name, <-result, fault.Forbidden)
	}
}
