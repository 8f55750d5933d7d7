package moderation_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// deed is a decision, with how one sees that it is done.
type deed struct {
	on     string // what it is about
	d      moderation.Decision
	before string // what was done first
	done   string // a query that is true once it is done; ?0 is the object, ?1 the person
	verbs  string // what is written into the audit, besides the decision
	undone string // what its undoing writes, besides the undoing
}

var deeds = []deed{
	{on: "post", d: moderation.Decision{Action: moderation.None}, done: `SELECT stands FROM posts WHERE id = ?0`},
	{on: "post", d: moderation.Decision{Action: audit.Hide}, done: `SELECT hidden_at IS NOT NULL FROM posts WHERE id = ?0`, verbs: "hide", undone: "restore"},
	{on: "post", d: moderation.Decision{Action: audit.Remove}, done: `SELECT removed_at IS NOT NULL FROM posts WHERE id = ?0`, verbs: "remove", undone: "restore"},
	{on: "post", d: moderation.Decision{Action: audit.Remove}, before: "hide", done: `SELECT removed_at IS NOT NULL FROM posts WHERE id = ?0`, verbs: "remove", undone: "hide"},
	{on: "post", d: moderation.Decision{Action: audit.Restore}, before: "hide", done: `SELECT stands FROM posts WHERE id = ?0`, verbs: "restore", undone: "hide"},
	{on: "post", d: moderation.Decision{Action: audit.Hide}, before: "hide", done: `SELECT hidden_at IS NOT NULL FROM posts WHERE id = ?0`},
	{on: "post", d: moderation.Decision{Action: audit.Warn}, done: `SELECT stands FROM posts WHERE id = ?0`, verbs: "warn"},
	{on: "post", d: moderation.Decision{Action: audit.Mute}, done: `SELECT muted_until IS NOT NULL FROM people WHERE id = ?1`, verbs: "mute", undone: "lift"},
	{on: "post", d: moderation.Decision{Action: audit.Suspend}, done: `SELECT suspended_until IS NOT NULL FROM people WHERE id = ?1`, verbs: "suspend", undone: "lift"},
	{on: "thread", d: moderation.Decision{Action: audit.Hide}, done: `SELECT hidden_at IS NOT NULL FROM threads WHERE id = ?0`, verbs: "hide", undone: "restore"},
	{on: "thread", d: moderation.Decision{Action: audit.Remove}, done: `SELECT removed_at IS NOT NULL FROM threads WHERE id = ?0`, verbs: "remove", undone: "restore"},
	{on: "thread", d: moderation.Decision{Action: audit.Lock}, done: `SELECT locked_at IS NOT NULL FROM threads WHERE id = ?0`, verbs: "lock", undone: "unlock"},
	{on: "thread", d: moderation.Decision{Action: audit.Unlock}, before: "lock", done: `SELECT locked_at IS NULL FROM threads WHERE id = ?0`, verbs: "unlock", undone: "lock"},
	{on: "thread", d: moderation.Decision{Action: audit.Pin}, done: `SELECT pinned_at IS NOT NULL FROM threads WHERE id = ?0`, verbs: "pin", undone: "unpin"},
	{on: "thread", d: moderation.Decision{Action: audit.Pin}, before: "pin", done: `SELECT pinned_at IS NOT NULL FROM threads WHERE id = ?0`},
	{on: "thread", d: moderation.Decision{Action: audit.Move, Category: "house"}, done: `SELECT c.slug = 'house' FROM threads t JOIN categories c ON c.id = t.category_id WHERE t.id = ?0`, verbs: "move", undone: "move"},
	{on: "message", d: moderation.Decision{Action: audit.Hide}, done: `SELECT hidden_at IS NOT NULL FROM messages WHERE n = ?0`, verbs: "hide", undone: "restore"},
	{on: "message", d: moderation.Decision{Action: audit.Remove}, done: `SELECT hidden_at IS NOT NULL FROM messages WHERE n = ?0`, verbs: "remove", undone: "restore"},
	{on: "message", d: moderation.Decision{Action: audit.Mute}, done: `SELECT muted_until IS NOT NULL FROM people WHERE id = ?1`, verbs: "mute", undone: "lift"},
	{on: "person", d: moderation.Decision{Action: audit.Warn}, done: `SELECT true`, verbs: "warn"},
	{on: "person", d: moderation.Decision{Action: audit.Suspend}, done: `SELECT suspended_until IS NOT NULL FROM people WHERE id = ?1`, verbs: "suspend", undone: "lift"},
	{on: "listing", d: moderation.Decision{Action: audit.Hide}, done: `SELECT hidden_at IS NOT NULL FROM consultants WHERE id = ?0`, verbs: "hide", undone: "restore"},
}

// reported is a case about one thing of lark's.
func (h *house) reported(kind string) (id int64) {
	h.t.Helper()
	sol := h.member("sol")
	if kind == "listing" {
		return h.report(sol, moderation.Target{Kind: audit.Listing, Slug: h.consultant("june").Slug}, audit.Selling)
	}
	lark := h.member("lark")
	switch kind {
	case "message":
		return h.report(sol, h.say(lark, "Rude words."), audit.Unkind)
	case "person":
		return h.report(sol, moderation.Target{Kind: audit.Person, Slug: "lark"}, audit.Unkind)
	}
	thread, post := h.post(lark, "Rude words.")
	if kind == "thread" {
		return h.report(sol, moderation.Target{Kind: audit.Thread, ID: thread.ID}, audit.Unkind)
	}
	return h.report(sol, post, audit.Unkind)
}

// TestEachDecisionIsDoneWrittenDownAndTakenBack: the act, the case, the decision, the audit, those who are told.
func TestEachDecisionIsDoneWrittenDownAndTakenBack(t *testing.T) {
	t.Parallel()
	for _, c := range deeds {
		t.Run(strings.Join([]string{c.on, string(c.d.Action), "after", c.before}, " "), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			maya := h.moderator("maya")
			id := h.reported(c.on)
			p := h.look(maya, id)
			if c.before != "" {
				order := forum.Order{Verb: audit.Verb(c.before), ThreadID: p.ObjectID, Reason: audit.Care}
				if c.on == "post" {
					order.PostID = p.ObjectID
				}
				h.must(h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return h.forum.Carry(ctx, tx, maya, order) }))
			}
			d := c.d
			d.Reason, d.Note, d.Until = audit.Unkind, "Please be kinder.", h.now().Add(time.Hour)
			h.take(maya, id)
			before := len(h.record())
			h.must(h.Decide(t.Context(), maya, id, h.version(id), d))
			is := func(what string, want bool) {
				t.Helper()
				var got bool
				h.must(h.db.NewRaw(c.done, p.ObjectID, p.AboutID).Scan(t.Context(), &got))
				if got != want {
					t.Errorf("%s: %v", what, got)
				}
			}
			wrote := func(what string, verbs ...string) {
				t.Helper()
				var got []string
				for _, v := range h.verbs()[before:] {
					got = append(got, string(v))
				}
				if want := slices.DeleteFunc(verbs, func(v string) bool { return v == "" }); !slices.Equal(got, want) {
					t.Errorf("%s is written down as %v, want %v", what, got, want)
				}
			}
			is("done", true)
			wrote("the decision", c.verbs, "decide")
			after := h.look(maya, id)
			if last := after.Last(); after.Open() || last == nil || last.Action != d.Action || last.Note != d.Note || !last.MayUndo(maya, h.now()) {
				t.Errorf("the case is %+v with %+v", after.Case, after.Decisions)
			}
			if h.jobs("moderation.decided") != 1 {
				t.Error("nobody is told")
			}
			h.pass(29 * time.Second)
			h.must(h.Undo(t.Context(), maya, id, after.Version))
			wrote("the undoing", c.verbs, "decide", c.undone, "undo")
			if changed := c.undone != ""; changed {
				is("taken back", false)
			}
			if back := h.look(maya, id); !back.Open() || !back.HeldBy(maya, h.now()) || back.Last() != nil || !back.Decisions[0].Undone() {
				t.Errorf("taken back, the case is %+v", back.Case)
			}
		})
	}
}

// TestDecisionsAreJudgedInOrder: visible, version, claim, reason.
func TestDecisionsAreJudgedInOrder(t *testing.T) {
	t.Parallel()
	h, maya, id := opened(t)
	wrong := moderation.Decision{Action: audit.Pin, Reason: "rude", Note: strings.Repeat("x", 2001)}
	refused(t, "on nothing", h.Decide(t.Context(), maya, 999_999, 7, wrong), fault.NotFound)
	h.take(maya, id)
	h.must(h.Release(t.Context(), maya, id, 2))
	refused(t, "stale", h.Decide(t.Context(), maya, id, 1, wrong), fault.Conflict)
	err := h.Decide(t.Context(), maya, id, 3, wrong)
	if refused(t, "not taken", err, fault.Conflict); !strings.Contains(err.Error(), "take it first") {
		t.Error(err)
	}
	h.take(maya, id)
	if err := h.Decide(t.Context(), maya, id, 4, wrong); !slices.Equal(faulty(err), []string{"action", "note", "reason_code"}) {
		t.Errorf("filled in badly: %v", err)
	}
	h.must(h.Decide(t.Context(), maya, id, 4, hide()))
	refused(t, "once more", h.Decide(t.Context(), maya, id, 4, hide()), fault.Conflict)
	refused(t, "on a closed one", h.Decide(t.Context(), maya, id, 5, hide()), fault.Conflict)
	if n := h.count(`SELECT count(*) FROM decisions`); n != 1 {
		t.Errorf("%d decisions", n)
	}
}

func TestWhatIsFilledInBadlyIsRefused(t *testing.T) {
	t.Parallel()
	now := newHouse(t).now()
	for _, c := range []struct {
		on     string
		d      moderation.Decision
		fields []string
	}{
		{"post", moderation.Decision{Reason: audit.Care}, []string{"action"}},
		{"post", moderation.Decision{Action: "decide", Reason: audit.Care}, []string{"action"}},
		{"post", moderation.Decision{Action: audit.Lock, Reason: audit.Care}, []string{"action"}},
		{"post", moderation.Decision{Action: moderation.None}, []string{"reason_code"}},
		{"post", moderation.Decision{Action: audit.Mute, Reason: audit.Care}, []string{"until"}},
		{"post", moderation.Decision{Action: audit.Mute, Reason: audit.Care, Until: now}, []string{"until"}},
		{"post", moderation.Decision{Action: audit.Suspend, Reason: audit.Care, Until: now.AddDate(1, 0, 2)}, []string{"until"}},
		{"thread", moderation.Decision{Action: audit.Move, Reason: audit.Care}, []string{"category"}},
		{"thread", moderation.Decision{Action: audit.Move, Reason: audit.Care, Category: "nowhere"}, []string{"category"}},
		{"message", moderation.Decision{Action: audit.Pin, Reason: audit.Care}, []string{"action"}},
		{"person", moderation.Decision{Action: audit.Hide, Reason: audit.Care}, []string{"action"}},
		{"listing", moderation.Decision{Action: audit.Remove, Reason: audit.Care}, []string{"action"}},
		{"listing", moderation.Decision{Action: audit.Mute, Reason: audit.Care, Until: now.Add(time.Hour)}, []string{"action"}},
	} {
		t.Run(c.on+" "+string(c.d.Action), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			maya := h.moderator("maya")
			id := h.reported(c.on)
			h.take(maya, id)
			before := len(h.record())
			if err := h.Decide(t.Context(), maya, id, 2, c.d); !slices.Equal(faulty(err), c.fields) {
				t.Errorf("%+v: %v", c.d, err)
			}
			if n := h.count(`SELECT count(*) FROM decisions`); n != 0 || len(h.record()) != before || h.version(id) != 2 || h.jobs("moderation.decided") != 0 {
				t.Error("something is left of it")
			}
		})
	}
}

// TestOneDecisionOfMany: the same moderator's taps, and two who think that they have it.
func TestOneDecisionOfMany(t *testing.T) {
	t.Parallel()
	h, maya, id := opened(t)
	others := []accounts.Viewer{maya, h.moderator("kit"), maya, h.somebody("ada", accounts.Administrator)}
	h.take(maya, id)
	var all sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 20 {
		all.Go(func() {
			d := hide()
			if i%2 == 0 {
				d.Action = audit.Remove
			}
			err := h.Decide(t.Context(), others[i%len(others)], id, 2, d)
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			}
		})
	}
	all.Wait()
	if won != 1 || h.count(`SELECT count(*) FROM decisions`) != 1 || h.jobs("moderation.decided") != 1 || len(h.verbs()) != 3 {
		t.Errorf("%d decided, %v is written down", won, h.verbs())
	}
}

// TestNoDecisionWithoutItsEntry: where the audit cannot be written, all is as it was.
func TestNoDecisionWithoutItsEntry(t *testing.T) {
	t.Parallel()
	for _, action := range []audit.Verb{moderation.None, audit.Hide, audit.Mute, audit.Suspend} {
		t.Run(string(action), func(t *testing.T) {
			t.Parallel()
			h, maya, id := opened(t)
			h.take(maya, id)
			h.exec(`SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (verb <> 'decide') NOT VALID`)
			err := h.Decide(t.Context(), maya, id, 2, moderation.Decision{Action: action, Reason: audit.Care, Until: h.now().Add(time.Hour)})
			if err == nil || fault.KindOf(err) != 0 {
				t.Error(err)
			}
			left := h.count(`SELECT (SELECT count(*) FROM decisions) + (SELECT count(*) FROM posts WHERE NOT stands)
				+ (SELECT count(*) FROM people WHERE muted_until IS NOT NULL OR suspended_until IS NOT NULL)
				+ (SELECT count(*) FROM cases WHERE closed_at IS NOT NULL OR version <> 2)`)
			if left != 0 || h.jobs("moderation.decided") != 0 || len(h.told) != 0 {
				t.Errorf("%d things stand without their entry; told were %v", left, h.told)
			}
		})
	}
}

// TestAPauseCountsAtOnceAndEndsByItself.
func TestAPauseCountsAtOnceAndEndsByItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, lark := h.moderator("maya"), h.member("lark")
	thread, post := h.post(lark, "Rude words.")
	id := h.report(h.member("sol"), post, audit.Unkind)
	h.decided(maya, id, moderation.Decision{Action: audit.Suspend, Reason: audit.Unkind, Until: h.now().Add(time.Hour)})
	write := func() error {
		_, err := h.forum.Watch(t.Context(), lark, thread.ID, true)
		if err == nil {
			_, err = h.chat.Send(t.Context(), lark, lineOf("Still here."))
		}
		return err
	}
	refused(t, "writing while suspended", write(), fault.Forbidden)
	if !slices.Contains(h.told, accounts.SuspendedSubject+strconv.FormatInt(lark.ID, 10)) {
		t.Errorf("the nodes are not told: %v", h.told)
	}
	h.pass(time.Hour)
	if err := write(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestStaffAreJudgedByAdministrators where it is about the person.
func TestStaffAreJudgedByAdministrators(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, kit, ada := h.moderator("maya"), h.moderator("kit"), h.somebody("ada", accounts.Administrator)
	_, post := h.post(kit, "Words of staff.")
	id := h.report(h.member("sol"), post, audit.Unkind)
	for _, action := range []audit.Verb{audit.Mute, audit.Suspend} {
		err := h.decide(maya, id, moderation.Decision{Action: action, Reason: audit.Rules, Until: h.now().Add(time.Hour)})
		refused(t, fmt.Sprintf("%s by a moderator", action), err, fault.Forbidden)
	}
	h.must(h.Release(t.Context(), maya, id, h.version(id)))
	h.decided(ada, id, moderation.Decision{Action: audit.Mute, Reason: audit.Rules, Until: h.now().Add(time.Hour)})
	if n := h.count(`SELECT count(*) FROM people WHERE muted_until IS NOT NULL`); n != 1 {
		t.Errorf("%d are muted", n)
	}
	for role, want := range map[accounts.Role][2]bool{ // by a moderator, by an administrator
		accounts.Member: {true, true}, accounts.Consultant: {true, true}, accounts.Moderator: {false, true}, accounts.Administrator: {false, true},
	} {
		if got := [2]bool{moderation.MayPause(maya, role), moderation.MayPause(ada, role)}; got != want {
			t.Errorf("a %s: %v, want %v", role, got, want)
		}
	}
}

func TestUndoIsForWhoDecidedAndForHalfAMinute(t *testing.T) {
	t.Parallel()
	h, maya, id := opened(t)
	kit := h.moderator("kit")
	refused(t, "nothing decided", h.Undo(t.Context(), maya, id, 1), fault.Conflict)
	h.decided(maya, id, hide())
	refused(t, "by another", h.Undo(t.Context(), kit, id, 3), fault.Forbidden)
	refused(t, "on an old version", h.Undo(t.Context(), maya, id, 2), fault.Conflict)
	h.pass(30 * time.Second)
	refused(t, "too late", h.Undo(t.Context(), maya, id, 3), fault.Conflict)
	if n := h.count(`SELECT count(*) FROM posts WHERE hidden_at IS NOT NULL`); n != 1 {
		t.Error("it came back")
	}
	h2, maya2, id2 := opened(t)
	h2.decided(maya2, id2, hide())
	h2.must(h2.Undo(t.Context(), maya2, id2, 3))
	refused(t, "twice", h2.Undo(t.Context(), maya2, id2, 4), fault.Conflict)
}

// TestAPauseIsTakenBackToWhatItWas.
func TestAPauseIsTakenBackToWhatItWas(t *testing.T) {
	t.Parallel()
	h, maya, id := opened(t)
	first := h.now().Add(48 * time.Hour)
	h.exec(`UPDATE people SET muted_until = ? WHERE handle = 'lark'`, first)
	h.decided(maya, id, moderation.Decision{Action: audit.Mute, Reason: audit.Rules, Until: h.now().Add(time.Hour)})
	h.must(h.Undo(t.Context(), maya, id, 3))
	if n := h.count(`SELECT count(*) FROM people WHERE handle = 'lark' AND muted_until = ?`, first); n != 1 {
		t.Error("the pause before is lost")
	}
	if verbs := h.verbs(); verbs[len(verbs)-2] != audit.Mute {
		t.Errorf("written down: %v", verbs)
	}
}
