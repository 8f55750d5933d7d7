package accounts_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
)

func TestSignUpMakesAMemberWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("Wren")
	got := h.viewer(session.Token)
	want := accounts.Viewer{
		ID: got.ID, Handle: "Wren", Name: "Wren", Role: accounts.Member, Given: accounts.Member, Label: accounts.Peer,
		SessionID: session.ID, ProvedAt: h.now(), Feeding: "feeding",
	}
	if got != want || got.Guest() {
		t.Errorf("got %+v, want %+v", got, want)
	}
	person, err := h.Person(t.Context(), accounts.Viewer{}, "wren")
	if err != nil || person.Handle != "Wren" || !person.JoinedAt.Equal(h.now()) || person.Label != accounts.Peer {
		t.Errorf("profile: %+v, %v", person, err)
	}
	if _, err := h.Person(t.Context(), got, "nobody-here"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown profile: %v", err)
	}
	if _, err := h.Person(t.Context(), got, "\x00\xff"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a malformed profile: %v", err)
	}
}

func TestHandlesAreUniqueAfterFolding(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for first, others := range map[string][]string{
		"kelvin": {"Kelvin", "KELVIN", "\u212Aelvin", "ｋｅｌｖｉｎ"},
		"straße": {"STRASSE", "strasse", "Straße"},
		"élodie": {"e\u0301lodie", "ÉLODIE"},
	} {
		h.join(first)
		for _, other := range others {
			_, err := h.SignUp(t.Context(), form(other))
			wantFault(t, err, "handle", "")
		}
	}
	if n := h.count("people"); n != 3 {
		t.Errorf("%d people, want 3", n)
	}
}

func TestATakenHandleComesWithTwoFreeOnes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("wren")
	h.join("wren-again")
	_, err := h.SignUp(t.Context(), form("WREN"))
	wantFault(t, err, "handle", "Somebody has “WREN” already. Free: WREN-at-three, WREN-here")

	long := strings.Repeat("w", 24)
	h.join(long)
	_, err = h.SignUp(t.Context(), form(long))
	_, free, _ := strings.Cut(fields(t, err)["handle"], "Free: ")
	for _, handle := range strings.Split(free, ", ") {
		h.join(handle)
	}
}

func TestOneOfManyGetsTheHandle(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	outcomes := make([]error, 8)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() { _, outcomes[i] = h.SignUp(t.Context(), form([]string{"wren", "WREN"}[i%2])) })
	}
	all.Wait()
	in := 0
	for _, err := range outcomes {
		if err == nil {
			in++
			continue
		}
		wantFault(t, err, "handle", "Somebody has")
	}
	if people, sessions, letters := h.count("people"), h.count("sessions"), h.count("river_job"); in != 1 || people != 1 || sessions != 1 || letters != 1 {
		t.Errorf("%d got in: %d people, %d sessions, %d letters; want one of each", in, people, sessions, letters)
	}
}

func TestSignUpRefusesBadInput(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	long := strings.Repeat("x", 100_000)
	bad := map[string][]string{
		"handle": {"", "  ", "ab", long, "wr\x00en", "wr\xffen", "wr\u202een", "wr\u200ben", "wr en", "wr\nen", "a@b.example", "<b>wren", "admin", "Moderator", "IBCLC-wren"},
		"email": {"", "wren", "wren@", "@example.org", "wren@localhost", "wren@[127.0.0.1]", "Wren <wren@example.org>", "<wren@example.org>", "a@example.org, b@example.org",
			"wr\x00en@example.org", "wren@exa\xffmple.org", "wren@example.org\r\nBcc: all@example.org", "wr\u202een@example.org", `"a b"@example.org`, "wren (me)@example.org", long + "@example.org"},
		"password": {"", "fourteen chars", long, "with a\x00null inside it", "with an \xff inside it all", "wren@example.org", "wren-wren-wren-wren", "passwordpassword", "aaaaaaaaaaaaaaaa"},
	}
	for field, values := range bad {
		for _, value := range values {
			f := form("wren")
			switch field {
			case "handle":
				f.Handle = value
			case "email":
				f.Email = value
			case "password":
				f.Password = value
			}
			_, err := h.SignUp(t.Context(), f)
			if got := slices.Collect(maps.Keys(fields(t, err))); !slices.Equal(got, []string{field}) {
				t.Errorf("%s %.40q: faults at %v", field, value, got)
			}
		}
	}
	f := form("wren")
	f.Rules = false
	_, err := h.SignUp(t.Context(), f)
	wantFault(t, err, "rules", "house rules")
	if n := h.count("people") + h.count("sessions") + h.count("river_job"); n != 0 {
		t.Errorf("%d rows were left by refused sign-ups", n)
	}
}

func TestAllFaultsComeAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("wren")
	_, err := h.SignUp(t.Context(), accounts.SignUp{Handle: "wren", Email: "no", Password: "milkmilkmil"})
	faults := fields(t, err)
	if len(faults) != 4 {
		t.Errorf("faults %v, want four", faults)
	}
	wantFault(t, err, "password", "This has 11 characters. It needs 4 more.")
}

func TestAnAddressNeedNotBeNew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, handle := range []string{"wren", "sparrow"} {
		f := form(handle)
		f.Email = "shared@example.org"
		if _, err := h.SignUp(t.Context(), f); err != nil {
			t.Errorf("%s: %v", handle, err)
		}
	}
}
