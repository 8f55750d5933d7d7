package joining_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/joining"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
)

func TestHowPeopleJoin(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.somebody("ada", accounts.Administrator)
	wants := func(when string, want joining.Way) {
		t.Helper()
		if got, err := h.Way(t.Context()); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", when, got, err, want)
		}
	}
	wants("nothing said", joining.Open)
	h.By("", joining.Confirm)
	wants("by default", joining.Confirm)
	for _, chosen := range []joining.Way{joining.Approve, joining.Approve, joining.Open} {
		if err := h.Choose(t.Context(), ada, chosen); err != nil {
			t.Fatal(err)
		}
		wants("chosen", chosen)
	}
	if err := h.Choose(t.Context(), ada, "anyhow"); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown way: %v", err)
	}
	for _, v := range []accounts.Viewer{{}, h.somebody("maya", accounts.Moderator)} {
		if err := h.Choose(t.Context(), v, joining.Invite); !fault.Is(err, fault.NotFound) {
			t.Errorf("chosen by %q: %v", v.Role, err)
		}
	}
	h.By(joining.Invite, joining.Confirm)
	wants("fixed", joining.Invite)
	if err := h.Choose(t.Context(), ada, joining.Open); !fault.Is(err, fault.Forbidden) || !h.Fixed() {
		t.Errorf("what is fixed: %v", err)
	}
	if got := h.audited(); !slices.Equal(got, []string{"change setting", "change setting"}) {
		t.Errorf("the audit holds %q: twice it was changed", got)
	}
}

func TestWhatNewcomersAwait(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for way, awaits := range map[joining.Way]string{
		joining.Open: "", joining.Confirm: accounts.AwaitsLetter, joining.Approve: accounts.AwaitsApproval,
	} {
		h.By(way, "")
		v := h.viewer(h.join("new-" + string(way)).Token)
		if v.Awaits != awaits || v.Admitted() != (way != joining.Approve) {
			t.Errorf("%s: %q, admitted %v", way, v.Awaits, v.Admitted())
		}
		if n := h.number(`SELECT count(*) FROM river_job WHERE kind = 'joining.waits' AND args @> jsonb_build_object('person_id', ?::bigint)`, v.ID); (n == 1) != (way == joining.Approve) {
			t.Errorf("%s: administrators are told %d times", way, n)
		}
		if err := h.admitted(v); (err == nil) != (awaits == "") || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: they write with %v", way, err)
		}
	}
}

func TestAnAdministratorLetsPeopleIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.By(joining.Approve, "")
	ada, maya := h.somebody("ada", accounts.Administrator), h.somebody("maya", accounts.Moderator)
	wren, sparrow := h.join("wren"), h.join("sparrow")
	h.exec(`DELETE FROM river_job`)
	ids := []int64{h.viewer(wren.Token).ID, h.viewer(sparrow.Token).ID}
	list, err := h.Approvals(t.Context(), ada, 0)
	if err != nil || len(list.People) != 2 || list.People[0].ID != ids[0] || list.People[1].Handle != "sparrow" || list.Next != 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, v := range []accounts.Viewer{{}, maya, h.viewer(wren.Token)} {
		_, listed := h.Approvals(t.Context(), v, 0)
		for _, err := range []error{listed, h.Accept(t.Context(), v, ids[0]), h.Decline(t.Context(), v, ids[0], audit.Other)} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("by %q: %v", v.Role, err)
			}
		}
	}
	if err := h.Decline(t.Context(), ada, ids[1], ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	if err := h.Accept(t.Context(), ada, ids[0]); err != nil {
		t.Fatal(err)
	}
	if err := h.Decline(t.Context(), ada, ids[1], audit.Spam); err != nil {
		t.Fatal(err)
	}
	for _, id := range append(ids, 999999) { // the first answer stands
		for _, err := range []error{h.Accept(t.Context(), ada, id), h.Decline(t.Context(), ada, id, audit.Other)} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("answered again: %v", err)
			}
		}
	}
	if err := h.admitted(h.viewer(wren.Token)); err != nil {
		t.Errorf("let in: %v", err)
	}
	if v := h.viewer(sparrow.Token); !v.Guest() {
		t.Errorf("declined, and still here: %+v", v)
	}
	h.inTx(func(ctx context.Context, tx *db.Tx) (err error) {
		sparrow, err = h.people.OpenSession(ctx, tx, accounts.Opening{PersonID: ids[1]})
		return err
	})
	if v := h.viewer(sparrow.Token); !v.Guest() {
		t.Errorf("declined, and here by a passkey: %+v", v)
	}
	letters := h.work()
	for _, letter := range letters {
		for _, word := range []string{"first drops", "milk", "feed", "baby", "wren", "sparrow", "http"} {
			if strings.Contains(strings.ToLower(letter.Subject+letter.Text), word) {
				t.Errorf("a letter says %q", word)
			}
		}
	}
	if !strings.Contains(letters["wren@example.org"].Text, "is open to you") || !strings.Contains(letters["sparrow@example.org"].Text, "cannot give you one") {
		t.Errorf("letters: %q", letters)
	}
	if n := h.number(`SELECT count(*) FROM people WHERE handle_fold = 'sparrow'`); n != 0 || !slices.Equal(h.audited(), []string{"accept person", "decline person"}) {
		t.Errorf("%d sparrows are left; the audit holds %q", n, h.audited())
	}
}

// TestWhoReportedSomethingIsEmptied where a report keeps a person from being removed.
func TestWhoReportedSomethingIsEmptied(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.By(joining.Approve, "")
	ada, id := h.somebody("ada", accounts.Administrator), h.viewer(h.join("sparrow").Token).ID
	h.exec(`DELETE FROM river_job`)
	h.exec(`INSERT INTO cases (kind, object_id, room_id, about_id, title, path, snapshot, words, reason, severity, opened_at, due_at)
		VALUES ('person', ?0, 0, ?0, '', '', '{}', '', 'spam', 4, now(), now())`, ada.ID)
	h.exec(`INSERT INTO reports (case_id, round, reporter_id, reason, note, at) SELECT id, 1, ?, 'spam', '', now() FROM cases`, id)
	h.exec(`INSERT INTO passkeys (person_id, credential_id, credential, name, created_at) VALUES (?, 'x', '{}', 'Phone', now())`, id)
	if err := h.Decline(t.Context(), ada, id, audit.Spam); err != nil {
		t.Fatal(err)
	}
	h.work()
	if n := h.number(`SELECT count(*) FROM passkeys`) + h.number(`SELECT count(*) FROM email_confirmations`); n != 0 {
		t.Errorf("%d of their passkeys and addresses are left", n)
	}
	if n := h.number(`SELECT count(*) FROM people WHERE id = ? AND handle = '' AND email = '' AND left_at IS NOT NULL`, id); n != 1 {
		t.Error("something of them is left")
	}
}

// TestWhoWasAnAdministratorAMomentAgo decides nothing any more, though their request began before.
func TestWhoWasAnAdministratorAMomentAgo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.somebody("ada", accounts.Administrator)
	h.exec(`UPDATE people SET role = 'member' WHERE id = ?`, ada.ID)
	if err := h.Choose(t.Context(), ada, joining.Invite); !fault.Is(err, fault.Unauthenticated) || len(h.audited()) != 0 {
		t.Errorf("chosen: %v, in the audit %v", err, h.audited())
	}
}

// TestJoiningTakesOneConnection, so that many who join at once do not wait for each other's.
func TestJoiningTakesOneConnection(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one := db.Open(h.target.WithPool(1))
	t.Cleanup(func() { _ = one.Close() })
	people := accounts.New(one, testdb.Queue(t, one), h, h.now)
	joining.New(one, testdb.Queue(t, one), people, h.now)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := people.SignUp(ctx, form("wren")); err != nil {
		t.Error(err)
	}
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.By(joining.Invite, "")
	ada := h.somebody("ada", accounts.Administrator)
	with := func(handle, code string) error {
		f := form(handle)
		f.Invitation = code
		_, err := h.people.SignUp(t.Context(), f)
		return err
	}
	invite := func(uses, days int) joining.Invitation {
		t.Helper()
		if err := h.AddInvitation(t.Context(), ada, "For the Tuesday group", uses, days); err != nil {
			t.Fatal(err)
		}
		page, err := h.Invitations(t.Context(), ada, 0)
		if err != nil {
			t.Fatal(err)
		}
		return page.Invitations[0]
	}
	made := invite(2, 7)
	for _, code := range []string{"", "  ", "no-such", "\x00", "\xff", strings.Repeat("a", 16)} {
		h.wantInvitation(with("wren", code), "")
	}
	if err := with("wren", " "+strings.ToUpper(made.Code)); err != nil {
		t.Fatal(err)
	}
	outcomes := make([]error, 8)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() { outcomes[i] = with(fmt.Sprintf("finch-%d", i+2), made.Code) })
	}
	all.Wait()
	in := 0
	for _, err := range outcomes {
		if err == nil {
			in++
		} else {
			h.wantInvitation(err, "used up")
		}
	}
	if people := h.number(`SELECT count(*) FROM people`); in != 1 || people != 3 {
		t.Errorf("%d came in with the last use, %d people", in, people)
	}
	late, ended := invite(2, 1), invite(2, 7)
	if err := h.EndInvitation(t.Context(), ada, ended.ID); err != nil {
		t.Fatal(err)
	}
	h.wantInvitation(with("robin", ended.Code), "over")
	h.pass(24*time.Hour + time.Second)
	h.wantInvitation(with("robin", late.Code), "over")
	for uses, days := range map[int]int{0: 7, 1001: 7, -1: 7, 2: 0, 3: 366} {
		if err := h.AddInvitation(t.Context(), ada, "", uses, days); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d uses, %d days: %v", uses, days, err)
		}
	}
	maya := h.somebody("maya", accounts.Moderator)
	_, listed := h.Invitations(t.Context(), maya, 0)
	for _, err := range []error{listed, h.AddInvitation(t.Context(), maya, "", 1, 1), h.EndInvitation(t.Context(), maya, late.ID), h.EndInvitation(t.Context(), ada, 999999)} {
		if !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	}
	want := []string{"add invitation", "add invitation", "add invitation", "remove invitation"}
	if got := h.audited(); !slices.Equal(got, want) {
		t.Errorf("the audit holds %q", got)
	}
}
