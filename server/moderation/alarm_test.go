package moderation_test

import (
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
)

// TestAnAlarmIsACrisis, once however often it is rung.
func TestAnAlarmIsACrisis(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, lark := h.moderator("maya"), h.member("lark")
	_, post := h.post(lark, "I cannot go on.")
	for i, target := range []moderation.Target{post, h.say(lark, "I cannot go on.")} {
		for range 2 {
			h.must(moderation.Alarm(h.Moderation, t.Context(), target))
		}
		id := int64(h.count(`SELECT max(id) FROM cases`))
		p := h.look(maya, id)
		if p.Severity != moderation.Crisis || p.Reason != audit.Worried || p.AboutID != lark.ID || !p.DueAt.Equal(h.now().Add(30*time.Minute)) ||
			len(p.Snapshot) == 0 || len(p.Reports) != 1 || !p.Reports[0].ByHouse() {
			t.Errorf("%s: %+v %+v", target.Kind, p.Case, p.Reports)
		}
		if told := h.count(`SELECT count(*) FROM river_job WHERE kind = 'moderation.opened' AND (args->>'crisis')::boolean`); told != i+1 {
			t.Errorf("%s: staff are told %d times", target.Kind, told)
		}
		h.take(maya, id)
		h.decided(maya, id, moderation.Decision{Action: moderation.None, Reason: audit.Care})
	}
	if h.jobs("moderation.seen") != 0 {
		t.Error("nobody reported it, and somebody is told")
	}
	_, gone := h.post(lark, "I cannot go on.")
	h.exec(`UPDATE posts SET deleted_at = now() WHERE id = ?`, gone.ID)
	h.must(moderation.Alarm(h.Moderation, t.Context(), gone))
	if n := h.count(`SELECT count(*) FROM cases`); n != 2 {
		t.Errorf("%d cases, one of them about words that were taken away", n)
	}
}

// TestAnAlarmMakesAReportedOneACrisis.
func TestAnAlarmMakesAReportedOneACrisis(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, post := h.post(h.member("lark"), "I cannot go on.")
	id := h.report(h.member("sol"), post, audit.Other)
	h.must(moderation.Alarm(h.Moderation, t.Context(), post))
	if p := h.look(h.moderator("maya"), id); p.Severity != moderation.Crisis || len(p.Reports) != 2 {
		t.Errorf("%+v", p.Case)
	}
}

// TestACredentialIsACaseUntilItIsJudged.
func TestACredentialIsACaseUntilItIsJudged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.somebody("ada", accounts.Administrator)
	c := h.applied("june")
	for range 2 {
		h.must(moderation.Credential(h.Moderation, t.Context(), c.ID))
	}
	id := int64(h.count(`SELECT id FROM cases`))
	p := h.look(ada, id)
	if p.Kind != audit.Credential || p.Severity != moderation.Amber || p.AboutID != c.PersonID || p.Path != "/mod/consultants" || len(p.Actions) != 0 || p.Version != 1 {
		t.Errorf("%+v", p.Case)
	}
	h.take(ada, id)
	if err := h.Decide(t.Context(), ada, id, 2, hide()); len(faulty(err)) == 0 {
		t.Errorf("decided here: %v", err)
	}
	for range 2 {
		h.must(h.Settle(t.Context(), c.ID))
	}
	if p := h.look(ada, id); p.Open() || p.Version != 3 || p.Held(h.now()) {
		t.Errorf("judged: %+v", p.Case)
	}
	h.must(h.Settle(t.Context(), 999_999))
	h.must(moderation.Credential(h.Moderation, t.Context(), c.ID)) // changed, to be checked anew
	if p := h.look(ada, id); !p.Open() || p.Round != 2 {
		t.Errorf("applied anew: %+v", p.Case)
	}
	h.must(moderation.Credential(h.Moderation, t.Context(), 999_999))
}
