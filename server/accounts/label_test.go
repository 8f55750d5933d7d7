package accounts_test

import (
	"context"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

func TestTheLabelIsTheOneValidNow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("june")
	id := h.viewer(session.Token).ID
	grant := func(label accounts.Label, from, until time.Duration) {
		start, end := h.now().Add(from), time.Time{}
		if until != 0 {
			end = h.now().Add(until)
		}
		h.inTx(func(ctx context.Context, tx *db.Tx) error { return h.GrantLabel(ctx, tx, id, label, start, end) })
	}
	want := func(when string, label accounts.Label) {
		t.Helper()
		person, err := h.Person(t.Context(), accounts.Viewer{}, "june")
		if got := h.viewer(session.Token).Label; got != label || person.Label != label || err != nil {
			t.Errorf("%s: viewer %q, profile %q (%v), want %q", when, got, person.Label, err, label)
		}
	}
	want("at first", accounts.Peer)
	grant(accounts.Supporter, 0, 0)
	want("trained", accounts.Supporter)
	grant(accounts.IBCLC, time.Hour, 2*time.Hour)
	want("before the credential holds", accounts.Supporter)
	h.pass(time.Hour)
	want("verified", accounts.IBCLC)
	h.pass(time.Hour)
	want("after the credential ran out", accounts.Supporter)
	h.exec(`UPDATE people SET role = 'moderator' WHERE id = ?`, id)
	h.exec(`UPDATE sessions SET second_factor = true`)
	want("a moderator who does not act as one", accounts.Supporter)
}

func TestOnlyEarnedLabelsAreGranted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.viewer(h.join("june").Token).ID
	for _, label := range []accounts.Label{accounts.Peer, accounts.AsModerator, "doctor"} {
		err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return h.GrantLabel(ctx, tx, id, label, h.now(), time.Time{})
		})
		if err == nil {
			t.Errorf("%s was granted", label)
		}
	}
}

// due are the moments for which the work of showing a label is laid down.
func (h *house) due(personID int64) []time.Time {
	h.t.Helper()
	var due []time.Time
	err := h.db.NewRaw(`SELECT scheduled_at FROM river_job WHERE kind = 'accounts.label_changed' AND (args->>'person_id')::bigint = ?
		ORDER BY scheduled_at`, personID).Scan(h.t.Context(), &due)
	if err != nil {
		h.t.Fatal(err)
	}
	return due
}

func TestALabelIsShownAndTakenOffWhenItIsDue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.viewer(h.join("june").Token).ID
	grant := func(from, until time.Time) {
		h.inTx(func(ctx context.Context, tx *db.Tx) error {
			return h.GrantLabel(ctx, tx, id, accounts.IBCLC, from, until)
		})
	}
	from, until, ends := h.now().Add(time.Hour), h.now().Add(9*time.Hour), h.now().Add(2*time.Hour)
	grant(from, until)
	h.inTx(func(ctx context.Context, tx *db.Tx) error { return h.EndLabel(ctx, tx, id, accounts.IBCLC, ends) })
	wanted := []time.Time{from, ends, until}
	due := h.due(id)
	if len(due) != len(wanted) {
		t.Fatalf("due are %v", due)
	}
	for i, at := range wanted {
		if late := due[i].Sub(at); late <= 0 || late > 10*time.Second {
			t.Errorf("what is so at %v is shown at %v", at, due[i])
		}
	}
	grant(h.now(), time.Time{}) // open: it only begins
	if n := len(h.due(id)); n != 4 {
		t.Errorf("an open label left %d jobs", n-3)
	}
}

func TestEndingALabel(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.join("june")
	id := h.viewer(session.Token).ID
	now := h.now()
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		for _, label := range []accounts.Label{accounts.IBCLC, accounts.Supporter} {
			if err := h.GrantLabel(ctx, tx, id, label, now.Add(-time.Hour), time.Time{}); err != nil {
				return err
			}
		}
		if err := h.GrantLabel(ctx, tx, id, accounts.IBCLC, now.Add(2*time.Hour), now.Add(3*time.Hour)); err != nil {
			return err
		}
		return h.EndLabel(ctx, tx, id, accounts.IBCLC, now.Add(time.Minute))
	})
	for after, want := range map[time.Duration]accounts.Label{0: accounts.IBCLC, time.Minute: accounts.Supporter, 150 * time.Minute: accounts.Supporter} {
		h.pass(now.Add(after).Sub(h.now()))
		if got := h.viewer(session.Token).Label; got != want {
			t.Errorf("after %v they wear %s, want %s", after, got, want)
		}
	}
	// One that has run out already keeps its own end.
	h.inTx(func(ctx context.Context, tx *db.Tx) error {
		return h.EndLabel(ctx, tx, id, accounts.IBCLC, now.Add(time.Hour))
	})
	var until time.Time
	if err := h.db.NewRaw(`SELECT max(valid_until) FROM labels WHERE label = 'ibclc'`).Scan(t.Context(), &until); err != nil || !until.Equal(now.Add(time.Minute)) {
		t.Errorf("it ended at %v, %v", until, err)
	}
}
