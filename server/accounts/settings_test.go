package accounts_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/accounts/settings"
	"firstdrops/server/platform/fault"
)

func (h *house) settings() *settings.Settings { return settings.New(h.db, h.now) }

// said is all that somebody can say of themselves.
func said() settings.Self {
	return settings.Self{
		Name: "Wren of the Marsh", Pronouns: "she/they", Feeding: "nursing", Way: []string{"relactating", "pumping"}, WayLine: "Since March, at night.",
		Visibility: accounts.ForMembers, Language: "nl", Zone: "Europe/Amsterdam", Theme: "dim", ReducedData: true,
	}
}

func (h *house) self(v accounts.Viewer) settings.Self {
	h.t.Helper()
	self, err := h.settings().Of(h.t.Context(), v)
	if err != nil {
		h.t.Fatal(err)
	}
	return self
}

func (h *house) say(v accounts.Viewer, self settings.Self) {
	h.t.Helper()
	if err := h.settings().Set(h.t.Context(), v, self); err != nil {
		h.t.Fatal(err)
	}
}

func TestSelfIsKeptAndGoesWithTheViewer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("Wren")
	wren := h.viewer(session.Token)
	nothing := settings.Self{Name: "Wren", Feeding: "feeding", Way: []string{}, Visibility: accounts.ForEverybody}
	if got := h.self(wren); !reflect.DeepEqual(got, nothing) {
		t.Errorf("who said nothing: %+v", got)
	}
	h.say(wren, said())
	if got := h.self(wren); !reflect.DeepEqual(got, said()) {
		t.Errorf("got %+v, want %+v", got, said())
	}
	v := h.viewer(session.Token)
	if v.Name != "Wren of the Marsh" || v.Feeding != "nursing" || v.Language != "nl" || v.Theme != "dim" || !v.ReducedData || v.Location().String() != "Europe/Amsterdam" {
		t.Errorf("the viewer: %+v in %s", v, v.Location())
	}
	nothing.Name = ""
	h.say(wren, nothing)
	if got := h.viewer(session.Token); got.Name != "Wren" || got.Location() != time.UTC {
		t.Errorf("all taken back: %+v", got)
	}
	if err := h.settings().Set(t.Context(), accounts.Viewer{}, said()); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("a guest: %v", err)
	}
}

func TestSelfRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.viewer(h.join("Wren").Token)
	for field, spoil := range map[string][]func(*settings.Self){
		"name": {
			func(s *settings.Self) { s.Name = strings.Repeat("x", 41) }, func(s *settings.Self) { s.Name = "Wr\u200ben" },
			func(s *settings.Self) { s.Name = "Wr\x00en" }, func(s *settings.Self) { s.Name = "Your moderator" },
			func(s *settings.Self) { s.Name = "Wr\u0435n" }, func(s *settings.Self) { s.Name = "June, IBCLC" },
		},
		"pronouns":   {func(s *settings.Self) { s.Pronouns = strings.Repeat("x", 41) }, func(s *settings.Self) { s.Pronouns = "a\nb" }},
		"way_line":   {func(s *settings.Self) { s.WayLine = strings.Repeat("x", 161) }, func(s *settings.Self) { s.WayLine = "a\u202eb" }},
		"way":        {func(s *settings.Self) { s.Way = []string{"pumping", "elsewhere"} }},
		"feeding":    {func(s *settings.Self) { s.Feeding = "" }, func(s *settings.Self) { s.Feeding = "milking" }},
		"visibility": {func(s *settings.Self) { s.Visibility = "" }, func(s *settings.Self) { s.Visibility = "friends" }},
		"language":   {func(s *settings.Self) { s.Language = "xx" }},
		"zone": {
			func(s *settings.Self) { s.Zone = "Local" }, func(s *settings.Self) { s.Zone = "Europe/Nowhere" },
			func(s *settings.Self) { s.Zone = "../../etc/passwd" }, func(s *settings.Self) { s.Zone = "europe/amsterdam" },
		},
		"theme": {func(s *settings.Self) { s.Theme = "system" }, func(s *settings.Self) { s.Theme = "neon" }},
	} {
		for i, spoiled := range spoil {
			self := said()
			spoiled(&self)
			faults := fields(t, h.settings().Set(t.Context(), wren, self))
			if len(faults) != 1 || faults[field] == "" {
				t.Errorf("%s %d: faults %v", field, i, faults)
			}
		}
	}
	if got := h.self(wren); got.Name != "Wren" || got.Zone != "" || h.count("names") != 1 {
		t.Errorf("a refused form left %+v, %d names", got, h.count("names"))
	}
	for _, zone := range []string{"UTC", "America/Argentina/Salta", "Etc/GMT+5", "America/Port-au-Prince"} {
		self := said()
		self.Zone = zone
		h.say(wren, self)
	}
}

func TestNobodyHasTheNameOfSomebodyElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.viewer(h.join("Wren").Token), h.viewer(h.join("Sol").Token)
	as := func(name string) settings.Self {
		self := said()
		self.Name = name
		return self
	}
	h.say(wren, as("Marsh Bird"))
	for _, name := range []string{"marsh bird", "ＭＡＲＳＨ  Bird", "wren"} {
		wantFault(t, h.settings().Set(t.Context(), sol, as(name)), "name", "is taken already")
	}
	h.say(wren, as("WREN")) // one's own handle, and the bird is free again
	h.say(sol, as("Marsh bird"))
	wantFault(t, h.settings().Set(t.Context(), wren, as("marsh bird")), "name", "is taken already")
	h.say(sol, as("Sol"))
	if n := h.count("names"); n != 2 {
		t.Errorf("%d names, want the two handles", n)
	}
}

func TestWhoeverIsMutedChangesOnlyWhatNobodySees(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.viewer(h.join("Wren").Token)
	h.exec(`UPDATE people SET muted_until = ? WHERE id = ?`, h.now().Add(time.Hour), wren.ID)
	self := h.self(wren)
	for what, change := range map[string]func(*settings.Self){
		"name": func(s *settings.Self) { s.Name = "Rude" }, "pronouns": func(s *settings.Self) { s.Pronouns = "rude" },
		"way": func(s *settings.Self) { s.Way = []string{"pumping"} }, "line": func(s *settings.Self) { s.WayLine = "Rude." },
	} {
		changed := self
		change(&changed)
		if err := h.settings().Set(t.Context(), wren, changed); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", what, err)
		}
	}
	self.Theme, self.Visibility, self.Zone = "dark", accounts.ForNobody, "Asia/Kolkata"
	h.say(wren, self)
}

func TestProfilesAreReadByWhomTheyAreFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	guest, wren, sol := accounts.Viewer{}, h.viewer(h.join("Wren").Token), h.viewer(h.join("Sol").Token)
	waits := h.viewer(h.join("Finch").Token)
	waits.Awaits = accounts.AwaitsApproval
	for visibility, open := range map[accounts.Visibility][]accounts.Viewer{
		accounts.ForEverybody: {guest, waits, sol, wren}, accounts.ForMembers: {sol, wren}, accounts.ForNobody: {wren},
	} {
		self := said()
		self.Visibility = visibility
		h.say(wren, self)
		for _, viewer := range []accounts.Viewer{guest, waits, sol, wren} {
			got, err := h.Person(t.Context(), viewer, "wren")
			if err != nil {
				t.Fatal(err)
			}
			want := accounts.Person{ID: wren.ID, Handle: "Wren", Name: self.Name, Role: accounts.Member, Label: accounts.Peer, JoinedAt: got.JoinedAt}
			if slices.Contains(open, viewer) {
				want.Pronouns, want.Way, want.WayLine = self.Pronouns, self.Way, self.WayLine
			}
			if viewer == wren {
				want.Visibility = visibility
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, to %q: %+v", visibility, viewer.Handle, got)
			}
		}
	}
}

func TestWhoHasLeftHasNoProfile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("Wren")
	h.exec(`UPDATE people SET handle = '', handle_fold = NULL, display_name = 'a former member', left_at = now()`)
	for _, handle := range []string{"", "Wren", "a former member"} {
		if _, err := h.Person(t.Context(), accounts.Viewer{}, handle); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", handle, err)
		}
	}
}

func TestSetTheme(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("Wren")
	wren := h.viewer(session.Token)
	for _, theme := range []string{"dim", ""} {
		if err := h.settings().SetTheme(t.Context(), wren, theme); err != nil || h.viewer(session.Token).Theme != theme {
			t.Errorf("%q: %q, %v", theme, h.viewer(session.Token).Theme, err)
		}
	}
	wantFault(t, h.settings().SetTheme(t.Context(), wren, "neon"), "theme", "one of the four")
}
