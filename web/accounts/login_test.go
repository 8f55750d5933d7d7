package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	web "firstdrops/web/accounts"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	first := h.join("wren")
	response := h.post("/login", signingIn("WREN", goodPassword))
	wantSent(t, response, "/")
	second := sessionOf(t, response)
	if second.Value == first.Value {
		t.Error("signing in kept the old session")
	}
	out := h.post("/logout", nil, second)
	wantSent(t, out, "/")
	if gone := sessionOf(t, out); gone.Value != "" || gone.MaxAge >= 0 {
		t.Errorf("the cookie stays: %v", gone)
	}
	if got := out.header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
		t.Errorf("the device keeps something: %q", got)
	}
	wantStatus(t, h.get("/login", second), http.StatusOK)
	wantSent(t, h.get("/login", first), "/")
	wantSent(t, h.post("/logout", nil), "/")
}

func TestAWrongSignInShowsNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.join("wren")
	pages := map[string]string{}
	for _, login := range []string{"wren", "gull", "wren@example.org", "gull@example.org"} {
		response := h.post("/login", signingIn(login, "not the password at all"))
		wantStatus(t, response, http.StatusUnprocessableEntity)
		pages[login] = strings.ReplaceAll(response.body, `value="`+login+`"`, "")
		if strings.Contains(pages[login], "not the password") {
			t.Error("the password came back")
		}
	}
	for login, page := range pages {
		if page != pages["wren"] {
			t.Errorf("%s is answered unlike wren", login)
		}
	}
	form := read(t, h.post("/login", signingIn("wren", "not the password at all")))
	if got := form.faultAt(t, "login"); !strings.Contains(got, "do not belong together") || form.id("login").attr("value") != "wren" {
		t.Errorf("got %q", got)
	}
}

func TestNextIsAPathOfThisSite(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.join("wren")
	for next, want := range map[string]string{
		"/rooms": "/rooms", "/t/5/first-night?after=20": "/t/5/first-night?after=20", "/c/feelings#p-3": "/c/feelings#p-3", "": "/",
	} {
		form := signingIn("wren", goodPassword)
		form.Set("next", next)
		wantSent(t, h.post("/login", form), want)
	}
	for _, evil := range []string{
		"//evil.example", "///evil.example", "////evil.example", `/\evil.example`, `\\evil.example`, `/\/evil.example`, "/\t/evil.example", "/\n/evil.example",
		"/\r\nSet-Cookie: a=b", "/%09/evil.example", "/%0d%0aLocation:%20x", "/%5cevil.example", "/%2f%2fevil.example/%2e%2e", "https://evil.example", "http:evil.example", "javascript:alert(1)",
		"evil.example", " //evil.example", "/\x00/evil.example", "/\xff", "/..//evil.example", "/.//evil.example", "@evil.example", "data:text/html,x",
		"/\u202e/evil.example", "/\u00a0/evil.example", "?next=//evil.example", "/" + strings.Repeat("x", 10_000),
	} {
		form := signingIn("wren", goodPassword)
		form.Set("next", evil)
		response := h.post("/login", form)
		got := response.header.Get("Location")
		if wantStatus(t, response, http.StatusSeeOther); got != "/" {
			t.Errorf("%.60q leads to %.60q", evil, got)
		}
		asked := read(t, h.get("/login?next="+url.QueryEscape(evil)))
		if asked.named("next") != nil {
			t.Errorf("%.60q got into the form", evil)
		}
	}
}

func TestTheWayOnIsKeptBetweenSignInAndJoin(t *testing.T) {
	t.Parallel()
	h := open(t)
	for path, other := range map[string]string{"/login": "/signup", "/signup": "/login"} {
		form := read(t, h.get(path+"?next=%2Frooms%2Flounge"))
		link := form.find(func(e document) bool { return e.attr("href") == other+"?next=%2Frooms%2Flounge" })
		if form.named("next").attr("value") != "/rooms/lounge" || link == nil {
			t.Errorf("%s forgets where to go", path)
		}
	}
}

func TestTheSessionsCookie(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]struct {
		name   string
		secure bool
	}{"http://localhost:8080": {"session", false}, "https://example.org": {"__Host-session", true}} {
		h := newHouse(t, base, web.Limits{})
		got := h.join("wren")
		if got.Name != want.name || got.Secure != want.secure || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" {
			t.Errorf("%s: %v", base, got)
		}
		if life := time.Until(got.Expires); life < 89*24*time.Hour || life > 91*24*time.Hour {
			t.Errorf("%s: lives %s", base, life)
		}
	}
}

func TestBrokenCookiesAreAGuest(t *testing.T) {
	t.Parallel()
	h := open(t)
	good := h.join("wren")
	for _, header := range []string{
		"session=", "session", "session=planted", "session=" + strings.Repeat("A", 43), `session="` + good.Value + `x"`,
		"session=\x00", "session=\xff\xfe", "session=" + strings.Repeat("x", 8_000), ";;;=;", "session=planted; session=" + good.Value,
		"__Host-session=" + good.Value, "Session=" + good.Value,
	} {
		r := h.request("/signup")
		r.Header["Cookie"] = []string{header}
		response := h.ask(r)
		if response.status != http.StatusOK || len(response.cookies) != 0 {
			t.Errorf("%.60q: %d with cookies %v", header, response.status, response.cookies)
		}
	}
	r := h.request("/signup")
	r.Header["Cookie"] = []string{"theme=dim; session=" + good.Value + "; session=planted"}
	wantSent(t, h.ask(r), "/")
	planted := &http.Cookie{Name: "session", Value: strings.Repeat("A", 43)}
	response := h.post("/login", signingIn("wren", goodPassword), planted)
	if sessionOf(t, response).Value == planted.Value {
		t.Error("a planted session was adopted")
	}
}

func TestTooManySignInsFromOnePlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "http://localhost:8080", web.NewLimits())
	for n := range 61 {
		response := h.post("/login", url.Values{"login": {"wren"}})
		want := http.StatusUnprocessableEntity
		if n == 60 {
			want = http.StatusTooManyRequests
		}
		wantStatus(t, response, want)
	}
	wantStatus(t, h.post("/login/link/x", nil), http.StatusTooManyRequests)
	wantStatus(t, h.get("/login"), http.StatusOK)
}
