package moderation_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/fault"
)

// mask has somebody write under another name.
func (h *house) mask(who accounts.Viewer, thread forum.Thread, name string) {
	h.t.Helper()
	_, err := h.forum.TakeAlias(h.t.Context(), who, thread.ID, name)
	h.must(err)
}

// TestACaseOfAnAliasNamesNobody, neither in the case nor in the audit, until somebody of the staff has looked; and the
// person's own case tells of no decision about it.
func TestACaseOfAnAliasNamesNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, wren, sol, maya, ada := t.Context(), h.member("wrenplanted"), h.member("solplanted"), h.moderator("maya"), h.moderator("ada")
	thread, first := h.post(wren, "She is ten weeks old.")
	rude := h.reply(sol, thread, "Some words.")
	early := h.report(wren, rude, audit.Unkind) // before the alias is taken: the snapshot has the name
	whole := h.report(sol, moderation.Target{Kind: audit.Thread, ID: thread.ID}, audit.Other)
	h.mask(sol, thread, "Moss")
	h.mask(wren, thread, "Fern")
	late := h.report(wren, h.reply(sol, thread, "Some more."), audit.Unkind)
	person := h.report(wren, moderation.Target{Kind: audit.Person, Slug: "solplanted"}, audit.Other)
	h.report(sol, first, audit.Other)
	h.decided(maya, person, moderation.Decision{Action: audit.Warn, Reason: audit.Unkind})
	h.decided(maya, early, moderation.Decision{Action: audit.Mute, Reason: audit.Unkind, Until: h.now().Add(time.Hour)})
	h.decided(maya, whole, moderation.Decision{Action: audit.Warn, Reason: audit.Unkind})
	for _, id := range []int64{early, late, whole} {
		p := h.look(ada, id)
		told := fmt.Sprintf("%+v", p)
		if strings.Contains(told, "planted") || !p.Masked || p.About.ID != 0 || p.Named() != map[bool]string{true: "Fern", false: "Moss"}[id == whole] {
			t.Errorf("case %d tells %s", id, told)
		}
		if slices.ContainsFunc(p.Decisions, func(d moderation.Decision) bool { return d.CaseID == person }) {
			t.Errorf("case %d tells what was decided about the person", id)
		}
	}
	if p := h.look(ada, late); len(p.Decisions) != 1 || p.Decisions[0].CaseID != early {
		t.Errorf("what was decided about the alias is not told: %+v", p.Decisions)
	}
	if p := h.look(ada, person); len(p.Decisions) != 1 || p.Decisions[0].CaseID != person || p.About.Handle != "solplanted" {
		t.Errorf("the person's case tells of %+v", p.Decisions)
	}
	for _, e := range h.record() {
		if e.Kind == audit.Person && (e.ObjectID == sol.ID && e.Verb != audit.Warn || e.ObjectID == wren.ID) {
			t.Errorf("the audit names whom a case of an alias is about: %+v", e)
		}
	}
	if n := h.count(`SELECT count(*) FROM audit_entries WHERE kind = 'case' AND verb IN ('mute', 'warn') AND object_id IN (?, ?)`, early, whole); n != 2 {
		t.Errorf("%d pauses are in the audit by their case", n)
	}

	who, err := h.Unmask(ctx, ada, thread.ID, "moss", audit.Privacy, "They tell where somebody lives.")
	h.must(err)
	if who.ID != sol.ID || who.Handle != "solplanted" {
		t.Errorf("it is %+v", who)
	}
	if p := h.look(ada, late); p.Masked || p.About.ID != sol.ID || p.Named() != "Moss" || len(p.Decisions) != 2 {
		t.Errorf("after looking: %+v", p)
	}
	if p := h.look(ada, person); len(p.Decisions) != 2 {
		t.Errorf("after looking, the person's case tells of %+v", p.Decisions)
	}
	if p := h.look(maya, late); !p.Masked || p.About.ID != 0 {
		t.Error("another moderator knows it, too")
	}
	if p := h.look(ada, whole); !p.Masked {
		t.Error("one look is good for another alias")
	}
}

func TestALookBehindAnAliasIsWrittenDown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, wren, maya := t.Context(), h.member("wren"), h.moderator("maya")
	thread, _ := h.post(wren, "She is ten weeks old.")
	other, _ := h.post(wren, "Elsewhere.")
	h.mask(wren, thread, "Moss")
	h.mask(maya, thread, "Fern")
	h.mask(maya, other, "Heath")
	look := func(by accounts.Viewer, threadID int64, name string, reason audit.Reason, note string) error {
		_, err := h.Unmask(ctx, by, threadID, name, reason, note)
		return err
	}
	for what, c := range map[string]struct {
		err  error
		kind fault.Kind
	}{
		"a member":            {look(wren, thread.ID, "Moss", audit.Privacy, "Why."), fault.NotFound},
		"a guest":             {look(accounts.Viewer{}, thread.ID, "Moss", audit.Privacy, "Why."), fault.NotFound},
		"a handle":            {look(maya, thread.ID, "wren", audit.Privacy, "Why."), fault.NotFound},
		"no name":             {look(maya, thread.ID, "\x00", audit.Privacy, "Why."), fault.NotFound},
		"in another thread":   {look(maya, other.ID, "Moss", audit.Privacy, "Why."), fault.NotFound},
		"their own":           {look(maya, thread.ID, "Fern", audit.Privacy, "Why."), fault.Forbidden},
		"without a reason":    {look(maya, thread.ID, "Moss", "", "Why."), fault.Invalid},
		"an unknown reason":   {look(maya, thread.ID, "Moss", "curious", "Why."), fault.Invalid},
		"without a note":      {look(maya, thread.ID, "Moss", audit.Privacy, " \n"), fault.Invalid},
		"a note that is long": {look(maya, thread.ID, "Moss", audit.Privacy, strings.Repeat("a", 2001)), fault.Invalid},
	} {
		if !fault.Is(c.err, c.kind) {
			t.Errorf("%s: %v", what, c.err)
		}
	}
	if n := len(h.record()) + h.count(`SELECT count(*) FROM unmaskings`); n != 0 {
		t.Errorf("%d looks are written down that were none", n)
	}
	h.must(look(maya, thread.ID, " moss", audit.Privacy, "They tell where somebody lives."))
	if e := h.record()[0]; e.Verb != audit.Unmask || e.Kind != audit.Thread || e.ObjectID != thread.ID || e.ActorID != maya.ID || e.Reason != audit.Privacy || e.IntoID != 0 {
		t.Errorf("the audit has %+v", e)
	}
	if n := h.count(`SELECT count(*) FROM unmaskings WHERE actor_id = ? AND reason_code = 'privacy' AND note LIKE 'They tell%'`, maya.ID); n != 1 {
		t.Errorf("%d notes are kept", n)
	}
	h.exec(`UPDATE people SET muted_until = ? WHERE id = ?`, h.now().Add(time.Hour), maya.ID)
	if err := look(maya, thread.ID, "Moss", audit.Privacy, "Why."); !fault.Is(err, fault.Forbidden) {
		t.Errorf("who was asked to pause: %v", err)
	}
	h.exec(`UPDATE people SET muted_until = NULL, role = 'member' WHERE id = ?`, maya.ID)
	if err := look(maya, thread.ID, "Moss", audit.Privacy, "Why."); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("who was a moderator a moment ago: %v", err)
	}
}

// TestWithoutTheAuditNobodyIsUnmasked: both are, or neither.
func TestWithoutTheAuditNobodyIsUnmasked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.member("wren"), h.moderator("maya")
	thread, _ := h.post(wren, "She is ten weeks old.")
	h.mask(wren, thread, "Moss")
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (false) NOT VALID`)
	who, err := h.Unmask(t.Context(), maya, thread.ID, "Moss", audit.Privacy, "Why.")
	var refusal *fault.Error
	if err == nil || errors.As(err, &refusal) || who.ID != 0 || h.count(`SELECT count(*) FROM unmaskings`) != 0 {
		t.Errorf("without the audit: %+v, %v", who, err)
	}
}

// TestATidingLeadsNowhereToWhoIsApart: it still tells that somebody has looked.
func TestATidingLeadsNowhereToWhoIsApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, robin, maya := h.member("wren"), h.member("sol"), h.member("robin"), h.moderator("maya")
	thread, _ := h.post(robin, "She is ten weeks old.")
	begun, within := h.post(sol, "Elsewhere.")
	cases := []int64{
		h.report(wren, h.reply(sol, thread, "Some words."), audit.Unkind),
		h.report(wren, moderation.Target{Kind: audit.Thread, ID: begun.ID}, audit.Unkind),
		h.report(wren, within, audit.Unkind), h.report(wren, h.reply(robin, begun, "Words."), audit.Unkind),
	}
	for _, id := range cases {
		h.decided(maya, id, moderation.Decision{Action: moderation.None, Reason: audit.Unkind})
	}
	want := func(shown bool) {
		t.Helper()
		tidings, err := h.Tidings(t.Context(), wren, cases)
		h.must(err)
		for i, id := range cases {
			if told := tidings[id]; (told.Path != "") != shown || (told.Title != "") != shown || !told.Closed {
				t.Errorf("of case %d they are told %+v", i, told)
			}
		}
	}
	want(true)
	h.exec(`INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, now())`, wren.ID, sol.ID)
	want(false)
}
