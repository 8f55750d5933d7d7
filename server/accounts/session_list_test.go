package accounts_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
)

func ids(sessions []accounts.SignedIn) []int64 {
	var found []int64
	for _, s := range sessions {
		found = append(found, s.ID)
	}
	return found
}

func (h *house) sessions(viewer accounts.Viewer) []accounts.SignedIn {
	h.t.Helper()
	sessions, err := h.Sessions(h.t.Context(), viewer)
	if err != nil {
		h.t.Fatal(err)
	}
	return sessions
}

func TestSessionsAreListedToTheirPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	phone := h.join("wren")
	h.join("sparrow")
	begun := h.now()
	h.pass(time.Hour)
	viewer := h.viewer(phone.Token)
	laptop := h.open(viewer.ID)
	h.pass(time.Minute)
	got := h.sessions(viewer)
	if !slices.Equal(ids(got), []int64{phone.ID, laptop.ID}) && !slices.Equal(ids(got), []int64{laptop.ID, phone.ID}) {
		t.Fatalf("listed %+v", got)
	}
	slices.SortFunc(got, func(a, b accounts.SignedIn) int { return a.BegunAt.Compare(b.BegunAt) })
	if got[0].Device != "Firefox on Android" || !got[0].BegunAt.Equal(begun) || got[0].SeenAt.Sub(begun) != time.Hour || got[1].Device != "Firefox on Linux" {
		t.Errorf("listed %+v", got)
	}
	h.pass(30*24*time.Hour - time.Minute) // to the moment at which the laptop has idled too long
	h.exec(`UPDATE sessions SET seen_at = ? WHERE id = ?`, h.now(), phone.ID)
	if got := ids(h.sessions(viewer)); !slices.Equal(got, []int64{phone.ID}) {
		t.Errorf("with an idle one: %v", got)
	}
}

func TestOneEndsASessionOfOnesOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	viewer := h.viewer(h.join("wren").Token)
	laptop, foreign := h.open(viewer.ID), h.join("sparrow")
	for _, id := range []int64{foreign.ID, 999_999, 0, -1} {
		if err := h.EndSession(t.Context(), viewer, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("session %d: %v", id, err)
		}
	}
	if len(h.heard()) != 0 {
		t.Errorf("told %v", h.heard())
	}
	if err := h.EndSession(t.Context(), viewer, laptop.ID); err != nil {
		t.Fatal(err)
	}
	if !h.viewer(laptop.Token).Guest() || h.viewer(foreign.Token).Guest() || !slices.Equal(h.heard(), []string{subject(laptop.ID)}) {
		t.Errorf("told %v", h.heard())
	}
}

func TestOneEndsAllOtherSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	phone, foreign := h.join("wren"), h.join("sparrow")
	viewer := h.viewer(phone.Token)
	one, two := h.open(viewer.ID), h.open(viewer.ID)
	if err := h.EndOtherSessions(t.Context(), viewer); err != nil {
		t.Fatal(err)
	}
	told := h.heard()
	slices.Sort(told)
	want := []string{subject(one.ID), subject(two.ID)}
	slices.Sort(want)
	if !slices.Equal(told, want) || h.viewer(phone.Token).Guest() || h.viewer(foreign.Token).Guest() || !h.viewer(one.Token).Guest() || !h.viewer(two.Token).Guest() {
		t.Errorf("told %v, want %v", told, want)
	}
}

// TestARoleThatChangesRenewsTheSessions since what they may do is not what their ids were given out for.
func TestARoleThatChangesRenewsTheSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("ada")
	h.exec(`UPDATE people SET role = 'administrator'`)
	ada := h.viewer(h.open(1).Token)
	wren, june := h.join("wren"), h.join("june")
	second := h.open(h.viewer(wren.Token).ID)
	if h.viewer(wren.Token).Renew {
		t.Error("renewed without a reason")
	}
	give := func(secret string, role accounts.Role) {
		if err := h.SetRole(t.Context(), ada, h.viewer(secret).ID, role); err != nil {
			t.Fatal(err)
		}
	}
	give(wren.Token, accounts.Member)
	if h.viewer(wren.Token).Renew {
		t.Error("renewed by the role that they have")
	}
	give(wren.Token, accounts.Moderator)
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.MakeConsultant(ctx, tx, ada, h.viewer(june.Token).ID)
	})
	if !h.viewer(wren.Token).Renew || !h.viewer(second.Token).Renew || !h.viewer(june.Token).Renew {
		t.Error("a new role leaves a session as it was")
	}
	h.exec(`UPDATE sessions SET renew = false`)
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.MakeConsultant(ctx, tx, ada, h.viewer(june.Token).ID)
	})
	if h.viewer(june.Token).Renew || h.viewer(wren.Token).Renew {
		t.Error("renewed without a change")
	}
}

func TestTheOperatorListsAndEndsSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	phone, foreign := h.join("wren"), h.join("sparrow")
	viewer := h.viewer(phone.Token)
	laptop := h.open(viewer.ID)
	listed, err := h.SessionsOf(t.Context(), "WREN")
	if err != nil || len(listed) != 2 {
		t.Fatalf("listed %+v, %v", listed, err)
	}
	for handle, field := range map[string]string{"nobody": "handle", "": "handle", "wren": "id"} {
		if _, err := h.EndSessionsOf(t.Context(), handle, foreign.ID); fields(t, err)[field] == "" {
			t.Errorf("%q: %v", handle, err)
		}
	}
	if n, err := h.EndSessionsOf(t.Context(), "wren", laptop.ID); err != nil || n != 1 || !h.viewer(laptop.Token).Guest() || h.viewer(phone.Token).Guest() {
		t.Errorf("one: %d, %v", n, err)
	}
	laptop = h.open(viewer.ID)
	if n, err := h.EndSessionsOf(t.Context(), "wren", 0); err != nil || n != 2 || !h.viewer(laptop.Token).Guest() || !h.viewer(phone.Token).Guest() {
		t.Errorf("all: %d, %v", n, err)
	}
	if n, err := h.EndSessionsOf(t.Context(), "wren", 0); err != nil || n != 0 || h.viewer(foreign.Token).Guest() {
		t.Errorf("none: %d, %v", n, err)
	}
	page, err := audit.New(h.db).Page(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var did []audit.Verb
	for _, e := range page.Entries {
		if did = append(did, e.Verb); e.ActorID != audit.Operator || e.ObjectID != viewer.ID || e.Kind != audit.Person {
			t.Errorf("written down: %+v", e)
		}
	}
	if !slices.Equal(did, []audit.Verb{audit.EndSessions, audit.EndSessions, audit.EndSessions, audit.Open}) {
		t.Errorf("written down: %v", did)
	}
	if _, err := audit.New(h.db).Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestTheNodesHearOfWhatTheOperatorEnded by a job: the command is no node.
func TestTheNodesHearOfWhatTheOperatorEnded(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	phone := h.join("wren")
	laptop := h.open(1)
	if _, err := h.EndSessionsOf(t.Context(), "wren", 0); err != nil || len(h.heard()) != 0 {
		t.Fatalf("told %v, %v", h.heard(), err)
	}
	start()
	testdb.Finish(h.t, h.db)
	sent.next(t) // the welcome
	for _, id := range []int64{phone.ID, laptop.ID} {
		if !slices.Contains(h.heard(), subject(id)) {
			t.Errorf("told %v, not of %d", h.heard(), id)
		}
	}
}

// TestNothingTheOperatorDoesStandsUnwritten where the audit cannot be written.
func TestNothingTheOperatorDoesStandsUnwritten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("wren")
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (false)`)
	if _, err := h.EndSessionsOf(t.Context(), "wren", 0); err == nil || h.viewer(session.Token).Guest() {
		t.Errorf("ended without a trace: %v", err)
	}
	if listed, err := h.SessionsOf(t.Context(), "wren"); err == nil {
		t.Errorf("listed %v without a trace", listed)
	}
	if _, err := h.CreateAdministrator(t.Context(), "ada", "ada@example.org"); err == nil || h.count("people") != 1 {
		t.Errorf("made without a trace: %v", err)
	}
}
