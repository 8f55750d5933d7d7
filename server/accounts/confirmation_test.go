package accounts_test

import (
	"context"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
	"firstdrops/server/platform/testdb"
)

// letters is a mailer that hands every letter to the test.
type letters chan mail.Letter

func (l letters) Send(ctx context.Context, letter mail.Letter) error {
	select {
	case l <- letter:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// next is the next letter; it fails where none comes.
func (l letters) next(t *testing.T) mail.Letter {
	t.Helper()
	select {
	case letter := <-l:
		return letter
	case <-time.After(20 * time.Second):
		t.Fatal("no letter came")
		return mail.Letter{}
	}
}

// posting is a house whose letters are written by real workers; call start for them to begin.
func posting(t *testing.T) (h *house, sent letters, start func()) {
	t.Helper()
	target := testdb.Target(t).AsApp()
	database := db.Open(target.WithPool(8))
	t.Cleanup(func() { _ = database.Close() })
	h, sent = houseOn(t, database), make(letters, 10)
	return h, sent, func() {
		workers := river.NewWorkers()
		h.Workers(workers, sent, &url.URL{Scheme: "https", Host: "place.example"})
		running, err := jobs.Start(context.Background(), target, workers, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := running.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOneLetterAnAddressADay(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	for handle, email := range map[string]string{"wren": "shared@example.org", "sparrow": "Shared@Example.org"} {
		f := form(handle)
		f.Email = email
		if _, err := h.SignUp(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.count("river_job"); n != 1 {
		t.Errorf("%d jobs, want one", n)
	}
	start()
	testdb.Finish(h.t, h.db)
	if letter := sent.next(t); !strings.EqualFold(letter.To, "shared@example.org") || len(sent) != 0 {
		t.Errorf("to %q, and %d more", letter.To, len(sent))
	}
}

func TestTheLetterIsNeutral(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	h.join("wren")
	start()
	letter := sent.next(t)
	wantNeutral(t, letter)
	if link := linkIn(t, letter); !strings.HasPrefix(link, "https://place.example/email/confirm/") {
		t.Errorf("it leads to %s", link)
	}
}

// wantNeutral fails where a letter says, outside of its link, who it is for or what this place is about.
func wantNeutral(t *testing.T, letter mail.Letter) {
	t.Helper()
	whole := strings.ToLower(letter.Subject + " " + links.ReplaceAllString(letter.Text, ""))
	for _, word := range []string{"first drops", "firstdrops", "milk", "breast", "feed", "lactation", "baby", "parent", "wren", "sparrow", "http"} {
		if strings.Contains(whole, word) {
			t.Errorf("the letter says %q", word)
		}
	}
}

var links = regexp.MustCompile(`https://\S+`)

// linkIn is the one link of a letter; it fails where there is none.
func linkIn(t *testing.T, letter mail.Letter) string {
	t.Helper()
	found := links.FindAllString(letter.Text, -1)
	if len(found) != 1 {
		t.Fatalf("%d links in %q", len(found), letter.Text)
	}
	return found[0]
}

// tokenIn is the token of a letter's link.
func tokenIn(t *testing.T, letter mail.Letter) string {
	t.Helper()
	link := linkIn(t, letter)
	return link[strings.LastIndexByte(link, '/')+1:]
}

func TestTheLetterGoesToWhomThePersonIsNow(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	h.join("gone")
	h.join("moved")
	h.exec(`DELETE FROM people WHERE handle = 'gone'`)
	h.exec(`UPDATE people SET email = 'elsewhere@example.org' WHERE handle = 'moved'`)
	h.join("wren")
	start()
	testdb.Finish(h.t, h.db)
	if letter := sent.next(t); letter.To != "wren@example.org" || len(sent) != 0 {
		t.Errorf("to %q, and %d more", letter.To, len(sent))
	}
}

func TestNoLetterForASignUpThatFailed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE sessions ADD CONSTRAINT none CHECK (false)`)
	_, err := h.SignUp(t.Context(), form("wren"))
	if err == nil {
		t.Fatal("signed up without a session")
	}
	if n := h.count("people") + h.count("river_job") + h.count("email_confirmations"); n != 0 {
		t.Errorf("%d rows were left half done", n)
	}
}

func TestALetterConfirmsOnce(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	session := h.join("wren")
	h.exec(`UPDATE people SET awaits = 'letter'`)
	if v := h.viewer(session.Token); v.Awaits != accounts.AwaitsLetter || !v.Admitted() {
		t.Fatalf("before the letter: %+v", v.Standing)
	}
	start()
	secret := tokenIn(t, sent.next(t))
	for range 2 { // reading it uses nothing up
		if handle, err := h.Confirmation(t.Context(), secret); err != nil || handle != "wren" {
			t.Fatalf("%q, %v", handle, err)
		}
	}
	var all sync.WaitGroup
	outcomes := make([]error, 50)
	for i := range outcomes {
		all.Go(func() { outcomes[i] = h.Confirm(t.Context(), secret) })
	}
	all.Wait()
	done := 0
	for _, err := range outcomes {
		if err == nil {
			done++
		} else if !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	}
	if done != 1 {
		t.Errorf("confirmed %d times", done)
	}
	if v := h.viewer(session.Token); v.Awaits != "" {
		t.Errorf("after the letter: %+v", v.Standing)
	}
	if h.number(`SELECT count(*) FROM people WHERE email_confirmed_at IS NOT NULL`) != 1 {
		t.Error("the address is nobody's")
	}
	if _, err := h.Confirmation(t.Context(), secret); !fault.Is(err, fault.NotFound) {
		t.Errorf("used: %v", err)
	}
}

func TestALinkEndsAfterADay(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	h.join("wren")
	start()
	secret := tokenIn(t, sent.next(t))
	h.pass(24*time.Hour + time.Second)
	if _, err := h.Confirmation(t.Context(), secret); !fault.Is(err, fault.NotFound) {
		t.Errorf("read: %v", err)
	}
	for _, token := range []string{secret, "", "no-such", strings.Repeat("A", 43)} {
		if err := h.Confirm(t.Context(), token); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", token, err)
		}
	}
}

// TestAnAddressIsWhoseWhoConfirmsItFirst: two who name it get a letter each, and the second is told of the first.
func TestAnAddressIsWhoseWhoConfirmsItFirst(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	start()
	secrets := map[string]string{}
	for handle, email := range map[string]string{"wren": "shared@example.org", "sparrow": "Shared@Example.org"} {
		f := form(handle)
		f.Email = email
		session, err := h.SignUp(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if len(secrets) > 0 { // the day's one letter went to the first
			if err := h.ConfirmationAgain(t.Context(), h.viewer(session.Token)); err != nil {
				t.Fatal(err)
			}
		}
		secrets[handle] = tokenIn(t, sent.next(t))
	}
	if err := h.Confirm(t.Context(), secrets["sparrow"]); err != nil {
		t.Fatal(err)
	}
	if err := h.Confirm(t.Context(), secrets["wren"]); !fault.Is(err, fault.Conflict) {
		t.Errorf("confirmed by two: %v", err)
	}
	h.exec(`DELETE FROM river_job`)
	f := form("robin")
	f.Email = "shared@EXAMPLE.org"
	if _, err := h.SignUp(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	letter := sent.next(t)
	wantNeutral(t, letter)
	if links.MatchString(letter.Text) || !strings.Contains(letter.Text, "You have one already") {
		t.Errorf("the owner reads: %s", letter.Text)
	}
	if n := h.number(`SELECT count(*) FROM people WHERE email_confirmed_at IS NOT NULL`); n != 1 {
		t.Errorf("%d have it", n)
	}
}

func TestABannedAddressGetsNoLetter(t *testing.T) {
	t.Parallel()
	h, sent, start := posting(t)
	ada := h.somebody("ada", accounts.Administrator)
	if err := h.BanEmail(t.Context(), ada, " Robin@Example.org ", true); err != nil {
		t.Fatal(err)
	}
	session := h.join("robin")
	start()
	testdb.Finish(h.t, h.db)
	if len(sent) != 0 {
		t.Error("it got a letter")
	}
	if err := h.BanEmail(t.Context(), ada, "robin@example.org", false); err != nil {
		t.Fatal(err)
	}
	if err := h.ConfirmationAgain(t.Context(), h.viewer(session.Token)); err != nil {
		t.Fatal(err)
	}
	if letter := sent.next(t); letter.To != "robin@example.org" {
		t.Errorf("a letter to %s", letter.To)
	}
	if err := h.BanEmail(t.Context(), h.viewer(session.Token), "wren@example.org", true); !fault.Is(err, fault.NotFound) {
		t.Errorf("banned by a member: %v", err)
	}
	if verbs := h.audited(); !slices.Equal(verbs, []string{"add banned_email", "remove banned_email"}) {
		t.Errorf("the audit holds %q", verbs)
	}
}

func TestLettersAskedForAreLimited(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.viewer(h.join("wren").Token)
	for range 5 {
		if err := h.ConfirmationAgain(t.Context(), wren); err != nil {
			t.Fatal(err)
		}
	}
	if jobs, rows := h.count("river_job"), h.count("email_confirmations"); jobs != 2 || rows != 1 {
		t.Errorf("%d jobs and %d rows, want the one of joining, one more, and one row", jobs, rows)
	}
	if err := h.ConfirmationAgain(t.Context(), accounts.Viewer{}); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("a guest: %v", err)
	}
}
