package directory_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/directory"
	"firstdrops/server/platform/fault"
)

func TestAVerifiedCredentialGivesLabelAndRole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	june, a := h.member("june"), application("June")
	c := h.apply(june, a)
	v := h.found(c, a)
	v.Number, v.Country, v.Expires = "L-77", "BE", "2029-03-31" // as the registry has it
	for range 2 {                                               // the second time it is so already
		h.must(h.Verify(t.Context(), ada, v))
	}
	own, err := h.Own(t.Context(), june, c.Slug)
	h.must(err)
	if k := own.Credential; k.Status != directory.Verified || k.Number != "L-77" || k.Country != "BE" ||
		!k.ExpiresAt.Equal(time.Date(2029, 4, 1, 0, 0, 0, 0, time.UTC)) || k.LastDay().Day() != 31 || own.Label(h.now()) != accounts.IBCLC {
		t.Errorf("the credential is %+v", k)
	}
	person, err := h.people.Person(t.Context(), guest, "june")
	if err != nil || person.Role != accounts.Consultant || person.Label != accounts.IBCLC {
		t.Errorf("they are %+v %v", person, err)
	}
	if acts := h.acts(); !slices.Equal(acts, []string{"verify credential", "make_consultant person"}) {
		t.Errorf("written down: %v", acts)
	}
	if jobs := h.jobs(); len(jobs) != 2 || jobs[1] != `directory.judged {"verified": true, "person_id": 2, "consultant_id": 1}` {
		t.Errorf("jobs: %v", jobs)
	}
	if got := h.read(guest, c); got.Credential.Number != "" {
		t.Errorf("a guest reads the number %s", got.Credential.Number)
	}
}

func TestALabelEndsWithItsCredential(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	june, a := h.member("june"), application("June")
	c := h.apply(june, a)
	v := h.found(c, a)
	v.Expires = h.in(0, 0, 0) // until this day is over
	h.must(h.Verify(t.Context(), ada, v))
	h.pass(21*time.Hour - time.Second)
	if h.label(june) != accounts.IBCLC || h.read(guest, c).Label(h.now()) != accounts.IBCLC || len(h.slugs(directory.Filter{})) != 1 {
		t.Error("it ended before its day was over")
	}
	h.pass(time.Second)
	got := h.read(guest, c)
	if h.label(june) != accounts.Peer || got.Label(h.now()) != "" || !got.Credential.Ended(h.now()) || len(h.slugs(directory.Filter{})) != 0 {
		t.Errorf("past its day they wear %s: %+v", h.label(june), got)
	}
	if got.Credential.LastDay().Format(time.DateOnly) != v.Expires {
		t.Errorf("its last day is %v", got.Credential.LastDay())
	}
	v.Expires = h.in(2, 0, 0)
	h.must(h.Verify(t.Context(), ada, v))
	if h.label(june) != accounts.IBCLC || len(h.slugs(directory.Filter{})) != 1 {
		t.Error("verified anew, it does not hold")
	}
	v.Expires = h.in(1, 0, 0) // sooner, after all, at the same moment
	h.must(h.Verify(t.Context(), ada, v))
	h.pass(366 * 24 * time.Hour)
	if h.label(june) != accounts.Peer {
		t.Error("the older label outlives the newer one")
	}
}

func TestVerificationsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, maya, wren := h.person("ada", accounts.Administrator), h.person("maya", accounts.Moderator), h.member("wren")
	june, a := h.member("june"), application("June")
	c := h.apply(june, a)
	other := application("Other")
	h.consultant(ada, "other", other)
	before := len(h.record())
	for name, tt := range map[string]struct {
		change func(v *directory.Verification)
		fields []string
	}{
		"nothing":     {func(v *directory.Verification) { *v = directory.Verification{ConsultantID: c.ID} }, []string{"country", "expires", "number"}},
		"yesterday":   {func(v *directory.Verification) { v.Expires = h.in(0, 0, -1) }, []string{"expires"}},
		"too far":     {func(v *directory.Verification) { v.Expires = h.in(10, 0, 1) }, []string{"expires"}},
		"no day":      {func(v *directory.Verification) { v.Expires = "2027-02-30" }, []string{"expires"}},
		"other words": {func(v *directory.Verification) { v.Expires = "March 2029" }, []string{"expires"}},
		"in use":      {func(v *directory.Verification) { v.Number = other.Number }, []string{"number"}},
	} {
		v := h.found(c, a)
		tt.change(&v)
		faulty(t, name, h.Verify(t.Context(), ada, v), tt.fields...)
	}
	for _, v := range []accounts.Viewer{guest, wren, june, maya} {
		refused(t, "by "+v.Handle, h.Verify(t.Context(), v, h.found(c, a)), fault.NotFound)
		refused(t, "refused by "+v.Handle, h.Refuse(t.Context(), v, directory.Refusal{ConsultantID: c.ID, Reason: audit.Other}), fault.NotFound)
		_, err := h.Examine(t.Context(), v, c.ID)
		refused(t, "looked at by "+v.Handle, err, fault.NotFound)
	}
	v := h.found(c, a)
	v.ConsultantID = 999_999
	refused(t, "of none", h.Verify(t.Context(), ada, v), fault.NotFound)
	own := application("Ada")
	refused(t, "their own", h.Verify(t.Context(), ada, h.found(h.apply(ada, own), own)), fault.Forbidden)
	if h.read(ada, c).Credential.Status != directory.Pending || h.label(june) != accounts.Peer || len(h.record()) != before {
		t.Error("a refusal verified something")
	}
	v = h.found(c, a)
	v.Expires = h.in(10, 0, 0)
	h.must(h.Verify(t.Context(), ada, v))
}

func TestARefusalSaysWhyAndCanBeAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	june, a := h.member("june"), application("June")
	c := h.apply(june, a)
	faulty(t, "without a reason", h.Refuse(t.Context(), ada, directory.Refusal{ConsultantID: c.ID, Note: "\xff"}), "note", "reason_code")
	for range 2 { // the second time it is so already
		h.must(h.Refuse(t.Context(), ada, directory.Refusal{ConsultantID: c.ID, Reason: audit.Other, Note: "The registry has no such number."}))
	}
	own, err := h.Own(t.Context(), june, c.Slug)
	if err != nil || own.Credential.Status != directory.Refused || own.Credential.Note != "The registry has no such number." {
		t.Errorf("it is %+v %v", own.Credential, err)
	}
	if acts, jobs := h.acts(), h.jobs(); !slices.Equal(acts, []string{"refuse credential"}) || len(jobs) != 2 ||
		jobs[1] != `directory.judged {"verified": false, "person_id": 2, "consultant_id": 1}` {
		t.Errorf("written down %v, jobs %v", acts, jobs)
	}
	refused(t, "verified by whom it still waited for", h.Verify(t.Context(), ada, h.found(c, a)), fault.Conflict)
	if _, err := h.Edit(t.Context(), june, c.Slug, a); err != nil || h.read(june, c).Credential.Status != directory.Pending {
		t.Errorf("applied again: %v", err)
	}
	h.must(h.Verify(t.Context(), ada, h.found(c, a)))
	h.pass(time.Hour)
	refused(t, "from a page on which it waited", h.Refuse(t.Context(), ada, directory.Refusal{ConsultantID: c.ID, Reason: audit.Other}), fault.Conflict)
	h.must(h.Refuse(t.Context(), ada, directory.Refusal{ConsultantID: c.ID, Reason: audit.Other, Seen: directory.Verified}))
	if h.label(june) != accounts.Peer || h.read(guest, c).Label(h.now()) != "" {
		t.Error("withdrawn, the label stays")
	}
}

// TestTwoAdministratorsAtOnce come to one result, whichever was first.
func TestTwoAdministratorsAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, bea := h.person("ada", accounts.Administrator), h.person("bea", accounts.Administrator)
	for i := range 8 {
		june, a := h.member(numbered(i)), application(numbered(i))
		c := h.apply(june, a)
		before := len(h.jobs())
		var both sync.WaitGroup
		results := make([]error, 2)
		both.Go(func() { results[0] = h.Verify(t.Context(), ada, h.found(c, a)) })
		both.Go(func() {
			if i%2 == 0 {
				results[1] = h.Verify(t.Context(), bea, h.found(c, a))
			} else {
				results[1] = h.Refuse(t.Context(), bea, directory.Refusal{ConsultantID: c.ID, Reason: audit.Other})
			}
		})
		both.Wait()
		for _, err := range results {
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Errorf("%d: %v", i, err)
			}
		}
		k := h.read(ada, c).Credential
		if judged := len(h.jobs()) - before; judged != 1 || (k.Status == directory.Verified) != (h.label(june) == accounts.IBCLC) {
			t.Errorf("%d: told %d times, it is %s and they wear %s", i, judged, k.Status, h.label(june))
		}
	}
}

// TestNoVerdictWithoutItsEntry: where the audit cannot be written, nothing is verified.
func TestNoVerdictWithoutItsEntry(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	june, a := h.member("june"), application("June")
	c := h.apply(june, a)
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (false)`)
	if err := h.Verify(t.Context(), ada, h.found(c, a)); err == nil || fault.KindOf(err) != 0 {
		t.Error(err)
	}
	if _, err := h.Examine(t.Context(), ada, c.ID); err == nil || fault.KindOf(err) != 0 {
		t.Error(err)
	}
	if h.label(june) != accounts.Peer || h.read(ada, c).Credential.Status != directory.Pending || len(h.jobs()) != 1 {
		t.Error("the verdict stands without its entry")
	}
}

func TestAnAdministratorWhoIsNoneAnyMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	a := application("June")
	c := h.apply(h.member("june"), a)
	h.exec(`UPDATE people SET role = 'member' WHERE id = ?`, ada.ID)
	refused(t, "verifying", h.Verify(t.Context(), ada, h.found(c, a)), fault.NotFound)
}

func TestTheDeskListsWhatWaitsFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, maya := h.person("ada", accounts.Administrator), h.person("maya", accounts.Moderator)
	verified := func(handle string, days int) {
		a := application(handle)
		v := h.found(h.apply(h.member(handle), a), a)
		v.Expires = h.in(0, 0, days)
		h.must(h.Verify(t.Context(), ada, v))
	}
	verified("later", 90)
	verified("soon", 30)
	verified("ended", 1)
	h.pass(72 * time.Hour)
	h.apply(h.member("first"), application("first"))
	h.pass(time.Hour)
	h.apply(h.member("second"), application("second"))
	want := []string{"first", "second", "soon", "later", "ended"}
	var slugs []string
	page, err := h.Desk(t.Context(), maya, "")
	h.must(err)
	for _, c := range page.Consultants {
		slugs = append(slugs, c.Slug)
		if c.Credential.Number != "" {
			t.Error("the list holds a number")
		}
	}
	if !slices.Equal(slugs, want) || page.Next != "" {
		t.Errorf("the desk lists %v, want %v", slugs, want)
	}
	_, err = h.Desk(t.Context(), h.member("wren"), "")
	refused(t, "a member", err, fault.NotFound)
	_, err = h.Desk(t.Context(), maya, "x")
	refused(t, "a cursor of nothing", err, fault.NotFound)
}

func TestTheDeskTurnsItsPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	for i := range 35 {
		h.apply(h.member(numbered(i)), application(numbered(i)))
	}
	first, err := h.Desk(t.Context(), ada, "")
	h.must(err)
	second, err := h.Desk(t.Context(), ada, first.Next)
	h.must(err)
	if len(first.Consultants) != 30 || len(second.Consultants) != 5 || second.Next != "" || second.Consultants[0].ID != 31 {
		t.Errorf("%d and %d consultants", len(first.Consultants), len(second.Consultants))
	}
}

func TestLookingAtANumberIsWrittenDown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	c := h.apply(h.member("june"), application("June"))
	got, err := h.Examine(t.Context(), ada, c.ID)
	h.must(err)
	if e := h.record()[0]; got.Credential.Number != "L-June" || e.Verb != audit.Open || e.Kind != audit.Credential || e.ObjectID != c.ID || e.ActorID != ada.ID {
		t.Errorf("%+v, written down as %+v", got.Credential, e)
	}
}

func TestATrainedSupporterIsNoConsultant(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	a := application("Mother-to-mother group Amersfoort")
	a.Type = directory.Supporter
	pleun, c := h.consultant(ada, "pleun", a)
	person, err := h.people.Person(t.Context(), guest, pleun.Handle)
	if err != nil || person.Role != accounts.Member || person.Label != accounts.Supporter || c.Label(h.now()) != accounts.Supporter {
		t.Errorf("they are %+v %v", person, err)
	}
}

// TestOtherRolesStay: who is staff already stays so.
func TestOtherRolesStay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	maya, a := h.person("maya", accounts.Moderator), application("Maya")
	h.must(h.Verify(t.Context(), ada, h.found(h.apply(maya, a), a)))
	if person, err := h.people.Person(t.Context(), guest, "maya"); err != nil || person.Role != accounts.Moderator || person.Label != accounts.IBCLC {
		t.Errorf("they are %+v %v", person, err)
	}
}
