package moderation_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/fault"
)

// TestCasesAreForStaff, and one about a moderator does not exist for them.
func TestCasesAreForStaff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya, june := h.member("wren"), h.moderator("maya"), h.somebody("june", accounts.Consultant)
	_, post := h.post(maya, "Words of staff.")
	id := h.report(wren, post, audit.Unkind)
	for _, who := range []accounts.Viewer{{}, wren, june, maya} {
		_, err := h.Case(t.Context(), who, id)
		refused(t, "the case for "+who.Handle, err, fault.NotFound)
		_, err = h.Standing(t.Context(), who, id)
		refused(t, "its standing for "+who.Handle, err, fault.NotFound)
		refused(t, "taken by "+who.Handle, h.Claim(t.Context(), who, id, 1), fault.NotFound)
		refused(t, "given back by "+who.Handle, h.Release(t.Context(), who, id, 1), fault.NotFound)
		refused(t, "decided by "+who.Handle, h.Decide(t.Context(), who, id, 1, hide()), fault.NotFound)
		refused(t, "undone by "+who.Handle, h.Undo(t.Context(), who, id, 1), fault.NotFound)
		list, err := h.Cases(t.Context(), who, moderation.Waiting, "")
		if who.Staff() && (err != nil || len(list.Cases) != 0) || !who.Staff() && !fault.Is(err, fault.NotFound) {
			t.Errorf("the list for %s: %+v %v", who.Handle, list, err)
		}
	}
	ada := h.somebody("ada", accounts.Administrator)
	list, err := h.Cases(t.Context(), ada, moderation.Waiting, "")
	if err != nil || len(list.Cases) != 1 {
		t.Errorf("for another: %+v %v", list, err)
	}
	_, err = h.Case(t.Context(), ada, 999_999)
	refused(t, "no case", err, fault.NotFound)
}

func TestEveryLookIsWrittenDown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya := h.moderator("maya")
	_, post := h.post(h.member("lark"), "Words.")
	id := h.report(h.member("wren"), post, audit.Unkind)
	looks := func() int {
		return h.count(`SELECT count(*) FROM audit_entries WHERE verb = 'open' AND kind = 'case' AND object_id = ? AND actor_id = ?`, id, maya.ID)
	}
	h.look(maya, id)
	h.look(maya, id)
	if n := looks(); n != 2 {
		t.Errorf("two looks are %d entries", n)
	}
	_, err := h.Cases(t.Context(), maya, moderation.Waiting, "")
	h.must(err)
	_, err = h.Standing(t.Context(), maya, id)
	h.must(err)
	if n := looks(); n != 2 {
		t.Errorf("a list shows nothing private, and yet there are %d entries", n)
	}
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (false) NOT VALID`)
	if _, err := h.Case(t.Context(), maya, id); err == nil || fault.KindOf(err) != 0 {
		t.Errorf("looked at without an entry: %v", err)
	}
}

func TestListsGoBySeverityAndDueTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya := h.moderator("maya")
	reporter := h.member("sol")
	lark := h.member("lark")
	var want []int64
	byReason := map[audit.Reason][]int64{}
	for i := range 35 {
		h.pass(time.Minute)
		reason := []audit.Reason{audit.Spam, audit.Worried, audit.Unkind, audit.Medical}[i%4]
		_, post := h.post(lark, fmt.Sprintf("Words %d.", i))
		byReason[reason] = append(byReason[reason], h.report(reporter, post, reason))
	}
	for _, reason := range []audit.Reason{audit.Worried, audit.Medical, audit.Unkind, audit.Spam} {
		want = append(want, byReason[reason]...)
	}
	if got := h.ids(maya, moderation.Waiting); !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	h.take(maya, want[3])
	h.take(maya, want[20])
	if got := h.ids(maya, moderation.Mine); !slices.Equal(got, []int64{want[3], want[20]}) {
		t.Errorf("mine are %v", got)
	}
	for _, id := range []int64{want[20], want[3]} {
		h.pass(time.Minute)
		h.decided(maya, id, moderation.Decision{Action: moderation.None, Reason: audit.Care})
	}
	if got := h.ids(maya, moderation.Closed); !slices.Equal(got, []int64{want[3], want[20]}) {
		t.Errorf("closed are %v", got)
	}
	if got := h.ids(maya, moderation.Waiting); len(got) != 33 || len(h.ids(maya, moderation.Mine)) != 0 {
		t.Errorf("waiting are %d", len(got))
	}
	h.take(maya, want[0])
	h.pass(15 * time.Minute)
	if got := h.ids(maya, moderation.Mine); len(got) != 0 {
		t.Errorf("mine after 15 idle minutes: %v", got)
	}
}

// ids are the cases of a list, over all its pages.
func (h *house) ids(viewer accounts.Viewer, state moderation.State) []int64 {
	h.t.Helper()
	ids := []int64{}
	for after, pages := "", 0; pages == 0 || after != ""; pages++ {
		list, err := h.Cases(h.t.Context(), viewer, state, after)
		h.must(err)
		for _, c := range list.Cases {
			ids = append(ids, c.ID)
			if len(c.Snapshot) > 0 || c.Words != "" || c.Title != "" {
				h.t.Errorf("the list holds what is private: %+v", c)
			}
		}
		after = list.Next
	}
	return ids
}

func TestCursorsOfCases(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya := h.moderator("maya")
	for _, bad := range []string{"x", "1.2", "1.2.3.4", "-1.2.3", "5.2.3", "1.-2.3", "1.2.0", "01.2.3", "1.2.03", "1.zzzzzzzzzzzz.3", "'", "1.2.3\x00"} {
		_, err := h.Cases(t.Context(), maya, moderation.Waiting, bad)
		refused(t, fmt.Sprintf("%q", bad), err, fault.NotFound)
	}
	if s, err := moderation.ParseCursor("2.a1.b2"); err != nil || s != "2.a1.b2" {
		t.Errorf("%q %v", s, err)
	}
	for _, state := range []moderation.State{moderation.Closed, moderation.Mine, "nothing known"} {
		if _, err := h.Cases(t.Context(), maya, state, "2.a1.b2"); err != nil {
			t.Errorf("%s: %v", state, err)
		}
	}
}
