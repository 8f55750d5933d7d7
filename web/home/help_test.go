package home

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// The page works without any domain: it is there while the database is away.
func TestHelpShowsTheLinesOfEachCountry(t *testing.T) {
	t.Parallel()
	for code, numbers := range map[string][]string{
		"us":    {"tel:911", "tel:988", "tel:18338526262", "1-833-852-6262"},
		"ca":    {"tel:911", "tel:988"},
		"gb":    {"tel:999", "tel:116123", "tel:111"},
		"ie":    {"tel:112", "tel:116123"},
		"nl":    {"tel:112", "tel:113", "0800-0113"},
		"au":    {"tel:000", "tel:131114", "tel:1300726306"},
		"other": {"tel:112", "findahelpline.com"},
	} {
		html := (&house{t: t}).get(guest, "/help/now?country="+code)
		expect(t, html, numbers...)
		expect(t, html, `<option value="`+code+`" selected>`, "Numbers as of ")
		if lines := strings.Count(html, `class="call"`); lines != len(contacts.in(code).Lines) {
			t.Errorf("%s: %d lines", code, lines)
		}
	}
}

func TestHelpForAnUnknownCountryIsTheRestOfTheWorld(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "xx", "US", "<script>", strings.Repeat("a", 3000)} {
		expect(t, (&house{t: t}).get(guest, "/help/now?country="+code), `<option value="other" selected>`)
	}
}

func TestHelpGuessesByLanguageAndKeepsNothing(t *testing.T) {
	t.Parallel()
	for languages, want := range map[string]string{
		"en-GB,en;q=0.9": "gb", "nl": "nl", "en-AU": "au", "en-IE": "ie", "fr-CA,fr;q=0.8": "ca", "en-US": "us",
		"pt-BR": "other", "": "other", "*": "other", ";;;": "other",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/help/now", nil)
		r.Header.Set("Accept-Language", languages)
		got := (&house{t: t}).ask(guest, r)
		expect(t, got.Body.String(), `<option value="`+want+`" selected>`)
		if cookie := got.Header().Get("Set-Cookie"); cookie != "" {
			t.Errorf("%q: kept %q", languages, cookie)
		}
	}
}

func TestEveryLineCanBeCalled(t *testing.T) {
	t.Parallel()
	dialled := regexp.MustCompile(`^[0-9]+$`)
	seen := map[string]bool{}
	for _, country := range contacts.Countries {
		if country.Name == "" || len(country.Lines) == 0 || seen[country.Code] {
			t.Errorf("%q has no name, no line or a twin", country.Code)
		}
		seen[country.Code] = true
		for _, line := range country.Lines {
			if line.Number == "" || line.When == "" || !dialled.MatchString(line.Tel) {
				t.Errorf("%s: %+v cannot be called", country.Name, line)
			}
		}
	}
	if last := contacts.Countries[len(contacts.Countries)-1]; last.Code != elsewhere {
		t.Errorf("the rest of the world is not last but %s", last.Name)
	}
}

func TestCreditNamesTheDayAndWhoChecked(t *testing.T) {
	t.Parallel()
	for list, want := range map[*helpLines]string{
		{Version: "2026-11-21"}:                   "Numbers as of 21 November 2026.",
		{Version: "2026-11-21", Approver: "Maya"}: "Numbers as of 21 November 2026, checked by Maya.",
		{Version: "spring"}:                       "Numbers as of spring.",
	} {
		if got := list.credit(); got != want {
			t.Errorf("%q", got)
		}
	}
}
