package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/web/static"
)

const password = "four quiet lamps burning"

// broken panics with what a person typed, as a careless line of code could.
func (h *house) broken() {
	h.echo.GET("/broken/:word", func(c echo.Context) error { panic("broken at " + c.Param("word")) })
}

// TestEveryAnswerCarriesTheHeaders asks for every route as guest and as member, and for every kind of refusal.
func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	t.Parallel()
	for scheme, socket := range map[string]string{"http": "ws", "https": "wss"} {
		h := newHouseBy(t, scheme, 8)
		h.broken()
		want := http.Header{
			"Content-Security-Policy": {"default-src 'self'; connect-src 'self' " + socket + "://" + h.base.Host +
				"; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"},
			"X-Content-Type-Options": {"nosniff"}, "X-Frame-Options": {"DENY"}, "Referrer-Policy": {"same-origin"},
			"Cross-Origin-Opener-Policy": {"same-origin"}, "Cross-Origin-Resource-Policy": {"same-origin"},
			"Permissions-Policy": {"camera=(), geolocation=(), microphone=()"},
		}
		if scheme == "https" {
			want["Strict-Transport-Security"] = []string{"max-age=31536000"}
		}
		statuses, ids := map[int]bool{}, map[string]bool{}
		for _, a := range h.answersOfAllKinds() {
			for name, values := range want {
				if got := a.header.Values(name); len(got) != 1 || got[0] != values[0] {
					t.Errorf("%s (%d): %s is %q", a.asked, a.status, name, got)
				}
			}
			id := a.header.Get("X-Request-Id")
			if _, err := uuid.Parse(id); err != nil || ids[id] {
				t.Errorf("%s (%d): the request's id is %q", a.asked, a.status, id)
			}
			statuses[a.status], ids[id] = true, true
			checkCaching(a)
		}
		for _, status := range []int{200, 303, 304, 307, 400, 401, 403, 404, 405, 413, 415, 422, 500} {
			if !statuses[status] && (status != 307 || scheme == "http") {
				t.Errorf("nothing answered with %d", status)
			}
		}
	}
}

// answersOfAllKinds are those of every route, and of what goes wrong.
func (h *house) answersOfAllKinds() []answer {
	sol := h.member("sol")
	thread := sol.thread("relactation", "Is it too late?", "She is ten weeks old.")
	post := h.firstPost(thread)
	var all []answer
	for _, who := range []*person{h.guest(), h.member("river"), sol} {
		for _, r := range h.routes() {
			for _, accept := range []string{"text/html", "application/json"} {
				all = append(all, who.ask(r.method, r.sample(h, thread, post), "", "Accept", accept))
			}
			if r.method == http.MethodGet {
				all = append(all, who.ask(http.MethodHead, r.sample(h, thread, post), ""))
			}
		}
	}
	guest := h.guest()
	read := guest.get(thread.Path()).want(http.StatusOK)
	all = append(all,
		guest.get(thread.Path(), "If-None-Match", read.header.Get("ETag")).want(http.StatusNotModified),
		guest.get("/nothing/here").want(http.StatusNotFound),
		guest.get("/static/0123456789ab/site.css").want(http.StatusNotFound),
		guest.ask(http.MethodPut, "/login", "").want(http.StatusMethodNotAllowed),
		guest.get("/broken/here").want(http.StatusInternalServerError),
		guest.post("/login", nil, "Origin", "https://elsewhere.example").want(http.StatusForbidden),
		guest.post("/login", nil, "Content-Encoding", "gzip").want(http.StatusUnsupportedMediaType),
		guest.ask(http.MethodPost, "/login", "login=%zz").want(http.StatusBadRequest),
		guest.ask(http.MethodPost, "/login", strings.Repeat("a", 2<<20)).want(http.StatusRequestEntityTooLarge),
	)
	if h.base.Scheme == "http" {
		all = append(all, guest.byName("localhost", "/rules").want(http.StatusTemporaryRedirect))
	}
	return all
}

// byName asks under another name of this machine.
func (p *person) byName(name, at string) answer {
	p.Helper()
	other, base := *p.house, *p.base
	base.Host = name + ":" + p.base.Port()
	other.base = &base
	return (&person{house: &other, client: p.client}).get(at)
}

// checkCaching wants everything kept out of caches, but for pages that a guest's browser asks again about and files
// whose name changes with what is in them.
func checkCaching(a answer) {
	a.Helper()
	want := "private, no-store"
	good := a.status == http.StatusOK || a.status == http.StatusNotModified
	switch {
	case good && strings.HasPrefix(a.at, static.Prefix()+"/"):
		want = "public, max-age=31536000, immutable"
	case good && strings.HasPrefix(a.at, "/t/") && a.viewer.Guest():
		want = "private, no-cache"
		if a.header.Get("ETag") == "" {
			a.Errorf("%s: no ETag", a.asked)
		}
	}
	if got := a.header.Values("Cache-Control"); len(got) != 1 || got[0] != want {
		a.Errorf("%s by %q (%d): Cache-Control %q, want %q", a.asked, a.viewer.Role, a.status, got, want)
	}
}

func TestCookiesKeepToTheSite(t *testing.T) {
	t.Parallel()
	for scheme, prefix := range map[string]string{"http": "", "https": "__Host-"} {
		h := newHouseBy(t, scheme, 8)
		sol := h.member("sol")
		joined := h.guest().post("/signup", url.Values{
			"handle": {"river"}, "email": {"river@mail.example"}, "password": {password}, "rules": {"1"},
		}).want(http.StatusSeeOther)
		themed := sol.post("/theme", url.Values{"theme": {"dim"}}).want(http.StatusSeeOther)
		started := sol.post("/c/house/threads", url.Values{"title": {"Is it too late?"}, "body": {"Ten weeks."}}).want(http.StatusSeeOther)
		left := sol.post("/logout", nil).want(http.StatusSeeOther)
		secure := ""
		if scheme == "https" {
			secure = "; Secure"
		}
		kept := `; Path=/; Expires=[^;]+; Max-Age=\d+; HttpOnly` + secure + `; SameSite=Lax$`
		for _, c := range []struct {
			a     answer
			shape string
		}{
			{joined, `^` + prefix + `session=[\w-]{43}` + kept},
			{themed, `^theme=dim` + kept},
			{left, `^` + prefix + `session=; Path=/; Expires=[^;]+; Max-Age=0; HttpOnly` + secure + `; SameSite=Lax$`},
			{started, `^sent=[0-9a-f-]{36}; Path=/; Max-Age=600` + secure + `; SameSite=Lax$`}, // a script reads it
		} {
			if got := c.a.header.Values("Set-Cookie"); len(got) != 1 || !regexp.MustCompile(c.shape).MatchString(got[0]) {
				t.Errorf("%s sets %q, want %s", c.a.asked, got, c.shape)
			}
		}
		if got := left.header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
			t.Errorf("signing out clears %q", got)
		}
		if again := sol.get("/c/house/new"); again.to() != "/login?next=%2Fc%2Fhouse%2Fnew" {
			t.Errorf("signed out, a members' page leads to %s", again.to())
		}
	}
}
