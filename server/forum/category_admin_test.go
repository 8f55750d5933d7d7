package forum_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
)

var nights = forum.Category{Slug: "nights", Name: "Nights", About: "For the small hours", Audience: forum.Members, Position: 2}

func (h *house) administrator(handle string) accounts.Viewer {
	h.t.Helper()
	return h.raised(h.person(handle), accounts.Administrator)
}

func (h *house) entries() []audit.Entry {
	h.t.Helper()
	page, err := audit.New(h.db).Page(h.t.Context(), 0)
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Entries
}

func (h *house) category(slug string) forum.Category {
	h.t.Helper()
	c, err := h.Category(h.t.Context(), accounts.Viewer{ID: 1}, slug)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func TestAnAdministratorAddsACategory(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.administrator("ada")
	if err := h.AddCategory(t.Context(), ada, nights); err != nil {
		t.Fatal(err)
	}
	all, err := h.Categories(t.Context(), guest)
	at := slices.IndexFunc(all, func(c forum.Category) bool { return c.Slug == "nights" })
	if err != nil || len(all) != 10 || at != 2 || all[at].Name != "Nights" || !all[at].MembersOnly() {
		t.Errorf("it stands at %d of %d: %v", at, len(all), err)
	}
	h.thread(h.person("wren"), "nights", "Awake again")
	if e := h.entries()[0]; e.Verb != audit.Add || e.Kind != audit.Category || e.ObjectID != all[at].ID || e.ActorID != ada.ID {
		t.Errorf("written down as %+v", e)
	}
	var refusal *fault.Error
	if err := h.AddCategory(t.Context(), ada, nights); !errors.As(err, &refusal) || refusal.Fields["slug"] == "" || len(h.entries()) != 1 {
		t.Errorf("the same again: %v", err)
	}
}

// TestAnAudienceHoldsAtOnce on every surface that a guest has, and for what stands there already.
func TestAnAudienceHoldsAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.administrator("ada")
	thread := h.thread(h.person("wren"), "relactation", "Quillmoor lanterns")
	place := h.reply(h.person("sol"), thread, "Thistledown")
	seen := func() []string {
		var found []string
		note := func(surface string, is bool, err error) {
			if err != nil && !fault.Is(err, fault.NotFound) {
				t.Fatal(surface, err)
			}
			if err == nil && is {
				found = append(found, surface)
			}
		}
		_, err := h.Category(t.Context(), guest, "relactation")
		note("category", true, err)
		_, err = h.Thread(t.Context(), guest, thread.ID)
		note("thread", true, err)
		_, err = h.Place(t.Context(), guest, place.PostID)
		note("place", true, err)
		latest, err := h.Latest(t.Context(), guest, 5)
		note("latest", len(latest) > 0, err)
		all, err := h.Categories(t.Context(), guest)
		note("contents", !all[0].ActiveAt.IsZero(), err)
		return found
	}
	open := seen()
	if len(open) != 5 {
		t.Fatalf("a guest sees only %v", open)
	}
	c := h.category("relactation")
	for _, audience := range []forum.Audience{forum.Members, forum.Public} {
		c.Audience = audience
		for range 2 { // the second time it is so already
			if err := h.ChangeCategory(t.Context(), ada, c); err != nil {
				t.Fatal(err)
			}
		}
		if now := seen(); audience == forum.Members && len(now) > 0 || audience == forum.Public && len(now) != 5 {
			t.Errorf("for %s a guest sees %v", audience, now)
		}
	}
	if entries := h.entries(); len(entries) != 2 || entries[0].Verb != audit.Change || entries[0].Kind != audit.Category || entries[0].ObjectID != c.ID {
		t.Errorf("written down are %+v", entries)
	}
}

func TestCategoriesAreArrangedByAdministratorsOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	house := h.category("house")
	house.Name = "Mine"
	moderator := h.moderator("maya")
	for _, v := range []accounts.Viewer{guest, h.person("wren"), moderator} {
		if err := h.AddCategory(t.Context(), v, nights); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q adds: %v", v.Role, err)
		}
		if err := h.ChangeCategory(t.Context(), v, house); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q changes: %v", v.Role, err)
		}
	}
	ada := h.administrator("ada")
	for _, slug := range []string{"nowhere", "", "hou\x00se"} {
		c := nights
		c.Slug = slug
		if err := h.ChangeCategory(t.Context(), ada, c); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", slug, err)
		}
	}
	if h.category("house").Name != "House" || len(h.entries()) != 0 {
		t.Error("a refusal changed something")
	}
}

func TestFaultsOfACategoryAreNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.administrator("ada")
	for field, spoil := range map[string]func(*forum.Category){
		"slug":     func(c *forum.Category) { c.Slug = "Nights" },
		"name":     func(c *forum.Category) { c.Name = strings.Repeat("a", 61) },
		"about":    func(c *forum.Category) { c.About = " \u200b " },
		"audience": func(c *forum.Category) { c.Audience = "friends" },
		"position": func(c *forum.Category) { c.Position = 1000 },
	} {
		c := nights
		spoil(&c)
		var refusal *fault.Error
		if err := h.AddCategory(t.Context(), ada, c); !errors.As(err, &refusal) || len(refusal.Fields) != 1 || refusal.Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}
