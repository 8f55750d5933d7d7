package moderation_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// opened is a house with a case about lark's post, which sol reported.
func opened(t *testing.T) (h *house, maya accounts.Viewer, id int64) {
	t.Helper()
	h = newHouse(t)
	_, post := h.post(h.member("lark"), "Words.")
	return h, h.moderator("maya"), h.report(h.member("sol"), post, audit.Unkind)
}

func TestACaseIsOnesWhoTookIt(t *testing.T) {
	t.Parallel()
	h, maya, id := opened(t)
	kit := h.moderator("kit")
	h.take(maya, id)
	if c, err := h.Standing(t.Context(), kit, id); err != nil || !c.HeldBy(maya, h.now()) || c.ClaimedName != "maya" || c.Version != 2 {
		t.Errorf("taken: %+v %v", c, err)
	}
	err := h.Claim(t.Context(), kit, id, 2)
	refused(t, "taken by another", err, fault.Conflict)
	if !strings.Contains(err.Error(), "maya has this case until 03:15 UTC") {
		t.Errorf("who has it is not said: %v", err)
	}
	refused(t, "given back by another", h.Release(t.Context(), kit, id, 2), fault.Conflict)
	refused(t, "decided by another", h.Decide(t.Context(), kit, id, 2, hide()), fault.Conflict)
	h.must(h.Release(t.Context(), maya, id, 2))
	refused(t, "given back twice", h.Release(t.Context(), maya, id, 3), fault.Conflict)
	h.must(h.Claim(t.Context(), kit, id, 3))
	if h.jobs("moderation.seen") != 1 {
		t.Errorf("those who reported are told %d times that somebody looks", h.jobs("moderation.seen"))
	}
	var verbs []string
	for _, e := range h.record() {
		if e.Kind != audit.Case || e.ObjectID != id {
			t.Errorf("entry %+v", e)
		}
		verbs = append(verbs, string(e.Verb))
	}
	if got := strings.Join(verbs, " "); got != "claim release claim" {
		t.Errorf("written down: %s", got)
	}
}

func TestAClaimEndsAfterFifteenIdleMinutes(t *testing.T) {
	t.Parallel()
	h, maya, id := opened(t)
	kit := h.moderator("kit")
	h.take(maya, id)
	h.pass(14 * time.Minute)
	h.look(kit, id) // somebody else's look is no work of hers
	if p := h.look(maya, id); !p.ClaimedUntil.Equal(h.now().Add(15 * time.Minute)) {
		t.Errorf("her look keeps it until %v", p.ClaimedUntil)
	}
	h.pass(14 * time.Minute)
	refused(t, "before it ends", h.Claim(t.Context(), kit, id, 2), fault.Conflict)
	h.pass(time.Minute)
	refused(t, "decided after it ended", h.Decide(t.Context(), maya, id, 2, hide()), fault.Conflict)
	h.must(h.Claim(t.Context(), kit, id, 2))
	refused(t, "decided by the one before", h.Decide(t.Context(), maya, id, 3, hide()), fault.Conflict)
}

// TestStaleFormsAreToldWhatTheyMissed.
func TestStaleFormsAreToldWhatTheyMissed(t *testing.T) {
	t.Parallel()
	h, maya, id := opened(t)
	kit := h.moderator("kit")
	h.take(kit, id)
	h.must(h.Release(t.Context(), kit, id, 2))
	target := moderation.Target{Kind: audit.Post, ID: int64(h.count(`SELECT object_id FROM cases WHERE id = ?`, id))}
	h.report(h.member("robin"), target, audit.Spam)
	h.decided(kit, id, moderation.Decision{Action: moderation.None, Reason: audit.Care})
	h.must(h.Undo(t.Context(), kit, id, h.version(id)))
	want := "kit has taken it, then kit has given it back, then it was reported once more, then kit has taken it, then kit has decided, then kit has taken the decision back"
	for what, err := range map[string]error{
		"claim": h.Claim(t.Context(), maya, id, 1), "release": h.Release(t.Context(), maya, id, 1),
		"decide": h.Decide(t.Context(), maya, id, 1, moderation.Decision{}), "undo": h.Undo(t.Context(), maya, id, 1),
	} {
		refused(t, what, err, fault.Conflict)
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused(t, "a version that never was", h.Claim(t.Context(), maya, id, 99), fault.Conflict)
	for _, version := range []int{0, -1} {
		if err := h.Claim(t.Context(), maya, id, version); len(faulty(err)) != 1 || faulty(err)[0] != "version" {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

func TestOneOfManyTakesACase(t *testing.T) {
	t.Parallel()
	h, _, id := opened(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for i := range 10 {
		who := h.moderator("staff-" + string(rune('a'+i)))
		all.Go(func() {
			err := h.Claim(t.Context(), who, id, 1)
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				taken++
			}
		})
	}
	all.Wait()
	if taken != 1 || len(h.record()) != 1 {
		t.Errorf("%d have it, with %d entries", taken, len(h.record()))
	}
}

func TestThePausedDoNotModerate(t *testing.T) {
	t.Parallel()
	h, maya, id := opened(t)
	h.must(h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return h.people.Mute(ctx, tx, maya.ID, h.now().Add(time.Hour))
	}))
	refused(t, "taken by a muted one", h.Claim(t.Context(), maya, id, 1), fault.Forbidden)
	h.pass(time.Hour)
	h.must(h.Claim(t.Context(), maya, id, 1))
}
