package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"firstdrops/server/platform/db"
)

// TestKilledWhileErasing kills the server in the last step of erasing somebody: that step is undone as a whole, and the next
// start ends it before anybody is let in.
func TestKilledWhileErasing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, unlimited)
	h.start()
	cookies := h.people(2)
	path := h.write(cookies[0], "Words that are to go")
	h.write(cookies[1], "Words that stay")
	owner := h.owner()
	killed := false
	err := owner.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "LOCK TABLE former_handles IN EXCLUSIVE MODE"); err != nil {
			return err
		}
		h.count(`WITH leaves AS (
				INSERT INTO departures (person_id, parting, asked_at, due_at) VALUES (1, 'remove', now(), now()) RETURNING person_id
			), due AS (
				INSERT INTO river_job (args, kind, max_attempts, state, queue)
				SELECT jsonb_build_object('person_id', person_id), 'leaving.due', 25, 'available', 'default' FROM leaves
			)
			SELECT count(*) FROM leaves`)
		h.eventually(20*time.Second, "the erasing to come to its last step", func() bool {
			return h.count(`SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0 AND query LIKE '%former_handles%'`) > 0
		})
		h.now.kill() // and its Postgres follows
		killed = true
		return nil
	})
	_ = owner.Close()
	if !killed {
		t.Fatal(err)
	}
	h.start()
	if n := h.count(`SELECT count(*) FROM people WHERE id = 1 AND handle = '' AND email = '' AND left_at IS NOT NULL`); n != 1 {
		t.Error("the door was opened before the erasing was ended")
	}
	if n := h.count(`SELECT count(*) FROM posts WHERE body LIKE '%are to go%'`) + h.count(`SELECT count(*) FROM departures`); n != 0 {
		t.Error("something of who left is still there")
	}
	if a := h.get(path, cookies[0]); strings.Contains(a.body, "are to go") || strings.Contains(a.body, "Sign out") {
		t.Error("who left still comes in, or their words are shown")
	}
	if n := h.count(`SELECT count(*) FROM posts WHERE body LIKE '%that stay%'`); n != 1 {
		t.Error("somebody else's words went")
	}
}
