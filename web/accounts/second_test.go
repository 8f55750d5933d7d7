package accounts_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	web "firstdrops/web/accounts"
)

// phone is an app that shows codes, and the cookie of the session in which it was set up.
type phone struct {
	*house
	secret   string
	at       time.Time // when it was set up
	recovery []string
	session  *http.Cookie
}

// code is what the app shows so many steps after it was set up.
func (p *phone) code(steps int) string {
	p.t.Helper()
	code, err := totp.GenerateCode(p.secret, p.at.Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

func coding(code string) url.Values { return url.Values{"code": {code}} }

var recoveryCode = regexp.MustCompile(`(?:\d{4} ){4}\d{4}`)

// setUp sets codes up in a session, by the pages.
func (h *house) setUp(session *http.Cookie) *phone {
	h.t.Helper()
	wantSent(h.t, h.post("/settings/security/totp", nil, session), "/settings/security/totp")
	shown := h.get("/settings/security/totp", session)
	secret := read(h.t, shown).find(func(e document) bool { return e.Data == "code" }).text()
	p := &phone{house: h, secret: strings.ReplaceAll(secret, " ", ""), at: time.Now()}
	if svg := read(h.t, shown).find(func(e document) bool { return e.Data == "svg" && e.attr("role") == "img" }); svg == nil || strings.Contains(shown.body, "data:image") {
		h.t.Error("no image for a camera")
	}
	refused := h.post("/settings/security/totp/confirm", coding("000000"), session)
	wantStatus(h.t, refused, http.StatusUnprocessableEntity)
	if read(h.t, refused).faultAt(h.t, "code") == "" || !strings.Contains(refused.body, secret) {
		h.t.Error("the refused form has lost something")
	}
	done := h.post("/settings/security/totp/confirm", coding(p.code(0)), session)
	wantStatus(h.t, done, http.StatusOK)
	p.session, p.recovery = sessionOf(h.t, done), recoveryCode.FindAllString(done.body, -1)
	if len(p.recovery) != 10 || p.session.Value == session.Value {
		h.t.Errorf("%d recovery codes, a new session: %v", len(p.recovery), p.session.Value != session.Value)
	}
	wantStatus(h.t, h.get("/login", session), http.StatusOK) // the session before it is over
	return p
}

func (a answer) cookie(t *testing.T, name string) *http.Cookie {
	t.Helper()
	for _, cookie := range a.cookies {
		if strings.TrimPrefix(cookie.Name, "__Host-") == name {
			return cookie
		}
	}
	t.Fatalf("no cookie called %s", name)
	return nil
}

func TestSignInWithASecondStep(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.setUp(h.join("wren"))
	form := signingIn("wren", goodPassword)
	form.Set("next", "/rooms")
	first := h.post("/login", form)
	wantSent(t, first, "/login/2fa?next=%2Frooms")
	half := first.cookie(t, "halfway")
	if len(first.cookies) != 1 || !half.HttpOnly || half.SameSite != http.SameSiteLaxMode || time.Until(half.Expires) > 10*time.Minute {
		t.Errorf("the password alone gives %v", first.cookies)
	}
	wantSent(t, h.get("/login/2fa?next=%2Frooms"), "/login?next=%2Frooms")
	asked := read(t, h.get("/login/2fa?next=%2Frooms", half))
	if field := asked.id("code"); field.attr("autocomplete") != "one-time-code" || field.attr("inputmode") != "numeric" || asked.named("next").attr("value") != "/rooms" {
		t.Error("the form does not help to type a code")
	}
	refused := h.post("/login/2fa", coding(p.code(0)), half) // it confirmed the set-up
	wantStatus(t, refused, http.StatusUnprocessableEntity)
	if read(t, refused).faultAt(t, "code") == "" {
		t.Error("no fault at the code")
	}
	finished := coding(p.code(1))
	finished.Set("next", "/rooms")
	in := h.post("/login/2fa", finished, half)
	wantSent(t, in, "/rooms")
	if gone := in.cookie(t, "halfway"); gone.Value != "" || gone.MaxAge >= 0 {
		t.Error("the half sign-in is kept")
	}
	if device := in.cookie(t, "device"); !device.HttpOnly || time.Until(device.Expires) < 364*24*time.Hour {
		t.Errorf("the device: %v", device)
	}
	wantSent(t, h.get("/login/2fa", sessionOf(t, in)), "/")
	over := coding(p.code(1))
	over.Set("next", "/rooms")
	begun := h.post("/login/2fa", over, half)
	wantStatus(t, begun, http.StatusUnprocessableEntity)
	if form := read(t, begun); !strings.Contains(begun.body, "From the start again") || form.named("next").attr("value") != "/rooms" || begun.cookie(t, "halfway").Value != "" {
		t.Error("who has to begin again is not told, or loses the way on")
	}
	wantSent(t, h.post("/login/2fa", coding(p.recovery[0])), "/login")

	again := h.post("/login", form).cookie(t, "halfway")
	wantSent(t, h.post("/login/2fa", coding(p.recovery[0]), again), "/")
	again = h.post("/login", form).cookie(t, "halfway")
	wantStatus(t, h.post("/login/2fa", coding(p.recovery[0]), again), http.StatusUnprocessableEntity)
}

func TestPlantedCookiesAreReplaced(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.setUp(h.join("wren"))
	planted := func(name string) *http.Cookie { return &http.Cookie{Name: name, Value: strings.Repeat("A", 43)} }
	half := h.post("/login", signingIn("wren", goodPassword), planted("halfway"), planted("device")).cookie(t, "halfway")
	in := h.post("/login/2fa", coding(p.code(1)), half, planted("device"), planted("session"))
	wantSent(t, in, "/")
	for _, got := range []*http.Cookie{half, in.cookie(t, "device"), sessionOf(t, in)} {
		if got.Value == planted("").Value {
			t.Errorf("a planted %s was adopted", got.Name)
		}
	}
}

func TestSecurityIsShownOnceProved(t *testing.T) {
	t.Parallel()
	h := open(t)
	session := h.join("wren")
	h.exec(`UPDATE sessions SET proved_at = now() - interval '16 minutes'`)
	wantSent(t, h.get("/settings/security?x=1", session), "/login/again?next=%2Fsettings%2Fsecurity%3Fx%3D1")
	wantStatus(t, h.post("/settings/security/totp", nil, session), http.StatusForbidden)
	form := read(t, h.get("/login/again?next=%2Fsettings%2Fsecurity", session))
	if form.id("password") == nil || form.id("code") != nil {
		t.Error("it asks for something else than the password")
	}
	refused := h.post("/login/again", url.Values{"password": {"some other words"}, "next": {"/settings/security"}}, session)
	wantStatus(t, refused, http.StatusUnprocessableEntity)
	if page := read(t, refused); page.faultAt(t, "password") == "" || page.named("next").attr("value") != "/settings/security" || strings.Contains(refused.body, "some other words") {
		t.Error("the refused form has lost something, or kept too much")
	}
	proved := h.post("/login/again", url.Values{"password": {goodPassword}, "next": {"/settings/security"}}, session)
	wantSent(t, proved, "/settings/security")
	fresh := sessionOf(t, proved)
	wantStatus(t, h.get("/login", session), http.StatusOK) // the old one is over
	p := h.setUp(fresh)
	page := h.get("/settings/security", p.session)
	for _, words := range []string{"It is set up", "10 of 10 are left", "Do without codes"} {
		if !strings.Contains(page.body, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	renewed := h.post("/settings/security/recovery", nil, p.session)
	wantStatus(t, renewed, http.StatusOK)
	if codes := recoveryCode.FindAllString(renewed.body, -1); len(codes) != 10 || strings.Contains(renewed.body, p.recovery[0]) {
		t.Errorf("made anew: %v", codes)
	}
	removed := h.post("/settings/security/totp/remove", nil, p.session)
	wantSent(t, removed, "/settings/security")
	if body := h.get("/settings/security", sessionOf(t, removed)).body; !strings.Contains(body, "Set it up<") || strings.Contains(body, "are left") {
		t.Error("it is still set up")
	}
	h.exec(`INSERT INTO passkeys (person_id, credential_id, credential, name, created_at) SELECT id, 'x', '{}', 'Phone', now() FROM people`)
	h.exec(`UPDATE people SET role = 'consultant'`)
	h.exec(`UPDATE sessions SET second_factor = true`)
	if body := h.get("/settings/security", sessionOf(t, removed)).body; !strings.Contains(body, "Set it up<") || strings.Contains(body, "/recovery") {
		t.Error("with passkeys alone it offers recovery codes, which there are none of")
	}
}

func (h *house) exec(query string) {
	h.t.Helper()
	if _, err := h.db.ExecContext(h.t.Context(), query); err != nil {
		h.t.Fatal(err)
	}
}

// TestStaffAreLedToTheirSecondStep and have their role once it is set up, in that session.
func TestStaffAreLedToTheirSecondStep(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.join("ada")
	h.exec(`UPDATE people SET role = 'administrator'`)
	in := h.post("/login", signingIn("ada", goodPassword))
	wantSent(t, in, "/settings/security")
	session := sessionOf(t, in)
	const banner = "Set up a second step to act as administrator here"
	if body := h.get("/u/ada", session).body; !strings.Contains(body, banner) {
		t.Error("nothing says what is missing")
	}
	wantStatus(t, h.get("/admin/people", session), http.StatusNotFound)
	p := h.setUp(session)
	wantStatus(t, h.get("/admin/people", p.session), http.StatusOK)
	if body := h.get("/settings/security", p.session).body; strings.Contains(body, banner) || strings.Contains(body, "Do without") {
		t.Error("it is set up, and asked for or offered to be taken away")
	}
	refused := h.post("/settings/security/totp/remove", nil, p.session)
	wantStatus(t, refused, http.StatusForbidden)
	wantStatus(t, h.get("/admin/people", p.session), http.StatusOK)
}

// TestASessionWithoutTheSecondStepShowsItFirst, with a code and not the password.
func TestASessionWithoutTheSecondStepShowsItFirst(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.join("wren")
	other := sessionOf(t, h.post("/login", signingIn("wren", goodPassword)))
	p := h.setUp(sessionOf(t, h.post("/login", signingIn("wren", goodPassword))))
	wantSent(t, h.get("/settings/security", other), "/login/again?next=%2Fsettings%2Fsecurity")
	form := read(t, h.get("/login/again", other))
	if form.id("password") != nil || form.id("code") == nil {
		t.Error("a password would do")
	}
	wantStatus(t, h.post("/settings/security/totp/remove", nil, other), http.StatusForbidden)
	wantStatus(t, h.post("/login/again", url.Values{"password": {goodPassword}}, other), http.StatusUnprocessableEntity)
	proved := h.post("/login/again", coding(p.code(1)), other)
	wantSent(t, proved, "/")
	wantStatus(t, h.get("/settings/security", sessionOf(t, proved)), http.StatusOK)
}

// TestWhoGuessesIsAnsweredAlike: with the same page for names that somebody has and others, and when to come again.
func TestWhoGuessesIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "http://localhost:8080", web.NewLimits())
	h.join("wren")
	in := h.post("/login", signingIn("wren", goodPassword))
	device := in.cookie(t, "device")
	pages := map[string]string{}
	for _, login := range []string{"wren", "gull"} {
		slow := h.post("/login", signingIn(login, "not the password"))
		for range 15 { // slow hashing may outlast the first waits
			if slow.status != http.StatusUnprocessableEntity {
				break
			}
			slow = h.post("/login", signingIn(login, "not the password"))
		}
		wantStatus(t, slow, http.StatusTooManyRequests)
		if slow.header.Get("Retry-After") == "" {
			t.Errorf("%s: nothing says when to come again", login)
		}
		pages[login] = strings.ReplaceAll(slow.body, `value="`+login+`"`, "")
	}
	if pages["wren"] != pages["gull"] {
		t.Error("a name that nobody has is answered unlike wren")
	}
	wantSent(t, h.post("/login", signingIn("wren", goodPassword), device), "/")
	secure := newHouse(t, "https://example.org", web.Limits{})
	secure.join("wren")
	if got := secure.post("/login", signingIn("wren", goodPassword)).cookie(t, "device"); got.Name != "__Host-device" || !got.Secure {
		t.Errorf("on https the device is %v", got)
	}
}
