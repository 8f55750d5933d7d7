package live_test

import (
	"context"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// open signs somebody in once more and gives the token.
func (h *house) open(i int) accounts.Session {
	h.Helper()
	var session accounts.Session
	h.inTx(func(ctx context.Context, tx *db.Tx) (err error) {
		session, err = h.people.OpenSession(ctx, tx, accounts.Opening{PersonID: h.viewers[i].ID, SecondFactor: true})
		return err
	})
	return session
}

// TestEndedSessionsCloseTheirSocketsOnEveryNode however they end, within a second, and no other's. Those of a session that was
// renewed are to come again: the browser has its new cookie by then.
func TestEndedSessionsCloseTheirSocketsOnEveryNode(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*house, accounts.Session) error{
		"one": func(h *house, s accounts.Session) error { return h.people.EndSession(t.Context(), h.viewers[0], s.ID) },
		"all others": func(h *house, _ accounts.Session) error {
			return h.people.EndOtherSessions(t.Context(), h.viewers[0])
		},
		"renewed": func(h *house, s accounts.Session) error {
			viewer, err := h.people.Viewer(t.Context(), s.Token)
			if err == nil {
				_, err = h.people.Renew(t.Context(), viewer)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			news := newBus(t)
			h := newHouse(t, 2, news)
			one, two := h.node(news, true), h.node(news, true)
			laptop := h.open(0)
			a, b := one.connect(t, laptop.Token), two.connect(t, laptop.Token)
			own, other := two.connect(t, h.tokens[0]), two.connect(t, h.tokens[1])
			for _, c := range []*client{a, b, own, other} {
				c.hello(`"lounge":0`)
				c.next("sync")
			}
			want := map[bool]int{true: 4003, false: 4401}[name == "renewed"]
			begun := time.Now()
			if err := end(h, laptop); err != nil {
				t.Fatal(err)
			}
			if x, y := a.closeCode(), b.closeCode(); x != want || y != want {
				t.Errorf("closed with %d and %d, want %d", x, y, want)
			}
			if took := time.Since(begun); took > time.Second {
				t.Errorf("after %v", took)
			}
			for _, c := range []*client{own, other} {
				c.send("lounge", "still here")
				c.next("ack")
			}
		})
	}
}

// TestSocketsEndWithWhatASessionMayLast though nobody ended it: idle for a month, for half a day among staff, or three months old.
func TestSocketsEndWithWhatASessionMayLast(t *testing.T) {
	t.Parallel()
	for name, age := range map[string]string{
		"idle":       `UPDATE sessions SET seen_at = now() - interval '30 days' WHERE id = ?0`,
		"idle staff": `WITH p AS (UPDATE people SET role = 'moderator') UPDATE sessions SET seen_at = now() - interval '12 hours' WHERE id = ?0`,
		"old":        `UPDATE sessions SET expires_at = now() WHERE id = ?0`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			news := newBus(t)
			h := newHouse(t, 2, news)
			n := h.node(news, true)
			a, other := n.connect(t, h.tokens[0]), n.connect(t, h.tokens[1])
			a.hello("")
			other.hello(`"lounge":0`)
			other.next("sync")
			if _, err := h.db.NewRaw(age, h.viewers[0].SessionID).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			n.live.CheckSessions()
			if code := a.closeCode(); code != 4401 {
				t.Errorf("closed with %d", code)
			}
			other.send("lounge", "still here")
			other.next("ack")
		})
	}
}
