package accounts_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// alias takes a name in a thread, or says what is wrong with it.
func (h *house) alias(v accounts.Viewer, threadID int64, typed string) (name string, fresh bool, complaint string) {
	h.t.Helper()
	err := h.db.InTx(h.t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		name, fresh, err = accounts.TakeAlias(ctx, tx, v, threadID, typed, h.now())
		return err
	})
	var refusal *fault.Error
	if err != nil && !errors.As(err, &refusal) {
		h.t.Fatal(err)
	}
	if refusal != nil {
		complaint = refusal.Fields["alias"]
	}
	return name, fresh, complaint
}

func TestAnAliasIsOfOnePersonInOneThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.viewer(h.join("wren").Token), h.viewer(h.join("sol").Token)
	for i, c := range []struct {
		v         accounts.Viewer
		thread    int64
		typed     string
		name      string
		fresh     bool
		complains bool
	}{
		{wren, 1, "", "", false, false}, {wren, 1, " Moss ", "Moss", true, false}, {wren, 1, "", "Moss", false, false},
		{wren, 1, "mOSS", "Moss", false, false}, {wren, 1, "Fern", "", false, true}, {wren, 2, "moss", "", false, true},
		{wren, 2, "", "", false, false}, {sol, 1, "", "", false, false}, {sol, 1, "MOSS", "", false, true}, {sol, 3, "wren", "", false, true},
		{sol, 3, "sol", "", false, true}, {sol, 3, "moderator", "", false, true}, {sol, 3, "x", "", false, true},
		{sol, 3, "no \x00 name", "", false, true}, {sol, 1, "Fern", "Fern", true, false}, {wren, 2, "Heath", "Heath", true, false},
	} {
		name, fresh, complaint := h.alias(c.v, c.thread, c.typed)
		if name != c.name || fresh != c.fresh || (complaint != "") != c.complains {
			t.Errorf("%d: %s takes %q: %q, fresh %v, %q", i, c.v.Handle, c.typed, name, fresh, complaint)
		}
	}
	if _, err := h.SignUp(t.Context(), form("Moss")); !fault.Is(err, fault.Invalid) {
		t.Errorf("somebody joins under an alias: %v", err)
	}
	if _, err := h.Person(t.Context(), sol, "Moss"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an alias has a page: %v", err)
	}
}

// TestASuggestedAliasIsOneThatCouldBeTaken, and not always the same.
func TestASuggestedAliasIsOneThatCouldBeTaken(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 200 {
		name := accounts.SuggestAlias()
		seen[name] = true
		if _, folded, err := text.Handle(name); err != nil || text.Reserved(folded) {
			t.Errorf("%q is suggested: %v", name, err)
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d names are suggested", len(seen))
	}
}

// TestAViewerKnowsWhetherAnybodyIsApart, by a block of either.
func TestAViewerKnowsWhetherAnybodyIsApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, robin := h.join("wren").Token, h.join("sol").Token, h.join("robin").Token
	_, err := h.db.NewRaw(`INSERT INTO blocks (blocker_id, blocked_id, thread_id, created_at) VALUES (?, ?, 7, ?)`,
		h.viewer(wren).ID, h.viewer(sol).ID, time.Now()).Exec(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !h.viewer(wren).Apart || !h.viewer(sol).Apart || h.viewer(robin).Apart {
		t.Errorf("apart are %v, %v, %v", h.viewer(wren).Apart, h.viewer(sol).Apart, h.viewer(robin).Apart)
	}
}
