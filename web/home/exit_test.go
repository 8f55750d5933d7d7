package home

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// telling are the words by which somebody could see where a page belongs, and what a page must not ask of anybody.
var telling = regexp.MustCompile(`(?i)first|drops|milk|lact|feed|breast|baby|bab(y|ies)|parent|/static|https?:|<script|<link|<img|<a |<form|style`)

func TestExitIsAPageOfNoPlace(t *testing.T) {
	t.Parallel()
	for _, viewer := range []struct{ cookie string }{{""}, {"session=abc; theme=dim"}} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/exit", nil)
		r.Header.Set("Cookie", viewer.cookie)
		got := (&house{t: t}).ask(guest, r)
		html := got.Body.String()
		expect(t, html, "<title>Kitchen measures</title>")
		if words := telling.FindString(html); got.Code != http.StatusOK || words != "" {
			t.Errorf("%d, with %q:\n%s", got.Code, words, html)
		}
		if clears := got.Header().Get("Clear-Site-Data"); clears != `"cache", "storage"` {
			t.Errorf("it clears %s: drafts and pages must go, and nobody be signed out", clears)
		}
		if set := got.Header()["Set-Cookie"]; len(set) != 1 || !strings.HasPrefix(set[0], "left=1; Path=/; Max-Age=600") || strings.Contains(set[0], "HttpOnly") {
			t.Errorf("it sets %q", set)
		}
	}
}

func TestAnotherSiteMakesNobodyLeave(t *testing.T) {
	t.Parallel()
	for from, leaves := range map[string]bool{"cross-site": false, "same-origin": true, "none": true} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/exit", nil)
		r.Header.Set("Sec-Fetch-Site", from)
		got := (&house{t: t}).ask(guest, r).Header()
		if (got.Get("Clear-Site-Data") != "") != leaves || (got.Get("Set-Cookie") != "") != leaves {
			t.Errorf("from %s it answers %v", from, got)
		}
	}
}
