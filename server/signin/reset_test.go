package signin_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/signin"
)

const newPassword = "seven slow herons wading"

// post is a mailer that keeps every letter; the first of them it refuses.
type post struct {
	mu      sync.Mutex
	refuses int
	letters []mail.Letter
}

func (p *post) Send(_ context.Context, letter mail.Letter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuses > 0 {
		p.refuses--
		return errors.New("the post office is closed")
	}
	p.letters = append(p.letters, letter)
	return nil
}

// about are the letters with this subject.
func (p *post) about(subject string) []mail.Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []mail.Letter
	for _, letter := range p.letters {
		if letter.Subject == subject {
			found = append(found, letter)
		}
	}
	return found
}

// confirmed joins somebody whose address is theirs.
func (h *house) confirmed(handle string) accounts.Session {
	h.t.Helper()
	session := h.join(handle)
	h.exec(`UPDATE people SET email_confirmed_at = ? WHERE handle = ?`, h.now(), handle)
	return session
}

// comesIn signs wren in by a password.
func (h *house) comesIn(password string) accounts.Session {
	h.t.Helper()
	entry, err := h.SignIn(h.t.Context(), "wren", password, signin.From{})
	if err != nil {
		h.t.Fatal(err)
	}
	return entry.Session
}

func (h *house) askReset(address string) {
	h.t.Helper()
	if err := h.AskReset(h.t.Context(), address); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) count(query string) int {
	h.t.Helper()
	var n int
	if err := h.db.NewRaw(query).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// deliver lets the real workers do all that waits, and gives what they sent.
func (h *house) deliver(p *post) *post {
	h.t.Helper()
	workers := river.NewWorkers()
	h.people.Workers(workers, p, base)
	h.Workers(workers, p)
	running, err := jobs.Start(context.Background(), h.target, workers, slog.New(slog.DiscardHandler))
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = running.Stop(context.Background()) }()
	testdb.Finish(h.t, h.db)
	return p
}

// tokensIn are the tokens of the letters with a reset.
func tokensIn(t *testing.T, p *post) []string {
	t.Helper()
	var tokens []string
	for _, letter := range p.about("A new password") {
		found := regexp.MustCompile(`https://place\.example/password/reset/(\S+)`).FindStringSubmatch(letter.Text)
		if found == nil {
			t.Fatalf("no link in:\n%s", letter.Text)
		}
		tokens = append(tokens, found[1])
	}
	return tokens
}

// lettered is somebody with a confirmed address, and the token of a letter to them.
func lettered(t *testing.T) (h *house, session accounts.Session, secret string) {
	t.Helper()
	h = newHouse(t)
	session = h.confirmed("wren")
	h.askReset("WREN@example.org")
	tokens := tokensIn(t, h.deliver(&post{}))
	if len(tokens) != 1 {
		t.Fatalf("%d letters", len(tokens))
	}
	return h, session, tokens[0]
}

func TestAResetSetsANewPasswordAndEndsAllSessions(t *testing.T) {
	t.Parallel()
	h, phone, secret := lettered(t)
	laptop := h.comesIn(goodPassword)
	other := h.confirmed("sparrow")
	for range 3 { // looking uses nothing up
		if handle, err := h.ResetOf(t.Context(), secret); err != nil || handle != "wren" {
			t.Fatalf("%q, %v", handle, err)
		}
	}
	for _, weak := range []string{"", "short", "wren wren wren wren", goodPassword + "\x00"} {
		if err := h.UseReset(t.Context(), secret, weak); fields(t, err)["password"] == "" {
			t.Errorf("%q: %v", weak, err)
		}
	}
	if err := h.UseReset(t.Context(), secret, newPassword); err != nil {
		t.Fatal(err)
	}
	if !h.viewer(phone.Token).Guest() || !h.viewer(laptop.Token).Guest() || h.viewer(other.Token).Guest() {
		t.Error("the wrong sessions live")
	}
	for _, id := range []int64{phone.ID, laptop.ID} {
		if !slices.Contains(h.told, "accounts.session."+strconv.FormatInt(id, 10)) {
			t.Errorf("the sockets were told %v", h.told)
		}
	}
	if _, err := h.SignIn(t.Context(), "wren", goodPassword, signin.From{}); err == nil {
		t.Error("the old password signs in")
	}
	if _, err := h.SignIn(t.Context(), "wren", newPassword, signin.From{}); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if err := h.UseReset(t.Context(), secret, newPassword); !fault.Is(err, fault.NotFound) {
		t.Errorf("used again: %v", err)
	}
	if told := h.deliver(&post{}).about("Your account"); len(told) != 1 || told[0].To != "wren@example.org" {
		t.Errorf("told %v", told)
	}
}

func TestAResetIsUsedOnce(t *testing.T) {
	t.Parallel()
	h, _, secret := lettered(t)
	outcomes := make([]error, 50)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() {
			outcomes[i] = h.UseReset(t.Context(), secret, newPassword+strconv.Itoa(i))
			for fault.Is(outcomes[i], fault.Unavailable) { // so many passwords are too much at once for a small machine
				outcomes[i] = h.UseReset(t.Context(), secret, newPassword+strconv.Itoa(i))
			}
		})
	}
	all.Wait()
	used := 0
	for i, err := range outcomes {
		switch {
		case err == nil:
			used++
			if _, err := h.SignIn(t.Context(), "wren", newPassword+strconv.Itoa(i), signin.From{}); err != nil {
				t.Errorf("the password of whoever was told that it is set: %v", err)
			}
		case !fault.Is(err, fault.NotFound):
			t.Errorf("one of them: %v", err)
		}
	}
	if used != 1 {
		t.Errorf("used %d times", used)
	}
}

// TestALetterToAnAddressOfBeforeOpensNothing since whoever reads there may be why the person changed it.
func TestALetterToAnAddressOfBeforeOpensNothing(t *testing.T) {
	t.Parallel()
	h, session, secret := lettered(t)
	h.exec(`UPDATE people SET email = 'new@example.org', email_confirmed_at = ?`, h.now().Add(time.Microsecond))
	if err := h.UseReset(t.Context(), secret, newPassword); !fault.Is(err, fault.NotFound) || h.viewer(session.Token).Guest() {
		t.Errorf("used: %v", err)
	}
}

func TestAResetIsOverAfterFifteenMinutes(t *testing.T) {
	t.Parallel()
	h, session, secret := lettered(t)
	h.pass(15*time.Minute - time.Second)
	if _, err := h.ResetOf(t.Context(), secret); err != nil {
		t.Errorf("over early: %v", err)
	}
	h.pass(time.Second)
	if _, err := h.ResetOf(t.Context(), secret); !fault.Is(err, fault.NotFound) {
		t.Errorf("looked at late: %v", err)
	}
	if err := h.UseReset(t.Context(), secret, newPassword); !fault.Is(err, fault.NotFound) || h.viewer(session.Token).Guest() {
		t.Errorf("used late: %v", err)
	}
	for _, never := range []string{"", "x", secret[1:], secret + "=", strings.Repeat("A", 43), "\x00", strings.Repeat("\xff", 43)} {
		if err := h.UseReset(t.Context(), never, newPassword); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", never, err)
		}
	}
}

// TestOnlyAConfirmedAddressGetsALetter and nothing is left of those that nobody has.
func TestOnlyAConfirmedAddressGetsALetter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.join("sparrow")
	h.confirmed("one")
	h.confirmed("two")
	h.exec(`UPDATE people SET email = 'both@example.org' WHERE handle IN ('one', 'two')`)
	for _, address := range []string{"nobody@example.org", "sparrow@example.org", "both@example.org"} {
		h.askReset(address)
	}
	if sent := h.deliver(&post{}).about("A new password"); len(sent) != 0 {
		t.Errorf("sent %v", sent)
	}
	if n := h.count(`SELECT count(*) FROM password_resets`); n != 0 {
		t.Errorf("%d requests are kept", n)
	}
	for _, address := range []string{"", "nobody", "a@b", "a@example.org\r\nBcc: b@example.org"} {
		if err := h.AskReset(t.Context(), address); fields(t, err)["email"] == "" {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestJobsHoldNoAddressAndTablesNoToken since jobs are kept and a copy of the database lets nobody in.
func TestJobsHoldNoAddressAndTablesNoToken(t *testing.T) {
	t.Parallel()
	h, _, secret := lettered(t)
	var rows []json.RawMessage
	if err := h.db.NewRaw(`SELECT to_json(r) FROM river_job r UNION ALL SELECT to_json(r) FROM password_resets r`).Scan(t.Context(), &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if strings.Contains(string(row), secret) || strings.Contains(strings.ToLower(string(row)), "wren@") {
			t.Errorf("kept: %s", row)
		}
	}
	if len(rows) < 3 {
		t.Errorf("only %d rows", len(rows))
	}
}

func TestAFewLettersAnHour(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.confirmed("wren")
	for range 5 {
		h.askReset("wren@example.org")
	}
	tokens := tokensIn(t, h.deliver(&post{}))
	if len(tokens) != 3 {
		t.Fatalf("%d letters at once", len(tokens))
	}
	for _, secret := range tokens { // whichever of them is opened
		if _, err := h.ResetOf(t.Context(), secret); err != nil {
			t.Error(err)
		}
	}
	if err := h.UseReset(t.Context(), tokens[0], newPassword); err != nil {
		t.Fatal(err)
	}
	for _, secret := range tokens[1:] {
		if _, err := h.ResetOf(t.Context(), secret); !fault.Is(err, fault.NotFound) {
			t.Errorf("another one after a reset: %v", err)
		}
	}
	for range 4 {
		h.askReset("wren@example.org")
	}
	h.deliver(&post{})
	h.askReset("wren@example.org")
	h.pass(time.Hour)
	h.askReset("wren@example.org")
	if sent := tokensIn(t, h.deliver(&post{})); len(sent) != 2 {
		t.Errorf("%d letters an hour later", len(sent))
	}
}

// TestALetterThatCouldNotBeSentIsSentLater with a token that works, and not much later.
func TestALetterThatCouldNotBeSentIsSentLater(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.confirmed("wren")
	h.askReset("wren@example.org")
	tokens := tokensIn(t, h.deliver(&post{refuses: 2})) // the welcome may be one of them
	if len(tokens) != 1 {
		t.Fatalf("%d letters", len(tokens))
	}
	if _, err := h.ResetOf(t.Context(), tokens[0]); err != nil {
		t.Error(err)
	}
	h.askReset("wren@example.org")
	h.pass(time.Hour + time.Second)
	if late := h.deliver(&post{}).about("A new password"); len(late) != 0 {
		t.Errorf("sent much too late: %v", late)
	}
}

func TestTheLettersAreNeutral(t *testing.T) {
	t.Parallel()
	h, _, secret := lettered(t)
	h.askReset("wren@example.org")
	if err := h.UseReset(t.Context(), secret, newPassword); err != nil {
		t.Fatal(err)
	}
	sent := h.deliver(&post{})
	for _, letter := range append(sent.about("A new password"), sent.about("Your account")...) {
		whole := strings.ToLower(letter.Subject + " " + letter.Text)
		for _, word := range []string{"first drops", "firstdrops", "milk", "breast", "feed", "lactation", "baby", "parent", "wren"} {
			if strings.Contains(whole, word) {
				t.Errorf("%q says %q", letter.Subject, word)
			}
		}
	}
}

func TestAnAccountWithoutAPasswordGetsOneByLetter(t *testing.T) {
	t.Parallel()
	h, _, secret := lettered(t)
	h.exec(`UPDATE people SET password_hash = NULL`)
	if err := h.UseReset(t.Context(), secret, newPassword); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignIn(t.Context(), "wren", newPassword, signin.From{}); err != nil {
		t.Error(err)
	}
}

func TestAPersonChangesTheirPassword(t *testing.T) {
	t.Parallel()
	h, phone, secret := lettered(t)
	laptop := h.comesIn(goodPassword)
	viewer := h.viewer(phone.Token)
	ended := viewer
	ended.SessionID += 1000
	if _, err := h.ChangePassword(t.Context(), ended, newPassword, ""); !fault.Is(err, fault.Unauthenticated) || h.viewer(laptop.Token).Guest() {
		t.Errorf("in a session that was ended: %v", err)
	}
	if _, err := h.ChangePassword(t.Context(), viewer, "too short", ""); fields(t, err)["password"] == "" {
		t.Errorf("a weak one: %v", err)
	}
	viewer.SecondFactor = true
	session, err := h.ChangePassword(t.Context(), viewer, newPassword, "Firefox on Android")
	if err != nil {
		t.Fatal(err)
	}
	if got := h.viewer(session.Token); got.ID != viewer.ID || !got.SecondFactor || session.ID == phone.ID {
		t.Errorf("it goes on as %+v", got)
	}
	if !h.viewer(phone.Token).Guest() || !h.viewer(laptop.Token).Guest() || len(h.told) < 2 {
		t.Error("old sessions live on")
	}
	if _, err := h.SignIn(t.Context(), "wren", newPassword, signin.From{}); err != nil {
		t.Error(err)
	}
	if _, err := h.ResetOf(t.Context(), secret); !fault.Is(err, fault.NotFound) {
		t.Errorf("a letter from before: %v", err)
	}
	if told := h.deliver(&post{}).about("Your account"); len(told) != 1 || told[0].To != "wren@example.org" {
		t.Errorf("told %v", told)
	}
}
