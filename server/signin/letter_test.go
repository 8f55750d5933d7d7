package signin_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
)

// letters is a mailer that hands every letter to the test.
type letters chan mail.Letter

func (l letters) Send(_ context.Context, letter mail.Letter) error {
	l <- letter
	return nil
}

// TestChangesOfTheSecondFactorAreTold by a letter that names neither the place nor the person, to a confirmed address only.
func TestChangesOfTheSecondFactorAreTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	silent := h.withPhone("sparrow") // without an address that is confirmed
	wren := h.viewer(h.join("wren").Token)
	h.exec(`DELETE FROM river_job WHERE kind <> 'signin.factor_changed'`)
	h.exec(`UPDATE people SET email_confirmed_at = now() WHERE id = ?`, wren.ID)
	p := &phone{house: h, viewer: wren}
	p.setUp()
	_, err := h.RenewRecovery(t.Context(), p.viewer)
	h.must(err)
	_, err = h.RemoveCodes(t.Context(), p.viewer)
	h.must(err)
	sent, workers := make(letters, 10), river.NewWorkers()
	h.Workers(workers, sent)
	running, err := jobs.Start(t.Context(), h.target, workers, slog.New(slog.DiscardHandler))
	h.must(err)
	told := ""
	for range 3 {
		select {
		case letter := <-sent:
			told += letter.Text
			if letter.To != "wren@example.org" || letter.Subject != "Your account" || strings.Contains(letter.Text, "irst") || strings.Contains(letter.Text, "wren") {
				t.Errorf("a letter says %+v", letter)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("no letter came")
		}
	}
	h.must(running.Stop(context.Background()))
	for _, words := range []string{"asks for a code", "no longer asks", "new recovery codes"} {
		if !strings.Contains(told, words) {
			t.Errorf("nothing tells that it %s: %s", words, told)
		}
	}
	if len(sent) > 0 {
		t.Errorf("%s was told where no address is confirmed", silent.viewer.Handle)
	}
}
