package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestAProfileIsOpenAndTellsLittle(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.join("Wren")
	for _, path := range []string{"/u/Wren", "/u/wren"} {
		response := h.get(path)
		wantStatus(t, response, http.StatusOK)
		body := response.body
		for _, words := range []string{"Wren", "Peer experience", "Member", time.Now().UTC().Format("January 2006")} {
			if !strings.Contains(body, words) {
				t.Errorf("%s does not say %q", path, words)
			}
		}
		if strings.Contains(body, "wren@example.org") || strings.Contains(body, "never shown") {
			t.Errorf("%s tells a guest too much", path)
		}
	}
	h.join("straße")
	wantStatus(t, h.get("/u/"+url.PathEscape("straße")), http.StatusOK)
}

func TestUnknownProfilesAreMissing(t *testing.T) {
	t.Parallel()
	h := open(t)
	want := h.get("/u/nobody").body
	for _, handle := range []string{"x", "%00", "%ff", "a%2Fb", "%E2%80%AEwren", "..", "'%20OR%201=1--", strings.Repeat("x", 5_000)} {
		response := h.get("/u/" + handle)
		wantStatus(t, response, http.StatusNotFound)
		if response.body != want {
			t.Errorf("%.20s is told apart", handle)
		}
	}
}
