package page_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/page"
)

func TestSessionCookie(t *testing.T) {
	t.Parallel()
	session := accounts.Session{Token: "opaque", Expires: noon.Add(time.Hour)}
	for base, want := range map[string]string{
		"http://localhost:8080":      "session=opaque; Path=/; Expires=Wed, 04 Mar 2026 13:00:00 GMT; Max-Age=3600; HttpOnly; SameSite=Lax",
		"https://firstdrops.example": "__Host-session=opaque; Path=/; Expires=Wed, 04 Mar 2026 13:00:00 GMT; Max-Age=3600; HttpOnly; Secure; SameSite=Lax",
	} {
		got := serve(visit{target: "/", base: base}, func(c echo.Context) error {
			page.SetSession(c, session)
			return nil
		})
		if cookie := got.Header().Get("Set-Cookie"); cookie != want {
			t.Errorf("on %s the cookie is %q", base, cookie)
		}
	}
}

func TestClearSession(t *testing.T) {
	t.Parallel()
	got := serve(visit{target: "/", base: "https://firstdrops.example"}, func(c echo.Context) error {
		page.ClearSession(c)
		return nil
	}).Header().Get("Set-Cookie")
	if !strings.HasPrefix(got, "__Host-session=;") || !strings.Contains(got, "Max-Age=0") {
		t.Errorf("cleared with %q", got)
	}
}

func TestSessionTokenHasOneName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ base, name, want string }{
		{"http://localhost:8080", "session", "opaque"},
		{"https://firstdrops.example", "__Host-session", "opaque"},
		{"https://firstdrops.example", "session", ""}, // another host may have planted it
		{"http://localhost:8080", "other", ""},
	} {
		serve(visit{target: "/", base: c.base, cookie: &http.Cookie{Name: c.name, Value: "opaque"}}, func(e echo.Context) error {
			if got := page.SessionToken(e); got != c.want {
				t.Errorf("%s on %s: %q", c.name, c.base, got)
			}
			return nil
		})
	}
}

func TestThemeIsOneOfFour(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"light": "light", "dark": "dark", "dim": "dim", "system": "", "\"><script>": ""} {
		serve(visit{target: "/", cookie: &http.Cookie{Name: "theme", Value: value}}, func(c echo.Context) error {
			if got := page.Theme(c); got != want {
				t.Errorf("%q: theme %q", value, got)
			}
			return nil
		})
	}
}

func TestSetTheme(t *testing.T) {
	t.Parallel()
	for choice, want := range map[string]struct {
		status int
		cookie string
	}{
		"dim":    {200, "theme=dim; Path=/; Expires=Thu, 04 Mar 2027 12:00:00 GMT; Max-Age=31536000; HttpOnly; SameSite=Lax"},
		"system": {200, "theme=; Path=/; Expires=Wed, 04 Mar 2026 11:59:59 GMT; Max-Age=0; HttpOnly; SameSite=Lax"},
		"neon":   {422, ""},
		"":       {422, ""},
	} {
		got := serve(visit{target: "/"}, func(c echo.Context) error { return page.SetTheme(c, choice) })
		if got.Code != want.status || got.Header().Get("Set-Cookie") != want.cookie {
			t.Errorf("%q: %d, %q", choice, got.Code, got.Header().Get("Set-Cookie"))
		}
	}
}
