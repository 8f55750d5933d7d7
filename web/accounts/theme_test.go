package accounts_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestThemeIsKeptOnTheBrowserAndForMembersEverywhere(t *testing.T) {
	t.Parallel()
	h := open(t)
	wren := h.join("Wren")
	for _, c := range []struct {
		theme, referer string
		cookie         *http.Cookie
		status         int
		back, set      string // how the cookie begins
		lit            string // the theme of the member's next page on another device
	}{
		{"dim", "http://localhost:8080/rooms", nil, 303, "/rooms", "theme=dim; Path=/; ", ""},
		{"dark", "https://evil.example/x", wren, 303, "/", "theme=dark; Path=/; ", `data-theme="dark"`},
		{"neon", "", wren, 422, "", "", `data-theme="dark"`},
		{"system", "", wren, 303, "/", "theme=; Path=/; ", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/theme", strings.NewReader("theme="+c.theme))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", c.referer)
		if c.cookie != nil {
			r.AddCookie(c.cookie)
		}
		got := h.ask(r)
		set := got.header.Get("Set-Cookie")
		if got.status != c.status || got.header.Get("Location") != c.back || !strings.HasPrefix(set, c.set) || (c.set == "" && set != "") {
			t.Errorf("%s: %d %v", c.theme, got.status, got.header)
		}
		if page := h.get("/u/wren", wren).body; strings.Contains(page, "data-theme=") != (c.lit != "") || !strings.Contains(page, c.lit) {
			t.Errorf("after %s another device is not %q", c.theme, c.lit)
		}
	}
}
