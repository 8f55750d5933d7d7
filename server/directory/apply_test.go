package directory_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/directory"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

func TestAnApplicationWaitsUnseen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june, wren, maya := h.member("june"), h.member("wren"), h.person("maya", accounts.Moderator)
	c := h.apply(june, application("June Oudeveld"))
	if c.Slug != "june-oudeveld" || c.PersonID != june.ID || c.Credential.Status != directory.Pending || c.Credential.Number != "" ||
		c.Label(h.now()) != "" || len(c.Places) != 1 || !c.Takes(c.Places[0]) || !c.Places[0].AcceptingAt.Equal(h.now()) {
		t.Errorf("the listing is %+v", c)
	}
	for _, v := range []accounts.Viewer{guest, wren} {
		if _, err := h.Consultant(t.Context(), v, c.Slug); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q reads it: %v", v.Handle, err)
		}
	}
	h.read(june, c)
	h.read(maya, c)
	if found := h.slugs(directory.Filter{}); len(found) != 0 {
		t.Errorf("the list holds %v", found)
	}
	if jobs := h.jobs(); !slices.Equal(jobs, []string{`directory.applied {"consultant_id": 1}`}) {
		t.Errorf("jobs: %v", jobs)
	}
	own, err := h.Own(t.Context(), june, c.Slug)
	if err != nil || own.Credential.Number != "L-June Oudeveld" {
		t.Errorf("their own: %+v %v", own, err)
	}
	_, err = h.Own(t.Context(), maya, c.Slug)
	refused(t, "the number for a moderator", err, fault.Forbidden)
}

func TestAPersonHasOneListing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june := h.member("june")
	h.apply(june, application("June"))
	_, err := h.Apply(t.Context(), june, application("Another"))
	refused(t, "a second application", err, fault.Conflict)
	if jobs := h.jobs(); len(jobs) != 1 {
		t.Errorf("jobs: %v", jobs)
	}
}

func TestApplicationsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	june := h.member("june")
	for name, tt := range map[string]struct {
		change func(a *directory.Application)
		fields []string
	}{
		"nothing": {func(a *directory.Application) { *a = directory.Application{} },
			[]string{"country", "language", "name", "number", "telehealth", "text", "type"}},
		"no such type":        {func(a *directory.Application) { a.Type = "doctor" }, []string{"type"}},
		"no such country":     {func(a *directory.Application) { a.Country = "Atlantis" }, []string{"country"}},
		"no such language":    {func(a *directory.Application) { a.Languages = []string{"nl", "xx"} }, []string{"language"}},
		"too many languages":  {func(a *directory.Application) { a.Languages = text.Languages[:9] }, []string{"language"}},
		"no such subject":     {func(a *directory.Application) { a.Specialties = []string{"knitting"} }, []string{"specialty"}},
		"a number elsewhere":  {func(a *directory.Application) { a.Number = "Л-123" }, []string{"number"}},
		"a number of signs":   {func(a *directory.Application) { a.Number = "---" }, []string{"number"}},
		"a long number":       {func(a *directory.Application) { a.Number = strings.Repeat("1", 41) }, []string{"number"}},
		"a name of signs":     {func(a *directory.Application) { a.Name = "2026 !" }, []string{"name"}},
		"two alphabets":       {func(a *directory.Application) { a.Name = "Jun\u0435" }, []string{"name"}},
		"a title as a name":   {func(a *directory.Application) { a.Name = "June, I.B.C.L.C." }, []string{"name"}},
		"one that looks so":   {func(a *directory.Application) { a.Name = "June lBCLC" }, []string{"name"}},
		"a turned name":       {func(a *directory.Application) { a.Name = "June\u202e" }, []string{"name"}},
		"NUL":                 {func(a *directory.Application) { a.Fees = "1\x00" }, []string{"fees"}},
		"not text":            {func(a *directory.Application) { a.Text = "\xff" }, []string{"text"}},
		"too much":            {func(a *directory.Application) { a.Text = strings.Repeat("a", 2001) }, []string{"text"}},
		"at home nowhere":     {func(a *directory.Application) { a.Places = nil }, []string{"city1"}},
		"a place of signs":    {func(a *directory.Application) { a.Places[0].City = "…" }, []string{"city1"}},
		"a place in no land":  {func(a *directory.Application) { a.Places[0].Country = "" }, []string{"country1"}},
		"more than is listed": {func(a *directory.Application) { a.Places = slices.Repeat(a.Places, 4) }, []string{"city1"}},
		"two lines of fees":   {func(a *directory.Application) { a.Fees = "one\ntwo" }, []string{"fees"}},
		"two lines to wait":   {func(a *directory.Application) { a.Waiting = "one\ntwo" }, []string{"waiting"}},
	} {
		a := application("June")
		tt.change(&a)
		_, err := h.Apply(t.Context(), june, a)
		faulty(t, name, err, tt.fields...)
	}
	if jobs := h.jobs(); len(jobs) != 0 {
		t.Errorf("jobs: %v", jobs)
	}
	a := application("June")
	a.Places, a.Home, a.Specialties = nil, false, nil // by video alone, for all
	h.apply(june, a)
}

func TestANumberAndANameAreSomebodys(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	first := application("Zoë Lim")
	first.Number = "L-100 50"
	_, zoe := h.consultant(ada, "zoe", first)
	wren := h.member("wren")
	for _, number := range []string{"L-100 50", "l10050", "I-1OO/5O", "１-100-50"} {
		a := application("Wren")
		a.Number = number
		_, err := h.Apply(t.Context(), wren, a)
		faulty(t, "the number "+number, err, "number")
	}
	for _, name := range []string{"Zoë Lim", "ZOE LIM", "zoe-lim", "Z0e 1im", "Ζοε Lim"} {
		a := application(name)
		a.Number = "another"
		_, err := h.Apply(t.Context(), wren, a)
		faulty(t, "the name "+name, err, "name")
	}
	elsewhere := application("Wren")
	elsewhere.Number, elsewhere.Country = first.Number, "DE"
	_, err := h.Apply(t.Context(), wren, elsewhere)
	faulty(t, "the number in another country", err, "number") // one register numbers all consultants
	elsewhere.Type = directory.Supporter
	h.apply(wren, elsewhere) // another register's

	h.must(h.Refuse(t.Context(), ada, directory.Refusal{ConsultantID: zoe.ID, Reason: audit.Other, Seen: directory.Verified}))
	a := application("Sol")
	a.Number = first.Number
	h.apply(h.member("sol"), a) // a refused number is free
}

func TestSlugsOfNamesThatAreWrittenAlike(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for handle, want := range map[string]string{"one": "Apply", "two": "Анна", "three": "李娜"} {
		a := application(want)
		a.Number = handle
		c := h.apply(h.member(handle), a)
		if c.Slug == "apply" || c.Slug == "thread" || !strings.HasPrefix(c.Slug, "apply-") && !strings.HasPrefix(c.Slug, "consultant") {
			t.Errorf("%s stands at %s", want, c.Slug)
		}
	}
}

func TestTheMutedDoNotWriteListings(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	june, c := h.consultant(ada, "june", application("June"))
	wren := h.member("wren")
	h.exec(`UPDATE people SET muted_until = ? WHERE id IN (?, ?)`, h.now().Add(time.Hour), june.ID, wren.ID)
	_, err := h.Apply(t.Context(), wren, application("Wren"))
	refused(t, "applying", err, fault.Forbidden)
	_, err = h.Edit(t.Context(), june, c.Slug, application("June"))
	refused(t, "editing", err, fault.Forbidden)
	refused(t, "confirming", h.Confirm(t.Context(), june, c.Slug), fault.Forbidden)
	refused(t, "accepting", h.SetAccepting(t.Context(), june, c.Slug, false, ""), fault.Forbidden)
	_, err = h.Apply(t.Context(), guest, application("Nobody"))
	refused(t, "a guest", err, fault.Unauthenticated)
}

func TestOnlyTheConsultantChangesAListing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.person("ada", accounts.Administrator), h.member("wren")
	_, c := h.consultant(ada, "june", application("June"))
	pending := h.apply(h.member("sol"), application("Sol"))
	for _, v := range []accounts.Viewer{wren, ada} {
		_, err := h.Edit(t.Context(), v, c.Slug, application("June"))
		refused(t, "editing", err, fault.Forbidden)
		refused(t, "confirming", h.Confirm(t.Context(), v, c.Slug), fault.Forbidden)
		refused(t, "accepting", h.SetAccepting(t.Context(), v, c.Slug, false, ""), fault.Forbidden)
	}
	refused(t, "what they do not know of", h.Confirm(t.Context(), wren, pending.Slug), fault.NotFound)
	refused(t, "none", h.Confirm(t.Context(), wren, "no-such"), fault.NotFound)
	refused(t, "none with NUL", h.Confirm(t.Context(), wren, c.Slug+"\x00"), fault.NotFound)
}

func TestAnEditKeepsWhatWasChecked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	a := application("June")
	june, c := h.consultant(ada, "june", a)
	begun, jobs := h.now(), len(h.jobs())
	h.pass(time.Hour)
	a.Text, a.Accepting, a.Waiting = "Twins, mostly.", false, "about three weeks"
	a.Number = strings.ToLower(a.Number) // the same to a registry
	a.Places = append(a.Places, directory.Place{City: "Zeist", Country: "netherlands", Accepting: true})
	edited, err := h.Edit(t.Context(), june, c.Slug, a)
	h.must(err)
	if edited.Text != a.Text || edited.Accepting || edited.Waiting != a.Waiting || !edited.AcceptingAt.Equal(h.now()) ||
		!edited.ConfirmedAt.Equal(h.now()) || edited.Label(h.now()) != accounts.IBCLC || h.label(june) != accounts.IBCLC {
		t.Errorf("after the edit: %+v", edited)
	}
	if p := edited.Places; len(p) != 2 || !p[0].AcceptingAt.Equal(begun) || !p[1].AcceptingAt.Equal(h.now()) || p[1].Country != "NL" || edited.Takes(p[0]) {
		t.Errorf("places: %+v", p)
	}
	if got := h.slugs(directory.Filter{Words: "twins"}); len(got) != 1 {
		t.Errorf("the new words find %v", got)
	}
	if now := h.jobs(); len(now) != jobs {
		t.Errorf("nothing is to be checked anew: %v", now)
	}
}

func TestAChangedCredentialIsCheckedAnew(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(a *directory.Application){
		"number":  func(a *directory.Application) { a.Number = "L-9" },
		"type":    func(a *directory.Application) { a.Type = directory.Supporter },
		"country": func(a *directory.Application) { a.Country = "BE" },
		"name":    func(a *directory.Application) { a.Name = "Somebody Else" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			ada := h.person("ada", accounts.Administrator)
			a := application("June")
			june, c := h.consultant(ada, "june", a)
			h.pass(time.Hour)
			change(&a)
			edited, err := h.Edit(t.Context(), june, c.Slug, a)
			h.must(err)
			if edited.Credential.Status != directory.Pending || edited.Label(h.now()) != "" || h.label(june) != accounts.Peer {
				t.Errorf("it is %+v, and they wear %s", edited.Credential, h.label(june))
			}
			if found := h.slugs(directory.Filter{}); len(found) != 0 {
				t.Errorf("the list holds %v", found)
			}
			h.read(guest, c) // who has the address is told plainly
			if jobs := h.jobs(); jobs[len(jobs)-1] != `directory.applied {"consultant_id": 1}` {
				t.Errorf("jobs: %v", jobs)
			}
		})
	}
}

func TestConfirmingAndAccepting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	june, c := h.consultant(ada, "june", application("June"))
	h.pass(directory.Fresh)
	if h.read(june, c).Stale(h.now()) || len(h.slugs(directory.Filter{})) != 1 {
		t.Error("it is out of the list on the last day")
	}
	h.pass(time.Second)
	if !h.read(june, c).Stale(h.now()) || len(h.slugs(directory.Filter{})) != 0 {
		t.Error("it stands in the list though nobody confirmed it")
	}
	h.read(guest, c)
	h.must(h.Confirm(t.Context(), june, c.Slug))
	if !h.read(june, c).ConfirmedAt.Equal(h.now()) || len(h.slugs(directory.Filter{})) != 1 {
		t.Error("confirmed, it is not back")
	}
	h.pass(time.Hour)
	h.must(h.SetAccepting(t.Context(), june, c.Slug, false, " about three weeks "))
	if got := h.read(june, c); got.Accepting || got.Waiting != "about three weeks" || !got.AcceptingAt.Equal(h.now()) || !got.ConfirmedAt.Equal(h.now()) {
		t.Errorf("not accepting: %+v", got)
	}
	if found := h.slugs(directory.Filter{Accepting: true}); len(found) != 0 {
		t.Errorf("accepting are %v", found)
	}
	since := h.now()
	h.pass(time.Hour)
	h.must(h.SetAccepting(t.Context(), june, c.Slug, false, ""))
	if got := h.read(june, c); !got.AcceptingAt.Equal(since) || got.Waiting != "" {
		t.Errorf("said once more: %+v", got)
	}
	faulty(t, "two lines", h.SetAccepting(t.Context(), june, c.Slug, false, "a\nb"), "waiting")
}
