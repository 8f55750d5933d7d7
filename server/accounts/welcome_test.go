package accounts_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/db"
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
		h.Workers(workers, sent)
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

// finish waits until every job is done.
func (h *house) finish() {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left, err := h.db.NewSelect().Table("river_job").Where("state <> 'completed'").Count(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("%d jobs are not done", left)
		}
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
	h.finish()
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
	whole := strings.ToLower(letter.Subject + " " + letter.Text)
	for _, word := range []string{"first drops", "firstdrops", "milk", "breast", "feed", "lactation", "baby", "parent", "wren", "http"} {
		if strings.Contains(whole, word) {
			t.Errorf("the letter says %q", word)
		}
	}
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
	h.finish()
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
	if n := h.count("people") + h.count("river_job"); n != 0 {
		t.Errorf("%d rows were left half done", n)
	}
}
