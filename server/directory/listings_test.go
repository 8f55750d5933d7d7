package directory_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/server/platform/fault"
)

// somebody is verified under a handle, with a listing that is changed first.
func (h *house) somebody(ada accounts.Viewer, handle string, change func(a *directory.Application)) directory.Consultant {
	h.t.Helper()
	a := application(handle)
	a.Number = handle
	change(&a)
	_, c := h.consultant(ada, handle, a)
	h.pass(time.Minute) // who comes later has confirmed later
	return c
}

func at(city, country string, accepting bool) []directory.Place {
	return []directory.Place{{City: city, Country: country, Accepting: accepting}}
}

// street is a house with consultants in four places, of whom one takes nobody and one meets people by video only.
func street(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	h.somebody(ada, "hanneke", func(a *directory.Application) {
		a.Text, a.Telehealth = "Supplementers, scales and no hurry. 100% patience, O'Neill's way.", false
	})
	h.somebody(ada, "selin", func(a *directory.Application) {
		a.Places, a.Languages, a.Specialties = at("Zeist", "NL", true), []string{"tr", "nl"}, []string{"adoption", "induced-lactation"}
	})
	h.somebody(ada, "miriam", func(a *directory.Application) {
		a.Places, a.Accepting, a.Waiting = at("Gorinchem", "NL", true), false, "three weeks"
	})
	h.somebody(ada, "video", func(a *directory.Application) {
		a.Home, a.Places, a.Languages = false, nil, []string{"en"}
	})
	h.somebody(ada, "nowhere", func(a *directory.Application) { a.Places = at("Little Snoring", "GB", true) })
	h.somebody(ada, "brit", func(a *directory.Application) { a.Places = at("Birmingham", "United Kingdom", false) })
	h.apply(h.member("pending"), application("pending"))
	return h
}

func TestTheListIsFiltered(t *testing.T) {
	t.Parallel()
	h := street(t)
	for name, tt := range map[string]struct {
		f    directory.Filter
		want string
	}{
		"everybody: who takes somebody first, then who confirmed last": {directory.Filter{}, "brit nowhere video selin hanneke miriam"},
		"by video":              {directory.Filter{Telehealth: true}, "brit nowhere video selin miriam"},
		"a language":            {directory.Filter{Language: "tr"}, "selin"},
		"a subject":             {directory.Filter{Specialty: "adoption"}, "selin"},
		"accepting":             {directory.Filter{Accepting: true}, "brit nowhere video selin hanneke"},
		"near, nearest first":   {directory.Filter{Place: "Utrecht", Km: 50}, "hanneke selin miriam"},
		"near, as people type":  {directory.Filter{Place: " utrecht , the netherlands"}, "hanneke selin miriam"},
		"nearer":                {directory.Filter{Place: "Utrecht", Km: 10}, "hanneke selin"},
		"accepting there":       {directory.Filter{Place: "Utrecht", Accepting: true}, "hanneke selin"},
		"accepting elsewhere":   {directory.Filter{Place: "Birmingham", Accepting: true}, ""},
		"of one name, by land":  {directory.Filter{Place: "Birmingham, US", Km: 1000}, ""},
		"of one name, the best": {directory.Filter{Place: "BIRMINGHAM"}, "brit"},
		"a place by its name":   {directory.Filter{Place: "little snoring"}, "nowhere"},
		"as its name begins":    {directory.Filter{Place: "Little"}, "nowhere"},
		"a land":                {directory.Filter{Place: "Netherlands"}, "selin hanneke miriam"},
		"its code":              {directory.Filter{Place: "GB"}, "brit nowhere"},
		"a land, accepting":     {directory.Filter{Place: "uk", Accepting: true}, "nowhere"},
		"words":                 {directory.Filter{Words: "scales"}, "hanneke"},
		"a stem":                {directory.Filter{Words: "supplementer scale"}, "hanneke"},
		"a name":                {directory.Filter{Words: "Selin"}, "selin"},
		"a city as a word":      {directory.Filter{Words: "Zeist"}, "selin"},
		"a subject as a word":   {directory.Filter{Words: "induced lactation"}, "selin"},
		"mistyped":              {directory.Filter{Words: "suplementers"}, "brit nowhere video selin miriam"},
		"mistyped twice":        {directory.Filter{Words: "patiense scalles"}, "hanneke"},
		"common words":          {directory.Filter{Words: "the and with scales"}, "hanneke"},
		"nothing but common":    {directory.Filter{Words: "the", Language: "tr"}, "selin"},
		"no such word":          {directory.Filter{Words: "zeppelin"}, ""},
		"no such place":         {directory.Filter{Place: "Atlantis"}, ""},
		"a quote":               {directory.Filter{Words: "O'Neill's"}, "hanneke"},
		"all of it":             {directory.Filter{Place: "Utrecht", Km: 1000, Telehealth: true, Language: "nl", Specialty: "adoption", Accepting: true, Words: "hurry"}, "selin"},
	} {
		if got := strings.Join(h.slugs(tt.f), " "); got != tt.want && !strings.HasPrefix(name, "mistyped") {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		} else if strings.HasPrefix(name, "mistyped") && got == "" {
			t.Errorf("%s finds nobody", name)
		}
	}
}

func TestStrangeFilters(t *testing.T) {
	t.Parallel()
	h := street(t)
	for _, words := range []string{"'", "%", `\`, "(((", "_", "!", "\x00", "\xff", "&|!<->:*", strings.Repeat("zeppelin ", 2000), strings.Repeat("z", 20000)} {
		for _, f := range []directory.Filter{{Words: words}, {Place: words}, {Words: words, Place: "Utrecht"}} {
			if _, err := h.Listings(t.Context(), guest, f); err != nil {
				t.Errorf("%.20q: %v", words, err)
			}
		}
	}
	if got := h.slugs(directory.Filter{Place: "%"}); len(got) != 6 {
		t.Errorf("a sign is no place: %v", got)
	}
	page, err := h.Listings(t.Context(), guest, directory.Filter{Words: strings.Repeat("scales ", 2000)})
	if err != nil || !page.Capped || len(page.Consultants) != 1 {
		t.Errorf("2,000 words: %+v %v", page, err)
	}
	page, err = h.Listings(t.Context(), guest, directory.Filter{Words: "scalles"})
	if err != nil || page.Meant != "scales" || page.Words != "scalles" || len(page.Consultants) != 1 {
		t.Errorf("mistyped: %+v %v", page, err)
	}
	for _, f := range []directory.Filter{
		{Language: "xx"}, {Specialty: "knitting"}, {Km: -1, Place: "Utrecht"}, {Km: 1001}, {After: "x"}, {After: "1.1"}, {After: "1.1.1.1"}, {After: "-1.1.1"},
		{After: "01.1.1"}, {After: "1.1.1", Place: "Utrecht"}, {After: "1.zzzzzzzzzzzz.1"}, {After: "1..1"},
	} {
		_, err := h.Listings(t.Context(), guest, f)
		refused(t, "a filter that no page offers", err, fault.NotFound)
	}
}

func TestTheListTurnsItsPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.person("ada", accounts.Administrator)
	var all []string
	for i := range 45 {
		c := h.somebody(ada, numbered(i), func(a *directory.Application) {
			a.Accepting = i%2 == 0
			a.Places = at([]string{"Utrecht", "Zeist", "Amersfoort"}[i%3], "NL", true)
		})
		all = append(all, c.Slug)
	}
	slices.Sort(all)
	for name, f := range map[string]directory.Filter{"all": {}, "near": {Place: "Utrecht"}, "by name": {Place: "Netherlands"}} {
		got := h.slugs(f)
		if !slices.Equal(slices.Sorted(slices.Values(got)), all) {
			t.Errorf("%s: %d of %d, or some twice: %v", name, len(got), len(all), got)
		}
	}
	page, err := h.Listings(t.Context(), guest, directory.Filter{Place: "Utrecht"})
	h.must(err)
	first, last := page.Consultants[0], page.Consultants[19]
	if len(page.Consultants) != 20 || !page.Nearest || first.Metres != 0 || last.Metres < 8000 || last.Metres > 11000 || len(last.Places) != 1 {
		t.Errorf("from %d m to %d m", first.Metres, last.Metres)
	}
}

// TestAListTakesFewStatements: one, and three where nothing has the words as they were typed.
func TestAListTakesFewStatements(t *testing.T) {
	t.Parallel()
	h := street(t)
	for words, most := range map[string]int64{"": 1, "scales": 1, "scalles": 3, "zeppelin": 3} {
		for range 2 { // prepared the first time
			before := h.db.Statements()
			h.slugs(directory.Filter{Words: words})
			if took := h.db.Statements() - before; took > most {
				t.Errorf("%q takes %d statements", words, took)
			}
		}
	}
}
