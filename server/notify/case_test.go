package notify_test

import (
	"fmt"
	"math"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/server/joining"
	"firstdrops/server/moderation"
)

// openCase plants a case about somebody.
func (h *house) openCase(about accounts.Viewer) int64 {
	h.Helper()
	return h.read(`
		INSERT INTO cases (kind, object_id, room_id, about_id, title, path, snapshot, words, reason, severity, opened_at, due_at)
		VALUES ('person', ?0, 0, ?0, 'PLANTED-TITLE', '/u/x', '[]', 'PLANTED-WORDS', 'worried', 1, now(), now()) RETURNING id`, about.ID)
}

// decide plants a decision of a case's round.
func (h *house) decide(caseID int64, round int, by, about accounts.Viewer) int64 {
	h.Helper()
	return h.read(`
		INSERT INTO decisions (case_id, round, decider_id, about_id, action, reason_code, note, at, back_action, back_category)
		VALUES (?, ?, ?, ?, 'warn', 'unkind', 'PLANTED-NOTE', now(), '', '') RETURNING id`, caseID, round, by.ID, about.ID)
}

func TestStaffAreCalledToACrisisOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, maya := h.member("river"), h.join("maya", accounts.Moderator)
	ada, june := h.join("ada", accounts.Administrator), h.join("june", accounts.Consultant)
	id := h.openCase(river)
	h.work(moderation.Opened{CaseID: id, Round: 1})
	h.wants(nil, maya, ada)
	for range 2 {
		h.work(moderation.Opened{CaseID: id, Crisis: true, Round: 1})
	}
	h.wants(map[string]string{"maya": "case", "ada": "case"}, river, june, maya, ada)
	h.calls(2)
	h.work(moderation.Opened{CaseID: id, Crisis: true, Round: 2})
	h.wants(map[string]string{"maya": "case case", "ada": "case case"}, river, june, maya, ada)
	h.calls(4)
	h.work(moderation.Opened{CaseID: h.openCase(maya), Crisis: true, Round: 1})
	h.wants(map[string]string{"maya": "case case", "ada": "case case case"}, maya, ada)
	h.calls(5)
}

// TestAdministratorsHearThatSomebodyWaits once, until they have looked.
func TestAdministratorsHearThatSomebodyWaits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	maya, ada := h.join("maya", accounts.Moderator), h.join("ada", accounts.Administrator)
	h.work(joining.Waits{PersonID: wren.ID})
	h.work(joining.Waits{PersonID: sol.ID})
	h.wants(map[string]string{"ada": "waits"}, wren, sol, maya, ada)
	h.must(h.notify.MarkSeen(t.Context(), ada, 1, math.MaxInt64))
	for range 2 {
		h.work(joining.Waits{PersonID: sol.ID})
	}
	h.wants(map[string]string{"ada": "waits waits"}, wren, sol, maya, ada)
}

// calls checks how many letters are to be sent.
func (h *house) calls(want int64) {
	h.Helper()
	if n := h.read(`SELECT count(*) FROM river_job WHERE kind = 'notify.call'`); n != want {
		h.Errorf("%d letters, want %d", n, want)
	}
}

func TestReportersLearnThatACaseWasSeenAndClosed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol, maya := h.member("river"), h.member("sol"), h.join("maya", accounts.Moderator)
	id := h.openCase(river)
	reporters := []int64{sol.ID, maya.ID}
	h.exec(`UPDATE cases SET claimed_by = ?`, maya.ID)
	for range 2 {
		h.work(moderation.Seen{CaseID: id, Reporters: reporters})
	}
	h.wants(map[string]string{"sol": "seen"}, river, sol, maya)
	first := moderation.Decided{DecisionID: h.decide(id, 1, maya, river), CaseID: id, AuthorID: river.ID, Reporters: reporters}
	for range 2 {
		h.work(first)
	}
	h.wants(map[string]string{"river": "decided", "sol": "seen closed"}, river, sol, maya)

	h.exec(`UPDATE cases SET round = 2`)
	h.work(moderation.Seen{CaseID: id, Reporters: reporters})
	h.work(moderation.Decided{DecisionID: h.decide(id, 2, maya, river), CaseID: id, Reporters: reporters})
	h.wants(map[string]string{"river": "decided", "sol": "seen closed seen closed"}, river, sol, maya)
}

func TestADecisionThatWasTakenBackIsNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol, maya := h.member("river"), h.member("sol"), h.join("maya", accounts.Moderator)
	id := h.openCase(river)
	decision := moderation.Decided{DecisionID: h.decide(id, 1, maya, river), CaseID: id, AuthorID: river.ID, Reporters: []int64{sol.ID}}
	h.exec(`UPDATE decisions SET undone_at = now()`)
	h.work(decision)
	h.wants(nil, river, sol)
}

// TestWhoDecidesIsNotTold: nobody decides about themselves, and if they did, they would know.
func TestWhoDecidesIsNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya := h.join("maya", accounts.Moderator)
	id := h.openCase(maya)
	h.work(moderation.Decided{DecisionID: h.decide(id, 1, maya, maya), CaseID: id, AuthorID: maya.ID, Reporters: []int64{maya.ID}})
	h.wants(nil, maya)
}

// TestNoticesHoldNoWords looks for what cases and posts say in every column of the table.
func TestNoticesHoldNoWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol, maya := h.member("river"), h.member("sol"), h.join("maya", accounts.Moderator)
	id := h.openCase(river)
	h.work(moderation.Opened{CaseID: id, Crisis: true, Round: 1})
	h.work(moderation.Decided{DecisionID: h.decide(id, 1, maya, river), CaseID: id, AuthorID: river.ID, Reporters: []int64{sol.ID}})
	for _, table := range []string{"notices", "river_job"} {
		if n := h.read(fmt.Sprintf(`SELECT count(*) FROM %s x WHERE x::text LIKE '%%PLANTED%%'`, table)); n != 0 {
			t.Errorf("%d rows of %s hold words", n, table)
		}
	}
}

// TestAJudgedCredentialClosesItsCase: the directory, which judged, knows of no cases.
func TestAJudgedCredentialClosesItsCase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june := h.member("june")
	id := h.openCase(june)
	h.exec(`UPDATE cases SET kind = 'credential', object_id = 3 WHERE id = ?`, id)
	for range 2 {
		h.work(directory.Judged{ConsultantID: 3, PersonID: june.ID, Verified: true})
	}
	h.wants(map[string]string{"june": "verified"}, june)
	if closed := h.read(`SELECT count(*) FROM cases WHERE closed_at IS NOT NULL`); closed != 1 {
		t.Error("the case is still open")
	}
}
