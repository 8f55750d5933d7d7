package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/web/page"
)

// cookie is the token that the browser keeps.
func (p *person) cookie() string {
	for _, c := range p.client.Jar.Cookies(p.base) {
		if c.Name == page.CookieName(p.base) {
			return c.Value
		}
	}
	return ""
}

// comesWith puts a token into the browser, as if it had been there.
func (p *person) comesWith(token string) {
	p.client.Jar.SetCookies(p.base, []*http.Cookie{{Name: page.CookieName(p.base), Value: token, Path: "/"}})
}

func TestSessionsAreSeenAndEnded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	var laptop accounts.Session
	h.must(h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		laptop, err = h.accounts.OpenSession(ctx, tx, accounts.Opening{PersonID: wren.viewer.ID, Device: "Firefox on Linux"})
		return err
	}))
	shown := wren.get("/settings/sessions").want(http.StatusOK)
	shown.shows("Firefox on Linux", "This one", "unknown on purpose", "last used", "signed in")
	at := fmt.Sprintf("/settings/sessions/%d/end", laptop.ID)
	sol.post(at, url.Values{}).want(http.StatusNotFound)
	shown.form(at).send().follow().lacks("Firefox on Linux", "Sign out all others")

	other := h.guest()
	other.comesWith(wren.cookie())
	out := other.post(fmt.Sprintf("/settings/sessions/%d/end", wren.viewer.SessionID), url.Values{})
	if out.to() != "/" || out.header.Get("Clear-Site-Data") == "" || other.cookie() != "" {
		t.Errorf("ending this one leads to %s", out.to())
	}
	if to := wren.get("/settings/sessions").to(); !strings.HasPrefix(to, "/login") {
		t.Errorf("it lives on: %s", to)
	}
}

// TestANewRoleMeansANewID at the next page, for the browser and no other; whatever else it sends before goes on with the old one.
func TestANewRoleMeansANewID(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, wren := h.somebody("ada", accounts.Administrator), h.member("wren")
	before := wren.cookie()
	ada.post(fmt.Sprintf("/admin/people/%d/role", wren.viewer.ID), url.Values{"role": {"moderator"}}).want(http.StatusSeeOther)
	wren.get("/notifications", "Accept", "application/json")
	wren.ask(http.MethodHead, "/", "")
	wren.post("/theme", url.Values{"theme": {"dim"}}).want(http.StatusSeeOther)
	if wren.cookie() != before {
		t.Error("renewed by something that is no page")
	}
	wren.get("/settings/sessions").want(http.StatusOK).shows("This one")
	after := wren.cookie()
	if after == before || after == "" {
		t.Error("the id is as it was")
	}
	wren.get("/mod/cases").want(http.StatusOK)
	if wren.cookie() != after {
		t.Error("renewed again")
	}
	thief := h.guest()
	thief.comesWith(before)
	if to := thief.get("/settings/sessions").to(); !strings.HasPrefix(to, "/login") || thief.cookie() != before {
		t.Errorf("the old id leads to %s", to)
	}
}

// TestAPlantedCookieIsNeverAdopted by no way of coming in.
func TestAPlantedCookieIsNeverAdopted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	planted := strings.Repeat("A", 43)
	p := h.guest()
	p.comesWith(planted)
	p.get("/").want(http.StatusOK)
	form := url.Values{"handle": {"wren"}, "email": {"wren@mail.example"}, "password": {password}, "rules": {"1"}}
	p.post("/signup", form).want(http.StatusSeeOther)
	if p.cookie() == planted {
		t.Error("adopted by joining")
	}
	p.comesWith(planted)
	p.post("/login", url.Values{"login": {"wren"}, "password": {password}}).want(http.StatusSeeOther)
	signedIn := p.cookie()
	if signedIn == planted {
		t.Error("adopted by signing in")
	}
	p.post("/settings/password", url.Values{"password": {"seven slow herons wading"}}).want(http.StatusSeeOther)
	if now := p.cookie(); now == planted || now == signedIn {
		t.Error("a new password leaves the id as it was")
	}
	p.get("/settings/sessions").want(http.StatusOK)
}

func TestAResetByPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	guest := h.guest()
	link := "/password/reset/" + h.reset(wren, opened.Add(time.Minute))
	for range 3 { // previews and scanners use nothing up
		guest.ask(http.MethodHead, link, "").want(http.StatusOK)
		if policy := guest.get(link).want(http.StatusOK).header.Get("Referrer-Policy"); policy != "strict-origin" {
			t.Errorf("the link goes on in a Referer: %q", policy)
		}
	}
	confirm := "/email/confirm/" + h.letterTo(wren.viewer.ID)
	if policy := guest.get(confirm).want(http.StatusOK).header.Get("Referrer-Policy"); policy != "strict-origin" {
		t.Errorf("the link of another letter goes on in a Referer: %q", policy)
	}
	form := guest.get(link).form(link)
	refused := form.send("password", "short").want(http.StatusUnprocessableEntity)
	refused.shows("needs 10 more")
	if policy := refused.header.Get("Referrer-Policy"); policy != "strict-origin" {
		t.Errorf("the link of a refused form goes on in a Referer: %q", policy)
	}
	done := form.send("password", "seven slow herons wading")
	if done.to() != "/login?reset=1" || guest.cookie() != "" {
		t.Errorf("it leads to %s, signed in with %q", done.to(), guest.cookie())
	}
	done.follow().shows("Your new password is set")
	if to := wren.get("/settings/sessions").to(); !strings.HasPrefix(to, "/login") {
		t.Errorf("a session lives on: %s", to)
	}
	guest.get(link).want(http.StatusGone).shows("This link is over", "Send a letter")
	guest.post(link, url.Values{"password": {"nine slow herons wading"}}).want(http.StatusGone)
	guest.post("/login", url.Values{"login": {"wren"}, "password": {"seven slow herons wading"}}).want(http.StatusSeeOther)
}

// TestTheLinkOfALetterIsTheSitesOwn whatever host a request names.
func TestTheLinkOfALetterIsTheSitesOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	h.exec(`UPDATE people SET email = 'wren@mail.example', email_confirmed_at = ? WHERE id = ?`, opened.Add(-time.Hour), wren.viewer.ID)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.base.String()+"/password/forgot", strings.NewReader("email=wren%40mail.example"))
	h.must(err)
	r.Host = "evil.example"
	for name, value := range map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "ftp", "Forwarded": "host=evil.example",
		"X-Original-Host": "evil.example", "X-Host": "evil.example",
	} {
		r.Header.Set(name, value)
	}
	response, err := h.guest().client.Do(r)
	h.must(err)
	h.must(response.Body.Close())
	if to := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || to != "/password/forgot?sent=1" {
		t.Errorf("answered %d to %s", response.StatusCode, to)
	}
	h.employ()
	h.settle()
	letters, err := h.letters.Letters(20)
	h.must(err)
	all := strings.ReplaceAll(strings.Join(letters, "\n"), "=\r\n", "") // the lines of quoted-printable
	if !strings.Contains(all, named(h.base).String()+"/password/reset/") || strings.Contains(all, "evil") {
		t.Errorf("the letters say:\n%s", all)
	}
}
