package accounts_test

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
)

func TestSignInByHandle(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.join("Wren")
	for _, login := range []string{"wren", " WREN "} {
		session, err := h.SignIn(t.Context(), login, goodPassword, "Safari on iPhone")
		if err != nil {
			t.Fatalf("%q: %v", login, err)
		}
		if session.Token == first.Token || session.ID == first.ID {
			t.Errorf("%q: signing in kept an old session", login)
		}
		if got := h.viewer(session.Token).Handle; got != "Wren" {
			t.Errorf("%q signed in %q", login, got)
		}
	}
}

func TestThePasswordIsTheSameHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := form("wren")
	f.Password = "vier stille Ge\u0301rate brennen"
	if _, err := h.SignUp(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignIn(t.Context(), "wren", "vier stille G\u00e9rate brennen", ""); err != nil {
		t.Errorf("the composed form of the same password: %v", err)
	}
}

func TestAWrongSignInSaysTheSameForKnownAndUnknown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("wren")
	h.join("no-password")
	h.exec(`UPDATE people SET password_hash = NULL WHERE handle = 'no-password'`)
	want := ""
	for _, try := range [][2]string{
		{"wren", "not the password at all"}, {"nobody-here", goodPassword}, {"no-password", goodPassword},
		{"wren@example.org", goodPassword}, {"nobody@example.org", goodPassword}, {"not an @ address", goodPassword},
		{"wr\x00en", goodPassword}, {"wr\xffen", goodPassword}, {strings.Repeat("w", 100_000), goodPassword},
		{"wren", goodPassword + "\x00"}, {"wren", goodPassword + "\xff"}, {"wren", strings.Repeat("x", 100_000)},
		{"' OR 1=1 --", goodPassword}, {"wren?", goodPassword},
	} {
		_, err := h.SignIn(t.Context(), try[0], try[1], "")
		got := fields(t, err)["login"]
		if want == "" {
			want = got
		}
		if got != want || got == "" {
			t.Errorf("%.30q with %.30q: %q, want %q", try[0], try[1], got, want)
		}
	}
	_, err := h.SignIn(t.Context(), "", "", "")
	if got := fields(t, err); got["login"] == "" || got["password"] == "" {
		t.Errorf("nothing typed: %v", got)
	}
}

func TestAnAddressSignsInOnlyOnceConfirmed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("wren")
	signIn := func() error {
		_, err := h.SignIn(t.Context(), "Wren@Example.org", goodPassword, "")
		return err
	}
	if err := signIn(); !fault.Is(err, fault.Invalid) {
		t.Errorf("unconfirmed: %v", err)
	}
	h.exec(`UPDATE people SET email_confirmed_at = now() WHERE handle = 'wren'`)
	if err := signIn(); err != nil {
		t.Errorf("confirmed: %v", err)
	}
	f := form("sparrow")
	f.Email = "WREN@example.org"
	if _, err := h.SignUp(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if err := signIn(); err != nil {
		t.Errorf("another account that only names the address: %v", err)
	}
	h.exec(`UPDATE people SET email_confirmed_at = now()`)
	if err := signIn(); !fault.Is(err, fault.Invalid) {
		t.Errorf("two people confirmed it: %v", err)
	}
	if _, err := h.SignIn(t.Context(), "wren", goodPassword, ""); err != nil {
		t.Errorf("by handle: %v", err)
	}
}

func TestTokensAreStoredHashed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("wren")
	link, err := h.CreateAdministrator(t.Context(), "ada", "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"people", "sessions", "sign_in_links", "river_job"} {
		var rows []string
		if err := h.db.NewRaw(`SELECT row_to_json(r)::text FROM `+table+` r`).Scan(t.Context(), &rows); err != nil {
			t.Fatal(err)
		}
		dump := strings.Join(rows, "\n")
		for _, secret := range []string{session.Token, link, hex.EncodeToString([]byte(session.Token)), hex.EncodeToString([]byte(link)), goodPassword} {
			if strings.Contains(dump, secret) {
				t.Errorf("%s holds a secret", table)
			}
		}
	}
}

func TestWhatIsNoSessionIsAGuest(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.join("wren").Token
	flipped := "A" + token[1:]
	if token[0] == 'A' {
		flipped = "B" + token[1:]
	}
	for _, bad := range []string{
		"", "x", flipped, token + "=", token[:42], token + token, " " + token, strings.ToLower(token) + "\x00",
		strings.Repeat("A", 43), strings.Repeat("\xff", 43), strings.Repeat("é", 21) + "x", strings.Repeat("A", 100_000),
	} {
		if got := h.viewer(bad); !got.Guest() || got != (accounts.Viewer{}) {
			t.Errorf("%.50q is %+v", bad, got)
		}
	}
	if n := h.count("sessions"); n != 1 {
		t.Errorf("%d sessions: an unknown token was adopted", n)
	}
}

func TestASessionEndsAfterThirtyDays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("wren")
	h.pass(30*24*time.Hour - time.Second)
	if h.viewer(session.Token).Guest() {
		t.Error("ended early")
	}
	h.pass(time.Second)
	if !h.viewer(session.Token).Guest() {
		t.Error("lives too long")
	}
	if live, err := h.LiveSessions(t.Context(), []int64{session.ID}); err != nil || len(live) != 0 {
		t.Errorf("live: %v, %v", live, err)
	}
	if _, err := h.SignIn(t.Context(), "wren", goodPassword, ""); err != nil {
		t.Fatal(err)
	}
	if n := h.count("sessions"); n != 1 {
		t.Errorf("%d sessions, want the new one only", n)
	}
}

func TestSignOutEndsThatSessionAndTellsIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	phone := h.join("wren")
	laptop, err := h.SignIn(t.Context(), "wren", goodPassword, "Firefox on Linux")
	if err != nil {
		t.Fatal(err)
	}
	stranger := h.viewer(h.join("sparrow").Token)
	stranger.SessionID = laptop.ID
	if err := h.SignOut(t.Context(), stranger); err != nil {
		t.Fatal(err)
	}
	if h.viewer(laptop.Token).Guest() {
		t.Error("somebody else ended the session")
	}
	if err := h.SignOut(t.Context(), h.viewer(phone.Token)); err != nil {
		t.Fatal(err)
	}
	if !h.viewer(phone.Token).Guest() || h.viewer(laptop.Token).Guest() {
		t.Error("the wrong sessions live")
	}
	live, err := h.LiveSessions(t.Context(), []int64{phone.ID, laptop.ID, 999_999})
	if err != nil || !slices.Equal(live, []int64{laptop.ID}) {
		t.Errorf("live: %v, %v", live, err)
	}
	if want := []string{"accounts.session." + strconv.FormatInt(phone.ID, 10)}; !slices.Equal(h.heard(), want) {
		t.Errorf("told %v, want %v", h.heard(), want)
	}
	if err := h.SignOut(t.Context(), accounts.Viewer{}); err != nil {
		t.Errorf("a guest signs out: %v", err)
	}
}
