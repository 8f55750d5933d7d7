package accounts_test

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
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// number reads one.
func (h *house) number(query string, args ...any) int {
	h.t.Helper()
	var n int
	if err := h.db.NewRaw(query, args...).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// audited are the verbs and kinds in the audit, the oldest first.
func (h *house) audited() []string {
	h.t.Helper()
	all := []string{}
	for _, e := range h.record() {
		all = append(all, fmt.Sprint(e.Verb, " ", e.Kind))
	}
	slices.Reverse(all)
	return all
}

// admitted tells whether somebody may write.
func (h *house) admitted(v accounts.Viewer) (err error) {
	h.t.Helper()
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		err = accounts.Admit(ctx, tx, v, h.now())
		return nil
	})
	return err
}

func TestHowPeopleJoin(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.somebody("ada", accounts.Administrator)
	wants := func(when string, want accounts.Joining) {
		t.Helper()
		if got, err := h.Joining(t.Context()); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", when, got, err, want)
		}
	}
	wants("nothing said", accounts.JoinOpen)
	h.JoinBy("", accounts.JoinConfirm)
	wants("by default", accounts.JoinConfirm)
	for _, chosen := range []accounts.Joining{accounts.JoinApprove, accounts.JoinApprove, accounts.JoinOpen} {
		if err := h.ChooseJoining(t.Context(), ada, chosen); err != nil {
			t.Fatal(err)
		}
		wants("chosen", chosen)
	}
	if err := h.ChooseJoining(t.Context(), ada, "anyhow"); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown way: %v", err)
	}
	for _, v := range []accounts.Viewer{{}, h.somebody("maya", accounts.Moderator)} {
		if err := h.ChooseJoining(t.Context(), v, accounts.JoinInvite); !fault.Is(err, fault.NotFound) {
			t.Errorf("chosen by %q: %v", v.Role, err)
		}
	}
	h.JoinBy(accounts.JoinInvite, accounts.JoinConfirm)
	wants("fixed", accounts.JoinInvite)
	if err := h.ChooseJoining(t.Context(), ada, accounts.JoinOpen); !fault.Is(err, fault.Forbidden) || !h.JoiningFixed() {
		t.Errorf("what is fixed: %v", err)
	}
	if got := h.audited(); !slices.Equal(got, []string{"change setting", "change setting"}) {
		t.Errorf("the audit holds %q: twice it was changed", got)
	}
}

func TestWhatNewcomersAwait(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for joining, awaits := range map[accounts.Joining]string{
		accounts.JoinOpen: "", accounts.JoinConfirm: accounts.AwaitsLetter, accounts.JoinApprove: accounts.AwaitsApproval,
	} {
		h.JoinBy(joining, "")
		v := h.viewer(h.join("new-" + string(joining)).Token)
		if v.Awaits != awaits || v.Admitted() != (joining != accounts.JoinApprove) {
			t.Errorf("%s: %q, admitted %v", joining, v.Awaits, v.Admitted())
		}
		if err := h.admitted(v); (err == nil) != (awaits == "") || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: they write with %v", joining, err)
		}
	}
}

func TestAnAdministratorLetsPeopleIn(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	h.JoinBy(accounts.JoinApprove, "")
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
	start()
	h.finish()
	letters := map[string]string{}
	for range 2 {
		letter := sent.next(t)
		wantNeutral(t, letter)
		letters[letter.To] = letter.Text
	}
	if !strings.Contains(letters["wren@example.org"], "is open to you") || !strings.Contains(letters["sparrow@example.org"], "cannot give you one") {
		t.Errorf("letters: %q", letters)
	}
	if n := h.number(`SELECT count(*) FROM people WHERE handle_fold = 'sparrow'`); n != 0 || !slices.Equal(h.audited(), []string{"accept person", "decline person"}) {
		t.Errorf("%d sparrows are left; the audit holds %q", n, h.audited())
	}
}

// TestWhoReportedSomethingIsEmptied where a report keeps a person from being removed.
func TestWhoReportedSomethingIsEmptied(t *testing.T) {
	t.Parallel()
	h, _, start := posting(t)
	h.JoinBy(accounts.JoinApprove, "")
	ada, id := h.somebody("ada", accounts.Administrator), h.viewer(h.join("sparrow").Token).ID
	h.exec(`INSERT INTO cases (kind, object_id, room_id, about_id, title, path, snapshot, words, reason, severity, opened_at, due_at)
		VALUES ('person', ?0, 0, ?0, '', '', '{}', '', 'spam', 4, now(), now())`, ada.ID)
	h.exec(`INSERT INTO reports (case_id, round, reporter_id, reason, note, at) SELECT id, 1, ?, 'spam', '', now() FROM cases`, id)
	if err := h.Decline(t.Context(), ada, id, audit.Spam); err != nil {
		t.Fatal(err)
	}
	start()
	h.finish()
	if n := h.number(`SELECT count(*) FROM people WHERE id = ? AND handle = '' AND email = '' AND left_at IS NOT NULL`, id); n != 1 {
		t.Error("something of them is left")
	}
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.JoinBy(accounts.JoinInvite, "")
	ada := h.somebody("ada", accounts.Administrator)
	with := func(handle, code string) error {
		f := form(handle)
		f.Invitation = code
		_, err := h.SignUp(t.Context(), f)
		return err
	}
	invite := func(uses, days int) accounts.Invitation {
		t.Helper()
		if err := h.Invite(t.Context(), ada, "For the Tuesday group", uses, days); err != nil {
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
		wantFault(t, with("wren", code), "invitation", "")
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
			wantFault(t, err, "invitation", "used up")
		}
	}
	if people := h.count("people"); in != 1 || people != 3 {
		t.Errorf("%d came in with the last use, %d people", in, people)
	}
	late, ended := invite(2, 1), invite(2, 7)
	if err := h.EndInvitation(t.Context(), ada, ended.ID); err != nil {
		t.Fatal(err)
	}
	wantFault(t, with("robin", ended.Code), "invitation", "over")
	h.pass(24*time.Hour + time.Second)
	wantFault(t, with("robin", late.Code), "invitation", "over")
	for uses, days := range map[int]int{0: 7, 1001: 7, -1: 7, 2: 0, 3: 366} {
		if err := h.Invite(t.Context(), ada, "", uses, days); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d uses, %d days: %v", uses, days, err)
		}
	}
	maya := h.somebody("maya", accounts.Moderator)
	_, listed := h.Invitations(t.Context(), maya, 0)
	for _, err := range []error{listed, h.Invite(t.Context(), maya, "", 1, 1), h.EndInvitation(t.Context(), maya, late.ID), h.EndInvitation(t.Context(), ada, 999999)} {
		if !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	}
	want := []string{"add invitation", "add invitation", "add invitation", "remove invitation"}
	if got := h.audited(); !slices.Equal(got, want) {
		t.Errorf("the audit holds %q", got)
	}
}

func TestHandlesThatLookAlikeAreOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for first, others := range map[string][]string{
		"night-owl": {"n1ght-owl", "night-0wl", "NIGHT-OWI"}, "sparrow": {"sparrovv", "ѕраггоѡ"}, "mother-wren": {"rnother-wren"}, "caper": {"сарег"},
	} {
		h.join(first)
		for _, other := range others {
			_, err := h.SignUp(t.Context(), form(other))
			wantFault(t, err, "handle", "Somebody has “"+other+"” already. Free: ")
		}
	}
	for _, house := range []string{"adm1n", "m0derator-sol", "ibc1c", "rnoderator", "he1p"} {
		_, err := h.SignUp(t.Context(), form(house))
		wantFault(t, err, "handle", "spoke for the house")
	}
	for _, apart := range []string{"river7", "river1", "parent-12", "parent-2", "tester_3", "tester-3", "night-owls"} {
		h.join(apart)
	}
}

// TestOfManyWhoLookAlikeOneComesIn, though all come at once.
func TestOfManyWhoLookAlikeOneComesIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	outcomes := make([]error, 50)
	var all sync.WaitGroup
	for i := range outcomes {
		name := []rune("looooll")
		for bit := range 6 { // 50 handles, each with other zeros and ones
			if i>>bit&1 == 1 {
				name[bit+1] = map[rune]rune{'o': '0', 'l': '1'}[name[bit+1]]
			}
		}
		all.Go(func() { _, outcomes[i] = h.SignUp(t.Context(), form(string(name))) })
	}
	all.Wait()
	in := 0
	for _, err := range outcomes {
		if err == nil {
			in++
		} else {
			wantFault(t, err, "handle", "Somebody has")
		}
	}
	if people := h.count("people"); in != 1 || people != 1 {
		t.Errorf("%d came in, %d people", in, people)
	}
}

// TestTheDatabaseSeesWhatTheProgramSees, of every character that there is.
func TestTheDatabaseSeesWhatTheProgramSees(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var looks []struct {
		Name, Looks string
	}
	err := h.db.NewRaw(`
		SELECT name, looks_like(name) AS looks FROM (
			SELECT chr(n) AS name FROM generate_series(1, 131071) n WHERE n NOT BETWEEN 55296 AND 57343
			UNION ALL SELECT unnest(ARRAY['rn', 'vv', 'rrn', 'vvv', 'rnvv', 'гn', 'é-l_0'])) names`).Scan(t.Context(), &looks)
	if err != nil || len(looks) < 100_000 {
		t.Fatal(len(looks), err)
	}
	apart := 0
	for _, l := range looks {
		if text.Skeleton(l.Name) != l.Looks {
			if apart++; apart < 10 {
				t.Errorf("%q looks like %q here and like %q in the database", l.Name, text.Skeleton(l.Name), l.Looks)
			}
		}
	}
}

func TestHintsAreFew(t *testing.T) {
	t.Parallel()
	for _, given := range [][2]string{
		{"Emma-Smith", "x@example.org"}, {"Emma_Smith", ""}, {"EmmaSmith", ""}, {"emma1987", ""}, {"Emma-1987", ""}, {"david_2001", ""},
		{"jane-smith", "jane.smith@example.org"}, {"JaneSmith", "Jane.Smith@Example.org"}, {"ana-lu", "ana.lu@example.org"},
	} {
		if accounts.Hint(given[0], given[1]) == "" {
			t.Errorf("%q of %q gets no hint", given[0], given[1])
		}
	}
	for _, handle := range []string{
		"river7", "parent-12", "tester_3", "night-wren", "Night-Wren", "Sol", "emma", "Emma", "emma-smith", "emma7", "emma-12345", "emma3000", "tester-2001",
		"Lamp-Smith", "Emma-Lamp", "Emma-Smith-7", "EMMA-SMITH", "мария", "", "-", "ada-at-night", "june", "Robin",
	} {
		for _, email := range []string{handle + "@example.org", "jane.smith@example.org", "x.y@example.org", ""} {
			if hint := accounts.Hint(handle, email); hint != "" {
				t.Errorf("%q of %q: %s", handle, email, hint)
			}
		}
	}
}
