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

func (h *house) moderator(handle string) accounts.Viewer {
	h.t.Helper()
	return h.raised(h.person(handle), accounts.Moderator)
}

// raised is somebody with another role.
func (h *house) raised(v accounts.Viewer, role accounts.Role) accounts.Viewer {
	h.t.Helper()
	v.Role = role
	if _, err := h.db.ExecContext(h.t.Context(), `UPDATE people SET role = ? WHERE id = ?`, string(role), v.ID); err != nil {
		h.t.Fatal(err)
	}
	return v
}

// acts are all that can be done to a thread.
func (h *house) acts() map[audit.Verb]func(context.Context, accounts.Viewer, int64, audit.Reason) (forum.Thread, error) {
	move := func(ctx context.Context, v accounts.Viewer, id int64, why audit.Reason) (forum.Thread, error) {
		return h.Move(ctx, v, id, "house", why)
	}
	return map[audit.Verb]func(context.Context, accounts.Viewer, int64, audit.Reason) (forum.Thread, error){
		audit.Pin: h.Pin, audit.Unpin: h.Unpin, audit.Lock: h.Lock, audit.Unlock: h.Unlock,
		audit.Hide: h.Hide, audit.Restore: h.Restore, audit.Move: move,
	}
}

// do carries an act out.
func (h *house) do(verb audit.Verb, by accounts.Viewer, thread forum.Thread) forum.Thread {
	h.t.Helper()
	after, err := h.acts()[verb](h.t.Context(), by, thread.ID, audit.Rules)
	if err != nil {
		h.t.Fatal(err)
	}
	return after
}

// record are the entries of the audit, the newest first.
func (h *house) record() []audit.Entry {
	h.t.Helper()
	page, err := audit.New(h.db).Page(h.t.Context(), 0)
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Entries
}

func TestEachActIsWrittenDownOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya := h.moderator("maya")
	thread := h.thread(h.person("wren"), "relactation", "Is it too late?")
	house, err := h.Category(t.Context(), maya, "house")
	if err != nil {
		t.Fatal(err)
	}
	for i, verb := range []audit.Verb{audit.Pin, audit.Unpin, audit.Lock, audit.Unlock, audit.Hide, audit.Restore, audit.Move} {
		h.pass(time.Minute)
		h.do(verb, maya, thread)
		at := h.now()
		h.pass(time.Minute)
		after := h.do(verb, maya, thread) // is so already
		record := h.record()
		if len(record) != i+1 {
			t.Fatalf("%s twice: %d entries, want %d", verb, len(record), i+1)
		}
		into := int64(0)
		if verb == audit.Move {
			into = house.ID
		}
		e := record[0]
		want := audit.Entry{ID: e.ID, At: e.At, ActorID: maya.ID, Verb: verb, Kind: audit.Thread, ObjectID: thread.ID, IntoID: into, Reason: audit.Rules, Hash: e.Hash}
		if !e.At.Equal(at) || fmt.Sprint(e) != fmt.Sprint(want) {
			t.Errorf("written %+v, want %+v", e, want)
		}
		state := []bool{after.Pinned(), after.Locked(), after.Hidden(), after.CategorySlug == "house"}
		is := []bool{verb == audit.Pin, verb == audit.Lock, verb == audit.Hide, verb == audit.Move}
		if !slices.Equal(state, is) {
			t.Errorf("after %s the thread is %v, want %v", verb, state, is)
		}
	}
}

// TestWhoWasAModeratorAMomentAgo does nothing as one any more, though their request began before; nor who is suspended.
func TestWhoWasAModeratorAMomentAgo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya := h.moderator("maya")
	thread := h.thread(h.person("wren"), "relactation", "For all")
	h.raised(maya, accounts.Member)
	for verb, act := range h.acts() {
		_, err := act(t.Context(), maya, thread.ID, audit.Rules)
		refused(t, string(verb), err, fault.Unauthenticated)
	}
	_, err := h.Reply(t.Context(), maya, forum.Answer{ThreadID: thread.ID, Body: "Some words.", Key: uuid.New(), As: accounts.AsModerator})
	refused(t, "speaking as a moderator", err, fault.Unauthenticated)
	if _, err := h.db.ExecContext(t.Context(), `UPDATE people SET role = 'moderator', suspended_until = ? WHERE id = ?`, h.now().Add(time.Hour), maya.ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.Hide(t.Context(), maya, thread.ID, audit.Rules)
	refused(t, "by one who is suspended", err, fault.Forbidden)
	if entries := h.entries(); len(entries) != 0 {
		t.Errorf("the audit holds %v", entries)
	}
}

func TestWhoMayAct(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya, ada := h.person("wren"), h.moderator("maya"), h.administrator("ada")
	june := h.raised(h.person("june"), accounts.Consultant)
	closed, own := h.thread(wren, "feelings", "For members"), h.thread(maya, "house", "News from the house")
	for verb, act := range h.acts() {
		open := h.thread(wren, "relactation", "For all")
		for _, v := range []accounts.Viewer{guest, wren, june} {
			_, err := act(t.Context(), v, open.ID, audit.Rules)
			refused(t, fmt.Sprintf("%s by %q", verb, v.Role), err, fault.Forbidden)
		}
		_, err := act(t.Context(), guest, closed.ID, audit.Rules)
		refused(t, string(verb)+" of what one may not see", err, fault.NotFound)
		_, err = act(t.Context(), maya, 999_999, audit.Rules)
		refused(t, string(verb)+" of nothing", err, fault.NotFound)
		for _, reason := range []audit.Reason{"", "rude", "Rules", "rules "} {
			_, err = act(t.Context(), maya, open.ID, reason)
			refused(t, string(verb)+" without a reason", err, fault.Invalid)
		}
		_, err = act(t.Context(), maya, own.ID, audit.Other)
		if judged := fault.Is(err, fault.Forbidden); judged != (verb == audit.Hide || verb == audit.Restore) {
			t.Errorf("%s of one's own words: %v", verb, err)
		}
		if _, err := act(t.Context(), ada, open.ID, audit.Care); err != nil {
			t.Errorf("%s by an administrator: %v", verb, err)
		}
	}
	_, err := h.Move(t.Context(), maya, closed.ID, "nowhere", audit.Rules)
	if fields := faultyFields(err); !slices.Equal(fields, []string{"category"}) {
		t.Errorf("moved nowhere: %v", err)
	}
}

// TestNoActWithoutItsEntry: where the audit cannot be written, nothing was done.
func TestNoActWithoutItsEntry(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya := h.moderator("maya")
	thread := h.thread(h.person("wren"), "relactation", "Is it too late?")
	if _, err := h.db.ExecContext(t.Context(), "SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (false)"); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []audit.Verb{audit.Pin, audit.Lock, audit.Hide, audit.Move} {
		_, err := h.acts()[verb](t.Context(), maya, thread.ID, audit.Rules)
		if err == nil || fault.KindOf(err) != 0 {
			t.Errorf("%s: %v", verb, err)
		}
	}
	if n := h.count("SELECT count(*) FROM threads t JOIN categories c ON c.id = t.category_id WHERE pinned_at IS NULL AND locked_at IS NULL AND hidden_at IS NULL AND c.slug = 'relactation'"); n != 1 {
		t.Error("the act stands without its entry")
	}
}

func TestAHiddenThreadIsForStaffAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	wren, maya := h.person("wren"), h.moderator("maya")
	thread := h.thread(wren, "relactation", "Hidden soon")
	place := h.reply(wren, thread, "More of it.")
	h.do(audit.Hide, maya, thread)
	for _, v := range []accounts.Viewer{guest, wren, h.person("sol")} {
		_, err := h.Page(ctx, v, thread.ID, 0)
		refused(t, "its page", err, fault.NotFound)
		_, err = h.Thread(ctx, v, thread.ID)
		refused(t, "its name", err, fault.NotFound)
		_, err = h.Place(ctx, v, place.PostID)
		refused(t, "where a post stands", err, fault.NotFound)
		_, err = h.Post(ctx, v, place.PostID)
		refused(t, "a post", err, fault.NotFound)
		for _, sort := range []forum.Sort{forum.Active, forum.Newest, forum.Unanswered} {
			if listing, err := h.Listing(ctx, v, "relactation", sort, ""); err != nil || len(listing.Threads) != 0 {
				t.Errorf("listed by %s: %v %v", sort, listing.Threads, err)
			}
		}
		if latest, err := h.Latest(ctx, v, 9); err != nil || len(latest) != 0 {
			t.Errorf("among the latest: %v %v", latest, err)
		}
		categories, err := h.Categories(ctx, v)
		if err != nil || slices.ContainsFunc(categories, func(c forum.Category) bool { return !c.ActiveAt.IsZero() }) {
			t.Errorf("its category tells of it: %v %v", categories, err)
		}
	}
	_, err := h.Reply(ctx, wren, forum.Answer{ThreadID: thread.ID, Body: "And more.", Key: uuid.New()})
	refused(t, "a reply", err, fault.NotFound)
	_, err = h.Edit(ctx, wren, forum.Revision{PostID: place.PostID, Version: 1, Body: "Other words."})
	refused(t, "an edit", err, fault.NotFound)
	_, err = h.Delete(ctx, wren, place.PostID)
	refused(t, "taking a post away", err, fault.NotFound)
	refused(t, "a draft", h.SaveDraft(ctx, wren, forum.Draft{Target: thread.ReplyTarget(), Body: "x"}), fault.NotFound)
	if latest, err := h.Latest(ctx, maya, 9); err != nil || len(latest) != 0 {
		t.Errorf("on the front page of staff: %v %v", latest, err)
	}
	if page := h.page(maya, thread, 0); !page.Thread.Hidden() || len(page.Posts) != 2 {
		t.Errorf("staff read %+v", page)
	}
	if listing, err := h.Listing(ctx, maya, "relactation", forum.Active, ""); err != nil || len(listing.Threads) != 1 || !listing.Threads[0].Hidden() {
		t.Errorf("staff are listed %v %v", listing.Threads, err)
	}
	h.do(audit.Restore, maya, thread)
	if page := h.page(guest, thread, 0); len(page.Posts) != 2 {
		t.Error("restored it is not whole")
	}
}

func TestHiddenAndLockedThreadsWaitForNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.person("wren"), h.moderator("maya")
	h.do(audit.Hide, maya, h.thread(wren, "relactation", "Hidden"))
	h.do(audit.Lock, maya, h.thread(wren, "relactation", "Locked"))
	open := h.thread(wren, "relactation", "Open")
	for _, v := range []accounts.Viewer{wren, maya} {
		waiting, err := h.Waiting(t.Context(), v, 9)
		if err != nil || len(waiting) != 1 || waiting[0].ID != open.ID {
			t.Errorf("waiting for %s: %v %v", v.Handle, waiting, err)
		}
	}
}

func TestALockedThreadIsRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	wren, maya := h.person("wren"), h.moderator("maya")
	thread := h.thread(wren, "relactation", "Locked soon")
	taken := forum.Answer{ThreadID: thread.ID, Body: "Taken before.", Key: uuid.New()}
	place, err := h.Reply(ctx, wren, taken)
	if err != nil {
		t.Fatal(err)
	}
	h.do(audit.Lock, maya, thread)
	fresh := forum.Answer{ThreadID: thread.ID, Body: "One more.", Key: uuid.New()}
	_, err = h.Reply(ctx, wren, fresh)
	refused(t, "a reply", err, fault.Forbidden)
	if !strings.Contains(err.Error(), "locked this thread") {
		t.Errorf("it says %q", err)
	}
	_, err = h.Reply(ctx, guest, fresh)
	refused(t, "a guest's reply", err, fault.Unauthenticated)
	if again, err := h.Reply(ctx, wren, taken); err != nil || again.PostID != place.PostID {
		t.Errorf("a reply that was taken, sent again: %v %v", again, err)
	}
	_, err = h.Edit(ctx, wren, forum.Revision{PostID: place.PostID, Version: 1, Body: "Other words."})
	refused(t, "an edit", err, fault.Forbidden)
	_, err = h.EditablePost(ctx, wren, place.PostID)
	refused(t, "the form for an edit", err, fault.Forbidden)
	page := h.page(wren, thread, 0)
	if forum.MayAnswer(wren, page.Thread) || forum.MayEdit(wren, page.Posts[1]) || !forum.MayDelete(wren, page.Posts[1]) {
		t.Error("the page offers what is refused, or hides what is not")
	}
	if _, err := h.Delete(ctx, wren, place.PostID); err != nil {
		t.Errorf("taking one's own words away: %v", err)
	}
	h.reply(maya, thread, "This is now closed.")
	h.do(audit.Unlock, maya, thread)
	h.reply(wren, thread, "Open again.")
}

// TestPinnedComeFirst, and paging by key gives each thread once, in every order.
func TestPinnedComeFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.person("wren"), h.moderator("maya")
	var want []int64
	for i := range 70 {
		h.pass(time.Minute)
		thread := h.thread(wren, "relactation", fmt.Sprintf("Thread %d", i))
		want = append(want, thread.ID)
		if i%2 == 0 {
			h.do(audit.Pin, maya, thread)
		}
	}
	slices.SortFunc(want, func(a, b int64) int { // odd ids are pinned
		if a%2 != b%2 {
			return int(b%2 - a%2)
		}
		return int(b - a)
	})
	for _, sort := range []forum.Sort{forum.Active, forum.Newest, forum.Unanswered} {
		var got []int64
		for before, pages := "", 0; pages == 0 || before != ""; pages++ {
			listing, err := h.Listing(t.Context(), guest, "relactation", sort, before)
			if err != nil {
				t.Fatal(err)
			}
			for _, thread := range listing.Threads {
				got = append(got, thread.ID)
			}
			before = listing.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("by %s: %v, want %v", sort, got, want)
		}
	}
}

func TestMovedAmongMembersItIsGoneForGuests(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.person("wren"), h.moderator("maya")
	thread := h.thread(wren, "relactation", "Private after all")
	if _, err := h.Page(t.Context(), guest, thread.ID, 0); err != nil {
		t.Fatal(err)
	}
	moved, err := h.Move(t.Context(), maya, thread.ID, "feelings", audit.Privacy)
	if err != nil || !moved.MembersOnly() {
		t.Fatal(moved, err)
	}
	_, err = h.Page(t.Context(), guest, thread.ID, 0)
	refused(t, "a guest", err, fault.NotFound)
	h.reply(wren, thread, "Thank you.")
}

// TestAReplyThatWaitsForAMove is taken: the thread is only elsewhere.
func TestAReplyThatWaitsForAMove(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.person("wren")
	thread := h.thread(wren, "relactation", "On the move")
	place := h.reply(wren, thread, "Before.")
	results := make(chan error, 2)
	err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.NewRaw(`UPDATE threads SET category_id = category_id + 1 WHERE id = ?`, thread.ID).Exec(ctx)
		go func() {
			_, err := h.Reply(h.t.Context(), wren, forum.Answer{ThreadID: thread.ID, Body: "After.", Key: uuid.New()})
			results <- err
		}()
		go func() {
			_, err := h.Edit(h.t.Context(), wren, forum.Revision{PostID: place.PostID, Version: 1, Body: "Changed."})
			results <- err
		}()
		for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
			if h.count("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE NOT l.granted AND a.datname = current_database()") == 2 {
				return err
			}
		}
		return errors.New("nobody waits")
	})
	if err := errors.Join(err, <-results, <-results); err != nil {
		t.Error(err)
	}
}
