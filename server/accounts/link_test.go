package accounts_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
)

func (h *house) administrator() (token string) {
	h.t.Helper()
	token, err := h.CreateAdministrator(h.t.Context(), "admin-ada", "ada@example.org")
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

func TestAnAdministratorComesInByLink(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.administrator()
	for range 3 { // looking does not use it up
		if person, err := h.SignInLink(t.Context(), token); err != nil || person.Handle != "admin-ada" {
			t.Fatalf("%+v, %v", person, err)
		}
	}
	_, err := h.UseSignInLink(t.Context(), token, "short")
	wantFault(t, err, "password", "10 more")
	_, err = h.UseSignInLink(t.Context(), token, "admin-ada admin-ada!")
	wantFault(t, err, "password", "your name")
	person, err := h.UseSignInLink(t.Context(), token, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if v := h.viewer(h.open(person.ID).Token); v.Handle != "admin-ada" || v.Given != accounts.Administrator {
		t.Errorf("came in as %+v", v)
	}
	var stored string
	if err := h.db.NewRaw(`SELECT password_hash FROM people WHERE handle = 'admin-ada'`).Scan(t.Context(), &stored); err != nil {
		t.Fatal(err)
	}
	if fits, err := h.PasswordFits(t.Context(), goodPassword, stored); err != nil || !fits {
		t.Errorf("the chosen password: %v", err)
	}
	if _, err := h.SignInLink(t.Context(), token); !fault.Is(err, fault.NotFound) {
		t.Errorf("a used link: %v", err)
	}
	if n := h.count("river_job"); n != 0 {
		t.Errorf("%d letters to an administrator", n)
	}
}

func TestALinkIsUsedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.administrator()
	outcomes := make([]error, 20)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() { _, outcomes[i] = h.UseSignInLink(t.Context(), token, goodPassword) })
	}
	all.Wait()
	used := 0
	for _, err := range outcomes {
		switch {
		case err == nil:
			used++
		case !fault.Is(err, fault.NotFound):
			t.Errorf("a late use: %v", err)
		}
	}
	if used != 1 {
		t.Errorf("used %d times", used)
	}
}

func TestALinkEnds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.administrator()
	h.pass(24 * time.Hour)
	if _, err := h.SignInLink(t.Context(), token); !fault.Is(err, fault.NotFound) {
		t.Errorf("looked at after a day: %v", err)
	}
	if _, err := h.UseSignInLink(t.Context(), token, goodPassword); !fault.Is(err, fault.NotFound) {
		t.Errorf("after a day: %v", err)
	}
	fresh := h.administrator()
	if _, err := h.SignInLink(t.Context(), fresh); err != nil {
		t.Errorf("a fresh one: %v", err)
	}
	newest := h.administrator()
	if _, err := h.SignInLink(t.Context(), fresh); !fault.Is(err, fault.NotFound) {
		t.Errorf("an older one: %v", err)
	}
	if _, err := h.UseSignInLink(t.Context(), newest, goodPassword); err != nil {
		t.Fatal(err)
	}
	_, err := h.CreateAdministrator(t.Context(), "admin-ada", "ada@example.org")
	wantFault(t, err, "handle", "Somebody has")
	for _, bad := range []string{"", "x", strings.Repeat("A", 43), "\x00", strings.Repeat("\xff", 43)} {
		if _, err := h.SignInLink(t.Context(), bad); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestNobodyBecomesAdministratorByCommandTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("wren")
	_, err := h.CreateAdministrator(t.Context(), "WREN", "wren@example.org")
	wantFault(t, err, "handle", "Somebody has")
	_, err = h.CreateAdministrator(t.Context(), "a b", "ada@example.org")
	wantFault(t, err, "handle", "")
	_, err = h.CreateAdministrator(t.Context(), "ada", "nowhere")
	wantFault(t, err, "email", "does not look like")
}

func TestChoosingAPasswordEndsOtherSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.administrator()
	h.exec(`INSERT INTO sessions (person_id, token_hash, expires_at) SELECT id, '\x01', now() + interval '1 day' FROM people`)
	if _, err := h.UseSignInLink(t.Context(), token, goodPassword); err != nil {
		t.Fatal(err)
	}
	if told := h.heard(); h.count("sessions") != 0 || len(told) != 1 {
		t.Errorf("%d sessions, told %v", h.count("sessions"), told)
	}
}

func TestPeopleForLoadTests(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tokens, err := h.CreatePeople(t.Context(), 1_203)
	if err != nil || len(tokens) != 1_203 {
		t.Fatalf("%d tokens, %v", len(tokens), err)
	}
	seen := map[int64]bool{}
	for _, token := range tokens[len(tokens)-300:] {
		seen[h.viewer(token).ID] = true
	}
	if seen[0] || len(seen) != 300 {
		t.Errorf("%d of 300 people", len(seen))
	}
	if _, err := h.CreatePeople(t.Context(), 3); err != nil {
		t.Errorf("again: %v", err)
	}
}
