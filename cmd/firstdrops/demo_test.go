package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"firstdrops/server/demo"
)

// TestDemo starts the program as a visitor does, comes in as each of those who may, and starts it again.
func TestDemo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.now = h.spawn("--demo")
	h.awaitOpen()
	thread := regexp.MustCompile(`/t/\d+/stopped-at-six-weeks[a-z0-9-]*`).FindString(h.wantStatus(http.StatusOK, "/c/relactation", "").body)
	for _, handle := range demo.SignIns {
		if said := h.now.stdout.String(); !strings.Contains(said, handle) || !strings.Contains(said, demo.Password) || !strings.Contains(said, demo.Secret) {
			t.Errorf("whoever starts it does not read of %s:\n%s", handle, said)
		}
		h.look(h.signIn(handle), handle, thread)
	}
	h.wantStatus(http.StatusNotFound, "/mod/cases", h.signIn("river"))

	_ = h.now.cmd.Process.Signal(syscall.SIGTERM)
	if !h.now.ends(20 * time.Second) {
		t.Fatal("it does not end")
	}
	h.now = h.spawn("serve", "--demo")
	h.awaitOpen()
	if a := h.wantStatus(http.StatusOK, thread, ""); !strings.Contains(a.body, "I had fog for eleven days") {
		t.Error("started again, it has lost the demo")
	}
}

// signIn gives the cookie of somebody who types the demo's password, and where it is asked for a code of the demo's secret.
func (h *house) signIn(handle string) string {
	h.Helper()
	a := h.post("/login", "", url.Values{"login": {handle}, "password": {demo.Password}})
	if a.header.Get("Location") == "/login/2fa" {
		code, err := totp.GenerateCode(demo.Secret, time.Now())
		if err != nil {
			h.Fatal(err)
		}
		half, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
		a = h.post("/login/2fa", half, url.Values{"code": {code}})
	}
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(cookie, "session=") {
		h.Fatalf("%s is answered with %d:\n%.400s", handle, a.status, a.body)
	}
	return cookie
}

// look reads what the demo shows to one of those who sign in.
func (h *house) look(cookie, handle, thread string) {
	h.Helper()
	for path, words := range map[string]string{
		"/": "/u/" + handle, thread: "I had fog for eleven days", "/rooms/lounge": "Dogger, Fisher, German Bight",
		"/consultants": "Hanneke Vossius", "/c/feelings": "The milk came anyway", "/notifications": "", "/help/now": "",
	} {
		if a := h.wantStatus(http.StatusOK, path, cookie); !strings.Contains(a.body, words) {
			h.Errorf("%s reads no %q at %s", handle, words, path)
		}
	}
	if handle == "mod-maya" || handle == "admin-ada" {
		if a := h.wantStatus(http.StatusOK, "/mod/cases", cookie); !strings.Contains(a.body, "/mod/cases/") {
			h.Errorf("%s has no case to look at", handle)
		}
	}
}

// TestDemoInAnInhabitedHouse is refused, with what to do about it, and changes nothing.
func TestDemoInAnInhabitedHouse(t *testing.T) {
	t.Parallel()
	h := newHouse(t, unlimited)
	h.people(1)
	stdout, stderr, code := h.run("serve", "--demo")
	if code == 0 || strings.Contains(stdout, "open") || !strings.Contains(stderr, "FIRSTDROPS_DATA") || !strings.Contains(stderr, "DATABASE_URL") {
		t.Errorf("it ended with %d:\n%s%s", code, stdout, stderr)
	}
	h.start()
	if a := h.wantStatus(http.StatusOK, "/c/relactation", ""); strings.Contains(a.body, `href="/t/`) {
		t.Error("there are threads that nobody wrote")
	}
}
