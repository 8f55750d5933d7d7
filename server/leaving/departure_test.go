package leaving_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/leaving"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/mail"
)

func (h *house) here(who accounts.Viewer) bool {
	h.Helper()
	return h.count(`SELECT count(*) FROM people WHERE id = ? AND left_at IS NULL`, who.ID) == 1
}

func TestLeavingWaitsSevenDaysAndSignsOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	h.must(h.Leave(t.Context(), wren, accounts.RemoveWords))
	if live, err := h.deps.Accounts.LiveSessions(t.Context(), []int64{wren.SessionID}); err != nil || len(live) > 0 {
		t.Errorf("still signed in: %v, %v", live, err)
	}
	if got := h.kinds(wren.ID); !slices.Equal(got, []string{"leaving.due", "leaving.told"}) {
		t.Errorf("jobs: %v", got)
	}
	if wait := h.count(`SELECT extract(epoch FROM scheduled_at - ?::timestamptz)::int FROM river_job WHERE kind = 'leaving.due'`, h.now()); time.Duration(wait)*time.Second != leaving.Grace {
		t.Errorf("erased after %v seconds", wait)
	}
	if due := h.text(`SELECT (leaves_at = ?)::text FROM people WHERE id = ?`, h.now().Add(leaving.Grace), wren.ID); due != "true" {
		t.Error("the account does not say when")
	}
	h.pass(leaving.Grace - time.Second)
	h.must(h.WorkDue(t.Context(), wren.ID))
	if !h.here(wren) {
		t.Fatal("erased a second too early")
	}
	h.pass(time.Second)
	h.must(h.WorkDue(t.Context(), wren.ID))
	if h.here(wren) {
		t.Fatal("not erased in time")
	}
	h.must(h.WorkDue(t.Context(), wren.ID)) // again
}

func TestWhoStaysIsLetBe(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	h.must(h.Leave(t.Context(), wren, accounts.RemoveWords))
	h.must(h.Stay(t.Context(), wren))
	h.pass(leaving.Grace)
	h.must(h.WorkDue(t.Context(), wren.ID))
	if !h.here(wren) || h.count(`SELECT count(*) FROM people WHERE leaves_at IS NOT NULL`) > 0 {
		t.Fatal("who stayed is gone, or still leaves")
	}
	// They leave anew: the job of the first time comes too early for the second.
	h.must(h.Leave(t.Context(), wren, accounts.KeepWords))
	h.pass(leaving.Grace - time.Hour)
	h.must(h.Leave(t.Context(), wren, accounts.RemoveWords))
	h.pass(2 * time.Hour)
	h.must(h.WorkDue(t.Context(), wren.ID))
	if !h.here(wren) {
		t.Error("erased by a day that is no longer theirs")
	}
}

func TestThereIsNoWayBackOnceItHasBegun(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	thread, _ := h.thread(wren, "A title", "Some words.")
	h.must(h.Leave(t.Context(), wren, accounts.RemoveWords))
	h.pass(leaving.Grace)
	broken, cancel := context.WithCancel(t.Context())
	h.deps.Blobs.Close() // what is there of the tombstones cannot be reached
	if err := h.WorkDue(broken, wren.ID); err == nil {
		t.Fatal("erased without a tombstone")
	}
	cancel()
	if h.count(`SELECT count(*) FROM posts WHERE body <> ''`) != 1 {
		t.Error("words went before there was a tombstone")
	}
	h.must(h.Stay(t.Context(), wren))
	if h.count(`SELECT count(*) FROM departures WHERE begun_at IS NOT NULL`) != 1 {
		t.Error("somebody came back after it had begun")
	}
	_, err := h.deps.Forum.Reply(t.Context(), wren, answerTo(thread))
	if !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("who is being erased still writes: %v", err)
	}
	again := houseOn(t, h.target, h.folder)
	again.pass(leaving.Grace)
	again.must(again.WorkDue(t.Context(), wren.ID))
	if again.count(`SELECT count(*) FROM posts WHERE body <> ''`)+again.count(`SELECT count(*) FROM departures`) > 0 {
		t.Error("what was broken off was not ended")
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, bea := h.somebody("ada", accounts.Administrator), h.somebody("bea", accounts.Administrator)
	h.must(h.Leave(t.Context(), ada, accounts.KeepWords))
	if err := h.Leave(t.Context(), bea, accounts.KeepWords); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the last one leaves after who is about to: %v", err)
	}
	h.must(h.Stay(t.Context(), ada))
	h.must(h.Leave(t.Context(), bea, accounts.KeepWords))
	wren := h.member("wren")
	h.must(h.Leave(t.Context(), wren, accounts.KeepWords))
}

func TestTheChoiceIsOneOfThree(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	for _, wrong := range []accounts.Parting{"", "all", "KEEP", "keep "} {
		if err := h.Leave(t.Context(), wren, wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := h.Leave(t.Context(), accounts.Viewer{}, accounts.KeepWords); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("a guest: %v", err)
	}
}

// postbox keeps what is sent.
type postbox struct{ letters []mail.Letter }

func (p *postbox) Send(_ context.Context, letter mail.Letter) error {
	p.letters = append(p.letters, letter)
	return nil
}

func TestALetterSaysSoWhereTheAddressIsConfirmed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, box := h.member("wren"), &postbox{}
	h.must(h.Leave(t.Context(), wren, accounts.KeepWords))
	h.must(h.WorkTold(t.Context(), wren.ID, box))
	if len(box.letters) > 0 {
		t.Fatal("written to an address that nobody confirmed")
	}
	h.exec(`UPDATE people SET email = 'w@mail.example', email_confirmed_at = now() WHERE id = ?`, wren.ID)
	h.must(h.WorkTold(t.Context(), wren.ID, box))
	if len(box.letters) != 1 || box.letters[0].To != "w@mail.example" {
		t.Fatalf("sent %v", box.letters)
	}
	said := strings.ToLower(box.letters[0].Subject + box.letters[0].Text)
	if strings.Contains(said, "wren") || strings.Contains(said, "first drops") || !strings.Contains(said, "seven days") {
		t.Errorf("the letter says\n%s", said)
	}
	h.must(h.Stay(t.Context(), wren))
	h.must(h.WorkTold(t.Context(), wren.ID, box))
	if len(box.letters) > 1 {
		t.Error("who stays is told that they leave")
	}
}

func TestNobodyGetsTheHandleAfterThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.leave(h.member("wren"), accounts.KeepWords)
	form := accounts.SignUp{Handle: "WREN", Email: "other@mail.example", Password: "four quiet lamps burning", Rules: true}
	if _, err := h.deps.Accounts.SignUp(t.Context(), form); !fault.Is(err, fault.Invalid) {
		t.Errorf("the handle was given away: %v", err)
	}
	sol := h.member("sol")
	err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		theirs, err := accounts.ClaimName(ctx, tx, sol.ID, "wren", accounts.AliasName)
		if theirs {
			t.Error("an alias is called like somebody who left")
		}
		return err
	})
	h.must(err)
	if _, err := h.db.ExecContext(t.Context(), `UPDATE people SET handle = 'wren', handle_fold = 'wren' WHERE id = ?`, sol.ID); err == nil {
		t.Error("the database gave the handle away")
	}
}

func answerTo(thread forum.Thread) forum.Answer {
	return forum.Answer{ThreadID: thread.ID, Body: "More words.", Key: uuid.New()}
}
