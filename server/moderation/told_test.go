package moderation_test

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/fault"
)

// verdict is what somebody is told of a decision; known is false where it is not theirs.
func (h *house) verdict(by accounts.Viewer, id int64) (v moderation.Verdict, known bool) {
	h.t.Helper()
	all, err := h.Verdicts(h.t.Context(), by, []int64{id, 999_999})
	h.must(err)
	v, known = all[id]
	return v, known
}

func (h *house) tiding(by accounts.Viewer, id int64) (t moderation.Tiding, known bool) {
	h.t.Helper()
	all, err := h.Tidings(h.t.Context(), by, []int64{id, 999_999})
	h.must(err)
	t, known = all[id]
	return t, known
}

// TestAVerdictIsForWhomItIsAbout, as long as it stands, and leads only to what they may still see.
func TestAVerdictIsForWhomItIsAbout(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, lark, sol, wren := h.moderator("maya"), h.member("lark"), h.member("sol"), h.member("wren")
	thread, _ := h.post(wren, "How do I begin?")
	post := h.reply(lark, thread, "You **should** have asked sooner.")
	caseID := h.report(sol, post, audit.Unkind)
	id := h.decided(maya, caseID, hide())
	for _, other := range []accounts.Viewer{{}, sol, wren, maya} {
		if _, known := h.verdict(other, id); known {
			t.Errorf("%q is told", other.Handle)
		}
	}
	v, known := h.verdict(lark, id)
	if !known || v.Action != audit.Hide || v.Kind != audit.Post || v.Reason != audit.Unkind || v.Note != "Please be kinder." || !v.At.Equal(h.now()) ||
		v.Title != "Is it too late?" || v.Words != "You should have asked sooner." || v.Path != postPath(post) || !v.MayObject() {
		t.Errorf("told is %+v", v)
	}
	h.exec(`UPDATE threads SET hidden_at = now() WHERE id = ?`, thread.ID)
	if v, _ := h.verdict(lark, id); v.Path != "" || v.Title != "" || v.Words == "" {
		t.Errorf("with the thread hidden: %+v", v)
	}
	h.exec(`UPDATE threads SET hidden_at = NULL; UPDATE posts SET hidden_at = NULL, removed_at = now() WHERE id = ?`, post.ID)
	if v, _ := h.verdict(lark, id); v.Path != "" || v.Title != "" {
		t.Errorf("removed: %+v", v)
	}
	h.exec(`UPDATE posts SET removed_at = NULL, hidden_at = now() WHERE id = ?`, post.ID)
	h.must(h.Undo(t.Context(), maya, caseID, h.version(caseID)))
	if _, known := h.verdict(lark, id); known {
		t.Error("told of what was taken back")
	}
	none := h.decided(maya, caseID, moderation.Decision{Action: moderation.None, Reason: audit.Care})
	if _, known := h.verdict(lark, none); known {
		t.Error("told that nothing was done")
	}
}

// TestATidingIsForWhoReported: that it is settled, never what was done or to whom.
func TestATidingIsForWhoReported(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, lark, sol := h.moderator("maya"), h.member("lark"), h.member("sol")
	_, post := h.post(lark, "Rude words.")
	id := h.report(sol, post, audit.Unkind)
	for _, other := range []accounts.Viewer{{}, lark, maya} {
		if _, known := h.tiding(other, id); known {
			t.Errorf("%q is told", other.Handle)
		}
	}
	if got, known := h.tiding(sol, id); !known || got.Closed || got.Acted || got.Title != "Is it too late?" || got.Path != postPath(post) || !got.ReportedAt.Equal(h.now()) {
		t.Errorf("before: %+v", got)
	}
	h.decided(maya, id, hide())
	if got, _ := h.tiding(sol, id); !got.Closed || !got.Acted || got.Title != "" || got.Path != "" {
		t.Errorf("decided and hidden: %+v", got)
	}
	h.must(h.Undo(t.Context(), maya, id, h.version(id)))
	if got, _ := h.tiding(sol, id); got.Closed || got.Acted || got.Path == "" {
		t.Errorf("taken back: %+v", got)
	}
	h.decided(maya, id, moderation.Decision{Action: moderation.None, Reason: audit.Care})
	if got, _ := h.tiding(sol, id); !got.Closed || got.Acted {
		t.Errorf("left: %+v", got)
	}
	h.report(h.member("robin"), post, audit.Spam)
	if got, _ := h.tiding(sol, id); !got.Closed {
		t.Errorf("what they reported was settled, though it was opened again: %+v", got)
	}
}

// TestTidingsOfOtherThings lead to them while they are there.
func TestTidingsOfOtherThings(t *testing.T) {
	t.Parallel()
	for kind, away := range map[string]string{
		"thread": `UPDATE threads SET removed_at = now()`, "message": `UPDATE messages SET hidden_at = now()`, "listing": `UPDATE consultants SET hidden_at = now()`,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			id := h.reported(kind)
			sol, err := h.people.Person(t.Context(), accounts.Viewer{}, "sol")
			h.must(err)
			viewer := accounts.Viewer{ID: sol.ID, Role: accounts.Member}
			if got, _ := h.tiding(viewer, id); got.Path == "" || got.Title == "" {
				t.Errorf("there: %+v", got)
			}
			h.exec(away)
			if got, _ := h.tiding(viewer, id); got.Path != "" || got.Title != "" {
				t.Errorf("away: %+v", got)
			}
		})
	}
}

func TestThoseConcernedAreTold(t *testing.T) {
	t.Parallel()
	h, maya, id := opened(t)
	decision := h.decided(maya, id, hide())
	about := h.count(`SELECT about_id FROM cases WHERE id = ?`, id)
	reporter := h.count(`SELECT reporter_id FROM reports`)
	want := h.count(`SELECT count(*) FROM river_job WHERE kind = 'moderation.decided' AND args->>'decision_id' = ?0::text AND args->>'case_id' = ?1::text
		AND args->>'author_id' = ?2::text AND args->>'reporters' = '[' || ?3::text || ']'`, decision, id, about, reporter)
	seen := h.count(`SELECT count(*) FROM river_job WHERE kind = 'moderation.seen' AND args->>'reporters' = '[' || ?::text || ']'`, reporter)
	if want != 1 || seen != 1 {
		t.Errorf("told: %d of the decision, %d of the look", want, seen)
	}
	if n := h.count(`SELECT count(*) FROM river_job WHERE kind = 'moderation.decided' AND scheduled_at = ?`, h.now().Add(30*time.Second)); n != 1 {
		t.Error("the decision is told while it can be taken back")
	}
	h.must(h.Undo(t.Context(), maya, id, h.version(id)))
	h.decided(maya, id, moderation.Decision{Action: moderation.None, Reason: audit.Care})
	if n := h.count(`SELECT count(*) FROM river_job WHERE kind = 'moderation.decided' AND args->>'author_id' = '0'`); n != 1 {
		t.Error("the author hears that nothing was done")
	}
}

func TestAnObjectionOpensTheCaseForAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, lark := h.moderator("maya"), h.member("lark")
	_, post := h.post(lark, "Rude words.")
	id := h.report(h.member("sol"), post, audit.Unkind)
	decision := h.decided(maya, id, moderation.Decision{Action: audit.Suspend, Reason: audit.Unkind, Until: h.now().Add(time.Hour)})
	refused(t, "by another", h.Object(t.Context(), maya, decision, "No."), fault.NotFound)
	refused(t, "to nothing", h.Object(t.Context(), lark, 999_999, "No."), fault.NotFound)
	for _, note := range []string{"", " \n ", strings.Repeat("x", 2001), "with\x00in"} {
		if err := h.Object(t.Context(), lark, decision, note); !slices.Equal(faulty(err), []string{"note"}) {
			t.Errorf("note %.20q: %v", note, err)
		}
	}
	h.pass(time.Minute)
	h.must(h.Object(t.Context(), lark, decision, "I was tired, and I am sorry.")) // though suspended
	refused(t, "twice", h.Object(t.Context(), lark, decision, "Once more."), fault.Conflict)
	p := h.look(maya, id)
	if o := p.Objection(); !p.Open() || p.Round != 2 || !p.DueAt.Equal(h.now().Add(12*time.Hour)) || o == nil || o.Objection != "I was tired, and I am sorry." || o.DeciderName != "maya" {
		t.Errorf("the case is %+v", p.Case)
	}
	if h.jobs("moderation.opened") != 2 {
		t.Error("staff are not told")
	}
	if v, _ := h.verdict(lark, decision); v.MayObject() {
		t.Error("they may object once more")
	}
	h.must(h.Claim(t.Context(), maya, id, p.Version)) // there is nobody else
	kit := h.moderator("kit")
	refused(t, "decided by the same", h.Decide(t.Context(), maya, id, p.Version+1, hide()), fault.Forbidden)
	h.must(h.Release(t.Context(), maya, id, p.Version+1))
	refused(t, "taken by the same", h.Claim(t.Context(), maya, id, p.Version+2), fault.Forbidden)
	left := h.decided(kit, id, moderation.Decision{Action: moderation.None, Reason: audit.Care, Note: "We talked it over."})
	if v, told := h.verdict(lark, left); !told || v.Action != moderation.None || v.Note != "We talked it over." || v.MayObject() {
		t.Errorf("that it was left so is told as %+v", v)
	}
	if n := h.count(`SELECT count(*) FROM river_job WHERE kind = 'moderation.decided' AND (args->>'author_id')::bigint = ?`, lark.ID); n != 2 {
		t.Errorf("%d decisions are told to who objected, want the first and the last word", n)
	}
}

func TestOneObjectsOnceAtATime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, lark := h.moderator("maya"), h.member("lark")
	_, post := h.post(lark, "Rude words.")
	decision := h.decided(maya, h.report(h.member("sol"), post, audit.Unkind), hide())
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if err := h.Object(t.Context(), lark, decision, "No."); err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if round, steps := h.count(`SELECT round FROM cases`), h.count(`SELECT count(*) FROM case_steps WHERE step = 'object'`); round != 2 || steps != 1 {
		t.Errorf("round %d after %d objections", round, steps)
	}
}

func postPath(t moderation.Target) string { return "/p/" + strconv.FormatInt(t.ID, 10) }
