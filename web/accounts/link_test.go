package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheFirstAdministratorComesInByLink(t *testing.T) {
	t.Parallel()
	h := open(t)
	token, err := h.accounts.CreateAdministrator(t.Context(), "admin-ada", "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	path := "/login/link/" + token
	for range 2 {
		shown := h.get(path)
		if policy := shown.header.Get("Referrer-Policy"); policy != "strict-origin" {
			t.Errorf("the link goes on in a Referer: %q", policy)
		}
		form := read(t, shown)
		if form.id("password") == nil || form.named("username").attr("value") != "admin-ada" {
			t.Fatal("no form to choose a password")
		}
	}
	refused := h.post(path, url.Values{"password": {"too short"}})
	wantStatus(t, refused, http.StatusUnprocessableEntity)
	if got := read(t, refused).faultAt(t, "password"); !strings.Contains(got, "needs 6 more") {
		t.Errorf("got %q", got)
	}
	wren := h.join("wren")
	response := h.post(path, url.Values{"password": {goodPassword}}, wren)
	wantSent(t, response, "/settings/security") // where the second factor is set up that the role asks for
	page := read(t, h.get("/u/admin-ada", sessionOf(t, response))).text()
	if !strings.Contains(page, "Administrator") || !strings.Contains(page, "never shown") {
		t.Errorf("came in as: %s", page)
	}
	wantStatus(t, h.get("/login", wren), http.StatusOK) // the session that this browser had is over
	wantStatus(t, h.get(path), http.StatusNotFound)
	wantStatus(t, h.post(path, url.Values{"password": {goodPassword}}), http.StatusNotFound)
}

func TestAllDeadLinksLookAlike(t *testing.T) {
	t.Parallel()
	h := open(t)
	want := h.get("/login/link/x").body
	for _, token := range []string{strings.Repeat("A", 43), "%00", "%ff", "a%2Fb", strings.Repeat("x", 5_000)} {
		response := h.get("/login/link/" + token)
		wantStatus(t, response, http.StatusNotFound)
		if response.body != want {
			t.Errorf("%.20s is told apart", token)
		}
	}
}
