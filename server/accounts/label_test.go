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
