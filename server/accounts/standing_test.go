package accounts_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// in does something in a transaction of its own.
func (h *house) in(do func(ctx context.Context, tx *db.Tx) error) error {
	h.t.Helper()
	return h.db.InTx(h.t.Context(), do)
}

func (h *house) admit(v accounts.Viewer) error {
	h.t.Helper()
	return h.in(func(ctx context.Context, tx *db.Tx) error { return accounts.Admit(ctx, tx, v, h.now()) })
}

// seen is the person as their next request finds them.
func (h *house) seen(token string) accounts.Viewer {
	h.t.Helper()
	v, err := h.Viewer(h.t.Context(), token)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func TestStandingEndsByItself(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		take      func(h *house, ctx context.Context, tx *db.Tx, id int64, until time.Time) error
		code      string
		suspended bool
	}{
		"muted": {func(h *house, ctx context.Context, tx *db.Tx, id int64, until time.Time) error {
			return h.Mute(ctx, tx, id, until)
		}, "muted", false},
		"suspended": {func(h *house, ctx context.Context, tx *db.Tx, id int64, until time.Time) error {
			return h.Suspend(ctx, tx, id, until)
		}, "suspended", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			tokens, err := h.CreatePeople(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			wren := h.seen(tokens[0])
			if err := h.admit(wren); err != nil {
				t.Fatalf("before anything was decided: %v", err)
			}
			take := func(until time.Time) {
				t.Helper()
				if err := h.in(func(ctx context.Context, tx *db.Tx) error { return c.take(h, ctx, tx, wren.ID, until) }); err != nil {
					t.Fatal(err)
				}
			}
			take(h.now().Add(time.Hour))
			refusal := h.admit(wren)
			if !fault.Is(refusal, fault.Forbidden) || !strings.Contains(refusal.Error(), "until ") {
				t.Errorf("%s: %v", name, refusal)
			}
			now := h.seen(tokens[0])
			if !now.Muted(h.now()) || now.Suspended(h.now()) != c.suspended {
				t.Errorf("the viewer knows %+v", now.Standing)
			}
			live, err := h.LiveSessions(t.Context(), []int64{wren.SessionID})
			if err != nil || slices.Contains(live, wren.SessionID) == c.suspended {
				t.Errorf("the session lives on for the rooms: %v %v", live, err)
			}
			h.pass(time.Hour)
			if err := h.admit(wren); err != nil {
				t.Errorf("an hour later: %v", err)
			}
			take(h.now().Add(time.Hour))
			take(time.Time{})
			if err := h.admit(wren); err != nil {
				t.Errorf("taken back: %v", err)
			}
		})
	}
}

// TestNobodyActsByARoleThatWasTaken since they asked; whoever was given one in between writes on as a member.
func TestNobodyActsByARoleThatWasTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	maya, wren := h.somebody("maya", accounts.Moderator), h.somebody("wren", accounts.Member)
	if err := h.admit(maya); err != nil {
		t.Errorf("as they asked: %v", err)
	}
	h.exec(`UPDATE people SET role = CASE role WHEN 'member' THEN 'moderator' ELSE 'member' END`)
	if err := h.admit(maya); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the role was taken: %v", err)
	}
	if err := h.admit(wren); err != nil {
		t.Errorf("a role was given: %v", err)
	}
	h.exec(`UPDATE people SET handle = '', handle_fold = NULL, left_at = now() WHERE id = ?`, wren.ID)
	if err := h.admit(wren); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("who has left: %v", err)
	}
}

// TestAWriteAndADecisionWaitForEachOther: what was let in is in before the decision is.
func TestAWriteAndADecisionWaitForEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.somebody("wren", accounts.Member)
	decided := make(chan error, 1)
	err := h.in(func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, wren, h.now()); err != nil {
			return err
		}
		go func() {
			decided <- h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return h.Mute(ctx, tx, wren.ID, h.now().Add(time.Hour))
			})
		}()
		for {
			var waits bool
			err := h.db.NewRaw(`SELECT EXISTS (SELECT FROM pg_stat_activity
				WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0)`).Scan(ctx, &waits)
			if err != nil || waits {
				return err
			}
			select {
			case err := <-decided:
				t.Fatalf("the decision did not wait: %v", err)
			default:
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-decided; err != nil {
		t.Fatal(err)
	}
	if err := h.admit(wren); !fault.Is(err, fault.Forbidden) {
		t.Errorf("afterwards: %v", err)
	}
}

func TestSuspensionsAndBellsAreTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tokens, err := h.CreatePeople(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	wren := h.seen(tokens[0])
	err = h.in(func(ctx context.Context, tx *db.Tx) error {
		for _, by := range []int{2, 1, -1} {
			if err := h.Ring(ctx, tx, wren.ID, by); err != nil {
				return err
			}
		}
		return h.Suspend(ctx, tx, wren.ID, h.now().Add(time.Hour))
	})
	if err != nil {
		t.Fatal(err)
	}
	if unread := h.seen(tokens[0]).Unread; unread != 2 {
		t.Errorf("%d notices wait, want 2", unread)
	}
	h.mu.Lock()
	told := slices.Clone(h.told)
	h.mu.Unlock()
	id := strconv.FormatInt(wren.ID, 10)
	for _, subject := range []string{accounts.BellSubject + id, accounts.SuspendedSubject + id} {
		if !slices.Contains(told, subject) {
			t.Errorf("told were %v, not %s", told, subject)
		}
	}
	if err := h.in(func(ctx context.Context, tx *db.Tx) error { return h.Ring(ctx, tx, wren.ID, -5) }); err != nil {
		t.Fatal(err)
	}
	if unread := h.seen(tokens[0]).Unread; unread != 0 {
		t.Errorf("a count below nothing: %d", unread)
	}
}

// TestTwoWhoRingForManyDoNotWaitForEachOther rings for the same people in opposite orders at once.
func TestTwoWhoRingForManyDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tokens, err := h.CreatePeople(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	wren, sol := h.seen(tokens[0]).ID, h.seen(tokens[1]).ID
	const gone = 999_999
	var ringing sync.WaitGroup
	for _, people := range [][]int64{{wren, gone, sol}, {sol, wren}, {}} {
		for range 10 {
			ringing.Go(func() {
				if err := h.in(func(ctx context.Context, tx *db.Tx) error { return h.RingAll(ctx, tx, people, 1) }); err != nil {
					t.Error(err)
				}
			})
		}
	}
	ringing.Wait()
	for _, token := range tokens {
		if unread := h.seen(token).Unread; unread != 20 {
			t.Errorf("%d notices wait, want 20", unread)
		}
	}
}
