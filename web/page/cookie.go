package page

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
)

const (
	themeCookie = "theme"
	themeKept   = 365 * 24 * time.Hour
	forget      = -time.Second // to be kept until a moment ago
)

// SessionToken is the token that the browser sent, or "". It is not checked here.
func SessionToken(c echo.Context) string {
	cookie, err := c.Cookie(sessionCookie(c))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// SetSession signs the browser in.
func SetSession(c echo.Context, s accounts.Session) {
	setCookie(c, sessionCookie(c), s.Token, s.Expires.Sub(Now(c)))
}

// ClearSession signs the browser out.
func ClearSession(c echo.Context) {
	setCookie(c, sessionCookie(c), "", forget)
}

func sessionCookie(c echo.Context) string { return CookieName(site(c).Base) }

// CookieName is the session cookie's name; on https its prefix makes browsers refuse one that another host planted.
func CookieName(base *url.URL) string { return hostOnly(base, "session") }

func hostOnly(base *url.URL, name string) string {
	if base.Scheme == "https" {
		return "__Host-" + name
	}
	return name
}

// Kept is what the browser keeps under a name since Keep, or "".
func Kept(c echo.Context, name string) string {
	cookie, err := c.Cookie(hostOnly(site(c).Base, name))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Keep lets the browser keep a secret of this site until a moment; an empty one is forgotten.
func Keep(c echo.Context, name, secret string, until time.Time) {
	kept := until.Sub(Now(c))
	if secret == "" {
		kept = forget
	}
	setCookie(c, hostOnly(site(c).Base, name), secret, kept)
}

// Theme is the light that this browser chose: light, dark, dim, or "" to follow the device.
func Theme(c echo.Context) string {
	cookie, err := c.Cookie(themeCookie)
	if err != nil || !isTheme(cookie.Value) {
		return ""
	}
	return cookie.Value
}

// SetTheme keeps the choice of light on this browser: light, dark, dim, or system to follow the device again.
func SetTheme(c echo.Context, choice string) error {
	switch {
	case choice == "system":
		setCookie(c, themeCookie, "", forget)
	case isTheme(choice):
		setCookie(c, themeCookie, choice, themeKept)
	default:
		return fault.Field("theme", "Please choose one of the four: as my phone, light, dark or dim.")
	}
	return nil
}

func isTheme(s string) bool { return s == "light" || s == "dark" || s == "dim" }

// setCookie sends a cookie that only this site and no script can read, to be kept for so long.
func setCookie(c echo.Context, name, value string, kept time.Duration) {
	c.SetCookie(&http.Cookie{ //nolint:gosec // not Secure only where the site is on plain http
		Name: name, Value: value, Path: "/", MaxAge: int(kept.Seconds()), Expires: Now(c).Add(kept),
		HttpOnly: true, Secure: Secure(c), SameSite: http.SameSiteLaxMode,
	})
}
