package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// named is an origin like another, by a name: for a number there are no passkeys.
func named(base *url.URL) *url.URL {
	return &url.URL{Scheme: base.Scheme, Host: "localhost:" + base.Port()}
}

// passkey puts a passkey into somebody's account that nothing can sign for, and gives its id.
func (h *house) passkey(owner *person, name string) int64 {
	h.Helper()
	var id int64
	h.must(h.db.NewRaw(`
		INSERT INTO passkeys (person_id, credential_id, credential, name, created_at)
		VALUES (?0, convert_to(?1::text || ?0::text, 'UTF8'), '{}', ?1, now()) RETURNING id`, owner.viewer.ID, name).Scan(h.Context(), &id))
	return id
}

// passkeyEntries are the good forms of passkeys, as far as there are any without an authenticator.
func (h *house) passkeyEntries(river *person) []entry {
	h.Helper()
	own := fmt.Sprintf("/settings/passkeys/%d", h.passkey(river, "my phone"))
	fields := func(form url.Values) func() url.Values {
		return func() url.Values {
			copied, _ := url.ParseQuery(form.Encode())
			return copied
		}
	}
	nothing, answered := fields(url.Values{}), url.Values{"ceremony": {strings.Repeat("a", 43)}, "credential": {"{}"}, "next": {"/rules"}}
	newcomer := url.Values{"handle": {"newcomer"}, "email": {"a@mail.example"}, "rules": {"1"}}
	joining := fields(url.Values{"handle": {"newcomer"}, "email": {"a@mail.example"}, "rules": {"1"}, "ceremony": {"x"}, "credential": {"{}"}})
	return []entry{
		{"/login/passkey/begin", "/login/passkey/begin", true, nothing, nil, nil},
		{"/login/passkey", "/login/passkey", true, fields(answered), nil, nil},
		{"/signup/passkey/begin", "/signup/passkey/begin", true, fields(newcomer), nil, nil},
		{"/signup/passkey", "/signup/passkey", true, joining, nil, nil},
		{"/login/again/passkey/begin", "/login/again/passkey/begin", false, nothing, nil, nil},
		{"/login/again/passkey", "/login/again/passkey", false, fields(answered), nil, nil},
		{"/settings/passkeys/begin", "/settings/passkeys/begin", false, nothing, nil, h.member("finch")},
		{"/settings/passkeys", "/settings/passkeys", false, fields(url.Values{"name": {"my tablet"}, "ceremony": {"x"}, "credential": {"{}"}}), nil, nil},
		{"/settings/passkeys/:id", own, false, fields(url.Values{"name": {"my old phone"}}), []string{"name"}, nil},
		{"/settings/passkeys/:id/remove", "/settings/passkeys/999999/remove", false, nothing, nil, nil},
	}
}

// isChallenge reports whether an answer is JSON for a script that goes through a ceremony.
func (a answer) isChallenge() bool {
	return strings.HasPrefix(a.header.Get("Content-Type"), "application/json") && strings.HasPrefix(a.body, `{"ceremony":"`)
}

// makePasskey is the author's only one.
func (s *stage) makePasskey(state string) place {
	s.Helper()
	if state == missing {
		return at(999999)
	}
	s.exec(`DELETE FROM passkeys`)
	return at(s.passkey(s.author, "my phone"))
}

// TestPasskeysAskWhoItIs: of somebody who has been here for a while, before anything is seen or changed.
func TestPasskeysAskWhoItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	at := fmt.Sprintf("/settings/passkeys/%d", h.passkey(wren, "my phone"))
	if page := wren.get(at).want(http.StatusOK); !strings.Contains(page.body, `value="my phone"`) {
		t.Errorf("the passkey's page says\n%s", page.body)
	}
	h.exec(`UPDATE sessions SET proved_at = ?`, opened.Add(-time.Hour))
	if to := wren.get(at).want(http.StatusSeeOther).header.Get("Location"); to != "/login/again?next="+url.QueryEscape(at) {
		t.Errorf("asked at %s", to)
	}
	for _, path := range []string{at, at + "/remove", "/settings/passkeys", "/settings/passkeys/begin"} {
		wren.post(path, url.Values{"name": {"x"}}).want(http.StatusForbidden)
	}
}

// TestAChallengeIsWhatBrowsersTake: of this site alone, for a passkey that the device itself can offer, with its own check.
func TestAChallengeIsWhatBrowsersTake(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for path, wants := range map[string][]string{
		"/login/passkey/begin": {`"rpId":"localhost"`, `"userVerification":"required"`, `"timeout":300000`},
		"/signup/passkey/begin": {
			`"rp":{"name":"First Drops","id":"localhost"}`, `"residentKey":"required"`, `"userVerification":"required"`, `"attestation":"none"`, `"name":"newcomer"`,
		},
	} {
		form := url.Values{}
		if path == "/signup/passkey/begin" {
			form = url.Values{"handle": {"newcomer"}, "email": {"newcomer@mail.example"}, "rules": {"1"}}
		}
		a := h.guest().post(path, form, "Accept", "application/json").want(http.StatusOK)
		for _, want := range append(wants, `"challenge":"`) {
			if !a.isChallenge() || !strings.Contains(a.body, want) {
				t.Errorf("%s lacks %s: %s", path, want, a.body)
			}
		}
		if strings.Contains(a.body, "mail.example") || strings.Contains(a.body, "allowCredentials") {
			t.Errorf("%s tells too much: %s", path, a.body)
		}
	}
	refused := h.guest().post("/signup/passkey/begin", url.Values{"handle": {"x"}}, "Accept", "application/json").want(http.StatusUnprocessableEntity)
	if refused.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(refused.body, `"handle":`) || strings.Contains(refused.body, `"password":`) {
		t.Errorf("refused with %s", refused.body)
	}
	hinted := url.Values{"handle": {"jane-smith"}, "email": {"jane.smith@mail.example"}, "rules": {"1"}}
	if said := h.guest().post("/signup/passkey/begin", hinted, "Accept", "application/json").want(http.StatusUnprocessableEntity).body; !strings.Contains(said, "You can keep it") {
		t.Errorf("of a name that tells who she is: %s", said)
	}
	hinted.Set("handle_ok", "jane-smith")
	h.guest().post("/signup/passkey/begin", hinted, "Accept", "application/json").want(http.StatusOK)
	unknown := h.guest().post("/login/passkey", url.Values{"ceremony": {"x"}, "credential": {"{}"}}, "Accept", "application/json").want(http.StatusUnprocessableEntity)
	if !strings.Contains(unknown.body, `"passkey":"This passkey did not fit`) {
		t.Errorf("refused with %s", unknown.body)
	}
}
