package signin_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/signin"
)

// phone is somebody with an app that shows codes.
type phone struct {
	*house
	secret   string
	recovery []string
	viewer   accounts.Viewer // by the session in which it was set up
}

// withPhone lets somebody join and set up codes.
func (h *house) withPhone(handle string) *phone {
	h.t.Helper()
	p := &phone{house: h, viewer: h.viewer(h.join(handle).Token)}
	p.setUp()
	return p
}

func (p *phone) setUp() {
	p.t.Helper()
	p.must(p.BeginCodes(p.t.Context(), p.viewer))
	secret, err := p.PendingCodes(p.t.Context(), p.viewer)
	p.must(err)
	p.secret = secret.Text
	session, codes, err := p.ConfirmCodes(p.t.Context(), p.viewer, p.code(0)[:3]+" "+p.code(0)[3:])
	p.must(err)
	p.recovery, p.viewer = codes, p.house.viewer(session.Token)
	p.pass(time.Minute) // the code that confirmed it is used up
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// code is what the app shows, so many steps from now.
func (p *phone) code(steps int) string {
	p.t.Helper()
	code, err := totp.GenerateCode(p.secret, p.now().Add(time.Duration(steps)*30*time.Second))
	p.must(err)
	return code
}

// half signs in as far as the password leads.
func (p *phone) half() string {
	p.t.Helper()
	entry, err := p.SignIn(p.t.Context(), p.viewer.Handle, goodPassword, signin.From{})
	p.must(err)
	if entry.Half.Token == "" || entry.Session.Token != "" || !entry.Person.Guest() {
		p.t.Fatalf("the password alone opened %+v", entry)
	}
	return entry.Half.Token
}

func (p *phone) finish(half, code string) (signin.Entry, error) {
	return p.FinishSignIn(p.t.Context(), half, code, signin.From{})
}

func TestCodesCountOnceConfirmed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := &phone{house: h, viewer: h.viewer(h.join("wren").Token)}
	alone := func() bool {
		entry, err := p.SignIn(t.Context(), "wren", goodPassword, signin.From{})
		p.must(err)
		return entry.Half.Token == ""
	}
	p.must(p.BeginCodes(t.Context(), p.viewer))
	secret, err := p.PendingCodes(t.Context(), p.viewer)
	p.must(err)
	if !strings.Contains(secret.Address, "secret="+secret.Text) || !alone() {
		t.Errorf("%+v counts before its code", secret)
	}
	p.secret = secret.Text
	for _, wrong := range []string{"", "x", "123", p.code(3), p.code(-3), "12345\x00", strings.Repeat("1", 100_000)} {
		if _, _, err := p.ConfirmCodes(t.Context(), p.viewer, wrong); fields(t, err)["code"] == "" || !alone() {
			t.Errorf("%.20q confirmed it: %v", wrong, err)
		}
	}
	session, codes, err := p.ConfirmCodes(t.Context(), p.viewer, p.code(0))
	p.must(err)
	now := h.viewer(session.Token)
	if !now.SecondFactor || now.SessionID == p.viewer.SessionID || alone() {
		t.Errorf("confirmed in %+v", now)
	}
	if len(codes) != 10 || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != 10 {
		t.Errorf("recovery codes: %v", codes)
	}
	if _, err := p.PendingCodes(t.Context(), now); !fault.Is(err, fault.NotFound) {
		t.Errorf("the secret is shown again: %v", err)
	}
	if _, err := p.finish(p.half(), p.code(0)); fields(t, err)["code"] == "" {
		t.Error("the code that confirmed it opens another session")
	}
	for _, plain := range codes {
		if h.rows(`recovery_codes WHERE encode(code_hash, 'escape') LIKE '%' || '`+strings.ReplaceAll(plain, " ", "")+`' || '%'`) != 0 {
			t.Error("a recovery code is stored as it is")
		}
	}
}

func TestACodeWorksOnce(t *testing.T) {
	t.Parallel()
	p := newHouse(t).withPhone("wren")
	entry, err := p.finish(p.half(), " "+p.code(0)[:3]+" "+p.code(0)[3:])
	p.must(err)
	if v := p.house.viewer(entry.Session.Token); !v.SecondFactor || v.ID != p.viewer.ID {
		t.Errorf("came in as %+v", v)
	}
	half := p.half()
	for _, used := range []string{p.code(0), p.code(-1)} { // an older one is used up with a newer
		if _, err := p.finish(half, used); fields(t, err)["code"] == "" {
			t.Errorf("used again: %v", err)
		}
	}
	if _, err := p.finish(half, p.code(1)); err != nil {
		t.Errorf("the next: %v", err)
	}
}

func TestClocksMayDifferByAStep(t *testing.T) {
	t.Parallel()
	p := newHouse(t).withPhone("wren")
	for steps, fits := range map[int]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		p.exec(`UPDATE totps SET last_step = 0`)
		if _, err := p.finish(p.half(), p.code(steps)); (err == nil) != fits {
			t.Errorf("%d steps away: %v", steps, err)
		}
	}
}

// TestOneOfManyUsesOfACode gets in, of an app's and of a recovery code.
func TestOneOfManyUsesOfACode(t *testing.T) {
	t.Parallel()
	p := newHouse(t).withPhone("wren")
	for _, code := range []string{p.code(0), p.recovery[3]} {
		halves := make([]string, 20)
		for i := range halves {
			halves[i] = p.half()
		}
		outcomes := make([]error, len(halves))
		var all sync.WaitGroup
		for i, half := range halves {
			all.Go(func() { _, outcomes[i] = p.finish(half, code) })
		}
		all.Wait()
		in := 0
		for _, err := range outcomes {
			if err == nil {
				in++
			} else if fields(t, err)["code"] == "" {
				t.Error(err)
			}
		}
		if in != 1 {
			t.Errorf("one code let in %d times", in)
		}
	}
}

func TestRecoveryCodesStandInOnce(t *testing.T) {
	t.Parallel()
	p := newHouse(t).withPhone("wren")
	_, err := p.finish(p.half(), p.recovery[0])
	p.must(err)
	half := p.half()
	if _, err := p.finish(half, p.recovery[0]); fields(t, err)["code"] == "" {
		t.Errorf("used twice: %v", err)
	}
	entry, err := p.finish(half, strings.ReplaceAll(p.recovery[1], " ", ""))
	p.must(err)
	if !p.house.viewer(entry.Session.Token).SecondFactor {
		t.Error("a recovery code is no second factor")
	}
	if kept, err := p.Security(t.Context(), p.viewer); err != nil || kept.Recovery != 8 {
		t.Errorf("%+v, %v", kept, err)
	}
	fresh, err := p.RenewRecovery(t.Context(), p.viewer)
	p.must(err)
	half = p.half()
	if _, err := p.finish(half, p.recovery[2]); fields(t, err)["code"] == "" {
		t.Errorf("an old one after new ones: %v", err)
	}
	if _, err := p.finish(half, fresh[9]); err != nil {
		t.Errorf("a new one: %v", err)
	}
	other := p.withPhone("sparrow")
	if _, err := other.finish(other.half(), fresh[0]); fields(t, err)["code"] == "" {
		t.Errorf("somebody else's: %v", err)
	}
	if _, err := p.RenewRecovery(t.Context(), p.house.viewer(p.join("gull").Token)); !fault.Is(err, fault.NotFound) {
		t.Errorf("without a second factor: %v", err)
	}
}

func TestHalfASignIn(t *testing.T) {
	t.Parallel()
	p := newHouse(t).withPhone("wren")
	half := p.half()
	for range 5 {
		if _, err := p.finish(half, "000000"); fields(t, err)["code"] == "" {
			t.Fatal(err)
		}
	}
	over := func(what, half string) {
		t.Helper()
		if _, err := p.finish(half, p.code(0)); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", what, err)
		}
		if waits, err := p.HalfDone(t.Context(), half); err != nil || waits {
			t.Errorf("%s still waits: %v", what, err)
		}
	}
	over("after five wrong codes", half)
	old := p.half()
	p.pass(10 * time.Minute)
	over("after ten minutes", old)
	used := p.half()
	_, err := p.finish(used, p.code(0))
	p.must(err)
	p.pass(time.Minute)
	over("used", used)
	for _, bad := range []string{"", "x", strings.Repeat("A", 43), "\x00", strings.Repeat("\xff", 43)} {
		over("made up", bad)
	}
	if v := p.house.viewer(p.half()); !v.Guest() {
		t.Error("half a sign-in is a session")
	}
	p.half()
	if n := p.rows("half_sign_ins"); n > 2 {
		t.Errorf("%d are kept", n)
	}
	before := p.half()
	_, err = p.ChangePassword(t.Context(), p.viewer, "seven slow herons wading", "")
	p.must(err)
	over("after a new password", before)
}

func TestDoingWithoutCodes(t *testing.T) {
	t.Parallel()
	p := newHouse(t).withPhone("wren")
	entry, err := p.finish(p.half(), p.code(0))
	p.must(err)
	session, err := p.RemoveCodes(t.Context(), p.viewer)
	p.must(err)
	here, there := p.house.viewer(session.Token), p.house.viewer(entry.Session.Token)
	if here.Guest() || here.SecondFactor || here.SessionID == p.viewer.SessionID || there.SecondFactor || !there.Renew {
		t.Errorf("afterwards: %+v, elsewhere %+v", here, there)
	}
	if _, err := p.RemoveCodes(t.Context(), here); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed twice: %v", err)
	}
	if p.rows("recovery_codes")+p.rows("totps") != 0 {
		t.Error("something of it is kept")
	}
	if entry, err := p.SignIn(t.Context(), "wren", goodPassword, signin.From{}); err != nil || entry.Session.Token == "" {
		t.Errorf("signing in afterwards: %v", err)
	}
}

// TestStaffKeepTheirSecondFactor for as long as they have a role; a new phone is no reason to be without.
func TestStaffKeepTheirSecondFactor(t *testing.T) {
	t.Parallel()
	p := newHouse(t).withPhone("maya")
	for _, role := range []accounts.Role{accounts.Consultant, accounts.Moderator, accounts.Administrator} {
		p.exec(`UPDATE people SET role = ?`, role)
		p.viewer.Given = role
		if _, err := p.RemoveCodes(t.Context(), p.viewer); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
	p.half() // it is still asked for
	old := p.secret
	p.setUp()
	if _, err := (&phone{house: p.house, secret: old, viewer: p.viewer}).finish(p.half(), p.code(0)); err != nil || old == p.secret {
		t.Errorf("a new phone: %v", err)
	}
	if v := p.viewer; !v.SecondFactor || v.Role != accounts.Administrator || v.Withheld() {
		t.Errorf("set up anew in %+v", v)
	}
}

// TestARoleWaitsForASecondFactor: it is there as soon as a code was confirmed, in that session and no other.
func TestARoleWaitsForASecondFactor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := h.join("maya")
	h.exec(`UPDATE people SET role = 'moderator'`)
	entry, err := h.SignIn(t.Context(), "maya", goodPassword, signin.From{})
	h.must(err)
	if !entry.Person.Withheld() || entry.Person.Staff() {
		t.Errorf("came in as %+v", entry.Person)
	}
	p := &phone{house: h, viewer: entry.Person}
	p.setUp()
	if v := h.viewer(other.Token); !p.viewer.Staff() || v.Staff() {
		t.Errorf("here %+v, elsewhere %+v", p.viewer, v)
	}
}

// TestASessionOfTheFirstFactorChangesNothing of the second: it may be a thief's, who has the password.
func TestASessionOfTheFirstFactorChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before := h.viewer(h.join("wren").Token)
	p := &phone{house: h, viewer: before}
	p.setUp()
	entry := h.open(before.ID)
	thief := h.viewer(entry.Token)
	tries := map[string]func() error{
		"begin":   func() error { return p.BeginCodes(t.Context(), thief) },
		"confirm": func() error { _, _, err := p.ConfirmCodes(t.Context(), thief, p.code(0)); return err },
		"remove":  func() error { _, err := p.RemoveCodes(t.Context(), thief); return err },
		"renew":   func() error { _, err := p.RenewRecovery(t.Context(), thief); return err },
	}
	for name, try := range tries {
		if err := try(); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Prove(t.Context(), thief, goodPassword, ""); fields(t, err)["code"] == "" {
		t.Errorf("proved by the password: %v", err)
	}
	session, err := p.Prove(t.Context(), thief, "", p.code(0))
	h.must(err)
	if v := h.viewer(session.Token); !v.SecondFactor || v.ID != before.ID {
		t.Errorf("proved by a code: %+v", v)
	}
	for name, try := range map[string]func(accounts.Viewer) error{
		"begin":  func(v accounts.Viewer) error { return p.BeginCodes(t.Context(), v) },
		"renew":  func(v accounts.Viewer) error { _, err := p.RenewRecovery(t.Context(), v); return err },
		"remove": func(v accounts.Viewer) error { _, err := p.RemoveCodes(t.Context(), v); return err },
		"look":   func(v accounts.Viewer) error { _, err := p.Security(t.Context(), v); return err },
		"prove":  func(v accounts.Viewer) error { _, err := p.Prove(t.Context(), v, goodPassword, ""); return err },
	} {
		if err := try(accounts.Viewer{}); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s by a guest: %v", name, err)
		}
	}
}

// open opens a session by the first factor alone, as it was before codes were set up.
func (h *house) open(personID int64) (session accounts.Session) {
	h.t.Helper()
	h.must(h.db.InTx(h.t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		session, err = h.people.OpenSession(ctx, tx, accounts.Opening{PersonID: personID})
		return err
	}))
	return session
}

func (h *house) rows(table string) int {
	h.t.Helper()
	var n int
	h.must(h.db.NewRaw(`SELECT count(*) FROM `+table).Scan(h.t.Context(), &n))
	return n
}

func TestALinkDoesNotReplaceTheSecondFactor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	link, err := h.people.CreateAdministrator(t.Context(), "ada", "ada@example.org")
	h.must(err)
	h.must(h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.Plant(ctx, tx, 1, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
	}))
	if _, err := h.UseLink(t.Context(), link, "short", signin.From{}); fields(t, err)["password"] == "" {
		t.Error(err)
	}
	entry, err := h.UseLink(t.Context(), link, goodPassword, signin.From{})
	h.must(err)
	if entry.Session.Token != "" || entry.Half.Token == "" || h.rows("sessions") != 0 {
		t.Errorf("the link alone opened %+v", entry)
	}
	p := &phone{house: h, secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
	if entry, err = p.finish(entry.Half.Token, p.code(0)); err != nil || !entry.Person.Staff() {
		t.Errorf("with a code: %+v, %v", entry, err)
	}
}

func TestProvingAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	viewer := h.viewer(h.join("wren").Token)
	h.pass(time.Hour)
	for field, try := range map[string][2]string{"password": {"not the password", ""}, "password ": {"", ""}, "password  ": {"", "123456"}} {
		if _, err := h.Prove(t.Context(), viewer, try[0], try[1]); fields(t, err)[strings.TrimSpace(field)] == "" {
			t.Errorf("%q: %v", try, err)
		}
	}
	session, err := h.Prove(t.Context(), viewer, goodPassword, "")
	h.must(err)
	now := h.viewer(session.Token)
	if now.SessionID == viewer.SessionID || !now.ProvedAt.Equal(h.now()) || now.SecondFactor {
		t.Errorf("proved in %+v", now)
	}
	p := h.withPhone("sparrow")
	if session, err = h.Prove(t.Context(), p.viewer, goodPassword, ""); err != nil || !h.viewer(session.Token).SecondFactor {
		t.Errorf("by password, where both were shown before: %v", err)
	}
	viewer = h.viewer(session.Token)
	if _, err := h.Prove(t.Context(), viewer, "", "000000"); fields(t, err)["code"] == "" {
		t.Error(err)
	}
	if _, err = h.Prove(t.Context(), viewer, "", p.recovery[0]); err != nil {
		t.Errorf("by a recovery code: %v", err)
	}
}
