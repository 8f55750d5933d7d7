package accounts_test

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

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

func TestASessionEndsWhenIdleForThirtyDays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("wren")
	person := h.viewer(session.Token).ID
	for range 2 { // each use counts anew
		h.pass(30*24*time.Hour - time.Second)
		if h.viewer(session.Token).Guest() {
			t.Error("ended early")
		}
	}
	h.pass(30 * 24 * time.Hour)
	if !h.viewer(session.Token).Guest() {
		t.Error("lives too long")
	}
	if live, err := h.LiveSessions(t.Context(), []int64{session.ID}); err != nil || len(live) != 0 {
		t.Errorf("live: %v, %v", live, err)
	}
	h.pass(30 * 24 * time.Hour)
	h.open(person)
	if n := h.count("sessions"); n != 1 {
		t.Errorf("%d sessions, want the new one only", n)
	}
}

func TestASessionEndsAfterNinetyDaysHoweverItIsUsed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("wren")
	for range 5 {
		h.pass(18*24*time.Hour - time.Second)
		if h.viewer(session.Token).Guest() {
			t.Error("ended early")
		}
	}
	h.pass(5 * time.Second)
	if live, err := h.LiveSessions(t.Context(), []int64{session.ID}); err != nil || len(live) != 0 || !h.viewer(session.Token).Guest() {
		t.Errorf("lives on: %v, %v", live, err)
	}
}

// TestTheLastUseIsKnownToTenMinutes since not every page writes.
func TestTheLastUseIsKnownToTenMinutes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("wren")
	wren, begun := h.viewer(session.Token), h.now()
	for _, c := range []struct{ later, seen time.Duration }{{10*time.Minute - time.Second, 0}, {time.Second, 10 * time.Minute}} {
		h.pass(c.later)
		h.viewer(session.Token)
		if got := h.sessions(wren)[0].SeenAt.Sub(begun); got != c.seen {
			t.Errorf("last used after %s, want %s", got, c.seen)
		}
	}
}

// TestWhoIsGoneHasNoSession by whatever way they would come in.
func TestWhoIsGoneHasNoSession(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]string{
		"left":     `UPDATE people SET handle = '', handle_fold = NULL, display_name = 'a former member', left_at = now()`,
		"declined": `UPDATE people SET awaits = 'approval', declined_at = now()`,
	} {
		h := newHouse(t)
		h.join("wren")
		h.exec(gone)
		session := h.open(1)
		if live, err := h.LiveSessions(t.Context(), []int64{session.ID}); err != nil || len(live) != 0 || !h.viewer(session.Token).Guest() {
			t.Errorf("%s: living are %v, %v", name, live, err)
		}
	}
}

// subject is the news that a session is over.
func subject(id int64) string { return "accounts.session." + strconv.FormatInt(id, 10) }

func TestSignOutEndsThatSessionAndTellsIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	phone := h.join("wren")
	laptop := h.open(h.viewer(phone.Token).ID)
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
	if want := []string{subject(phone.ID)}; !slices.Equal(h.heard(), want) {
		t.Errorf("told %v, want %v", h.heard(), want)
	}
	if err := h.SignOut(t.Context(), accounts.Viewer{}); err != nil {
		t.Errorf("a guest signs out: %v", err)
	}
}

// TestWithoutASecondFactorNobodyHasARole takes power and label from sessions that a stolen password alone could open.
func TestWithoutASecondFactorNobodyHasARole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("june")
	v := h.viewer(session.Token)
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.GrantLabel(ctx, tx, v.ID, accounts.IBCLC, h.now(), time.Time{})
	})
	for _, role := range []accounts.Role{accounts.Consultant, accounts.Moderator, accounts.Administrator} {
		h.exec(`UPDATE people SET role = ? WHERE id = ?`, string(role), v.ID)
		if got := h.viewer(session.Token); got.Role != accounts.Member || got.Given != role || got.Label != accounts.Peer || got.Staff() {
			t.Errorf("%s by a password alone: %+v", role, got)
		}
		if got := h.viewer(h.open(v.ID).Token); got.Role != role || got.Label != accounts.IBCLC || !got.SecondFactor {
			t.Errorf("%s with a second factor: %+v", role, got)
		}
	}
}

func TestStaffsSessionsEndWhenIdleForTwelveHours(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("maya")
	for role, ends := range map[accounts.Role]bool{accounts.Member: false, accounts.Consultant: false, accounts.Moderator: true, accounts.Administrator: true} {
		h.exec(`UPDATE people SET role = ?`, string(role))
		session := h.open(1)
		h.pass(12*time.Hour - time.Second)
		if h.viewer(session.Token).Guest() {
			t.Errorf("%s: ended early", role)
		}
		h.pass(12 * time.Hour)
		live, err := h.LiveSessions(t.Context(), []int64{session.ID})
		if err != nil || (len(live) == 0) != ends || h.viewer(session.Token).Guest() != ends {
			t.Errorf("%s: living are %v, %v", role, live, err)
		}
	}
}

// TestARenewedSession has another id and token, keeps its age, and closes the sockets of the old one.
func TestARenewedSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.join("wren")
	before := h.viewer(first.Token)
	h.pass(time.Hour)
	renew := func(v accounts.Viewer, do func(context.Context, *db.Tx, accounts.Viewer) (accounts.Session, error)) (s accounts.Session, err error) {
		err = h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			s, err = do(ctx, tx, v)
			return err
		})
		return s, err
	}
	second, err := renew(before, h.RenewSession)
	if err != nil {
		t.Fatal(err)
	}
	v := h.viewer(second.Token)
	if v.ID != before.ID || v.SessionID == before.SessionID || second.ID != v.SessionID || second.Token == first.Token || !v.ProvedAt.Equal(before.ProvedAt) ||
		v.SecondFactor || !second.Expires.Equal(first.Expires) {
		t.Errorf("renewed %+v to %+v (%+v)", before, v, second)
	}
	if got := h.sessions(v); len(got) != 1 || !got[0].BegunAt.Equal(before.ProvedAt) {
		t.Errorf("listed %+v", got)
	}
	if !h.viewer(first.Token).Guest() || !slices.Equal(h.heard(), []string{"accounts.session." + strconv.FormatInt(before.SessionID, 10)}) {
		t.Errorf("the old one lives, or told %v", h.heard())
	}
	if _, err := renew(before, h.RenewSession); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("one that is over: %v", err)
	}
	if _, err := renew(accounts.Viewer{ID: h.viewer(h.join("sparrow").Token).ID, SessionID: v.SessionID}, h.RenewSession); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("somebody else's: %v", err)
	}
	proved, err := renew(v, func(ctx context.Context, tx *db.Tx, v accounts.Viewer) (accounts.Session, error) {
		return h.ProveSession(ctx, tx, v, true)
	})
	if got := h.viewer(proved.Token); err != nil || !got.SecondFactor || got.ProvedAt.Sub(before.ProvedAt) != time.Hour {
		t.Errorf("proved: %+v, %v", got, err)
	}
	err = h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return h.DemoteSessions(ctx, tx, v.ID) })
	demoted := h.viewer(proved.Token)
	if err != nil || demoted.SecondFactor || !demoted.Renew {
		t.Errorf("demoted: %+v, %v", demoted, err)
	}
	h.pass(90 * 24 * time.Hour)
	if _, err := renew(demoted, h.RenewSession); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("one that is too old: %v", err)
	}
}
