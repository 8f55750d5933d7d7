package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// choosing is a whole form of settings.
func choosing(pairs ...string) url.Values {
	form := url.Values{
		"name": {"Wren of the Marsh"}, "pronouns": {"she/they"}, "feeding": {"nursing"}, "way": {"pumping", "relactating"},
		"way_line": {"Since March, at night."}, "visibility": {"members"}, "language": {"nl"}, "zone": {"Asia/Kolkata"}, "theme": {"dim"}, "reduced_data": {"1"},
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestSettingsAreKeptAndShown(t *testing.T) {
	t.Parallel()
	h := open(t)
	wantSent(t, h.get("/settings"), "/login?next=%2Fsettings")
	wren := h.join("Wren")
	saved := h.post("/settings", choosing(), wren)
	wantSent(t, saved, "/settings?saved=1")
	if lit := saved.cookie(t, "theme"); lit.Value != "dim" {
		t.Errorf("this browser stays %q once they sign out", lit.Value)
	}
	page := read(t, h.get("/settings?saved=1", wren))
	for _, field := range []string{"name", "pronouns", "way_line", "zone"} {
		if got := page.id(field).attr("value"); got != choosing().Get(field) {
			t.Errorf("%s holds %q", field, got)
		}
	}
	for field, want := range map[string]string{"feeding": "nursing", "visibility": "members", "language": "nl", "theme": "dim"} {
		chosen := page.id(field).find(func(e document) bool { return e.has("selected") })
		if chosen == nil || chosen.attr("value") != want {
			t.Errorf("%s is not %s", field, want)
		}
	}
	for id, ticked := range map[string]bool{"way-pumping": true, "way-relactating": true, "way-weaning": false, "reduced_data": true} {
		if page.id(id).has("checked") != ticked {
			t.Errorf("%s is not %v", id, ticked)
		}
	}
	if words := page.text(); !strings.Contains(words, "Saved.") || !strings.Contains(words, "You and nursing") || !strings.Contains(words, "the Shift key three times") {
		t.Errorf("it says\n%s", words)
	}
	all := choosing()
	all.Del("reduced_data")
	h.post("/settings", all, wren)
	if read(t, h.get("/settings", wren)).id("reduced_data").has("checked") {
		t.Error("reduced data cannot be taken back")
	}
}

func TestRefusedSettingsComeBackWhole(t *testing.T) {
	t.Parallel()
	h := open(t)
	wren := h.join("Wren")
	h.join("Sol")
	for field, typed := range map[string]string{
		"name": "sol", "pronouns": strings.Repeat("x", 41), "way_line": strings.Repeat("x", 161), "feeding": "milking", "visibility": "friends",
		"language": "xx", "zone": "Local", "theme": "neon",
	} {
		got := h.post("/settings", choosing(field, typed), wren)
		wantStatus(t, got, http.StatusUnprocessableEntity)
		page := read(t, got)
		page.faultAt(t, field)
		for _, kept := range []string{"name", "pronouns", "way_line", "zone"} {
			if value := page.id(kept).attr("value"); value != choosing(field, typed).Get(kept) {
				t.Errorf("wrong %s: %s holds %q", field, kept, value)
			}
		}
		if !page.id("way-pumping").has("checked") || !page.id("reduced_data").has("checked") {
			t.Errorf("wrong %s: a tick is lost", field)
		}
	}
	if value := read(t, h.post("/settings", choosing("name", "\xffsol", "zone", "\xff"), wren)).id("zone").attr("value"); value != "\ufffd" {
		t.Errorf("a broken zone comes back as %q", value)
	}
	got := h.post("/settings", choosing("way", "elsewhere"), wren)
	if wantStatus(t, got, http.StatusUnprocessableEntity); read(t, got).id("way") == nil {
		t.Error("a way that is none is not told")
	}
	if page := h.get("/u/wren").body; strings.Contains(page, "Marsh") {
		t.Error("a refused form was stored")
	}
}

func TestAProfileIsForWhomItsOwnerChose(t *testing.T) {
	t.Parallel()
	h := open(t)
	wren, sol := h.join("Wren"), h.join("Sol")
	empty := h.get("/u/wren", sol).body
	h.post("/settings", choosing("name", "Wren", "visibility", "nobody"), wren)
	if got := h.get("/u/wren", sol).body; got != empty {
		t.Error("a profile for nobody is told from an empty one")
	}
	if own := h.get("/u/wren", wren).body; !strings.Contains(own, "Since March") || !strings.Contains(own, "Only you see all of this") {
		t.Error("its owner does not see it")
	}
	h.post("/settings", choosing("name", "Wren"), wren)
	if guest := h.get("/u/wren").body; strings.Contains(guest, "she/they") || strings.Contains(guest, "Pumping") || strings.Contains(guest, "Since March") {
		t.Error("a guest reads what is for members")
	}
	words := read(t, h.get("/u/wren", sol)).text()
	for _, said := range []string{"she/they", "Since March, at night.", "Relactating", "Pumping", "On the way with feeding"} {
		if !strings.Contains(words, said) {
			t.Errorf("a member does not read %q in\n%s", said, words)
		}
	}
	h.post("/settings", choosing("name", "Sol", "feeding", "chestfeeding"), sol)
	if words := read(t, h.get("/u/wren", sol)).text(); !strings.Contains(words, "On the way with chestfeeding") {
		t.Error("the reader's own word is not used")
	}
}
