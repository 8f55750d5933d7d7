package signin

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// forgetAttempts clears away some of what has not been counted since a moment.
func forgetAttempts(ctx context.Context, idb bun.IDB, since time.Time) error {
	_, err := idb.NewRaw(`
		DELETE FROM attempts WHERE key_hash IN (
			SELECT key_hash FROM attempts WHERE last_at < ? ORDER BY last_at LIMIT 100 FOR UPDATE SKIP LOCKED)`, since).Exec(ctx)
	return err
}

func keysOf(counters []counter) any {
	keys := make([][]byte, len(counters))
	for i, c := range counters {
		keys[i] = c.key
	}
	return pgdialect.Array(keys)
}

// lockAttempts makes sure that each counter has a row, and holds these until the commit. It gives the failures of each, and
// the longest wait that is left of them. Those not counted since a moment begin anew. The order of the keys keeps two
// attempts from waiting for each other.
func lockAttempts(ctx context.Context, tx *db.Tx, counters []counter, since, now time.Time) ([]int, time.Duration, error) {
	var rows []struct {
		Ord, Failures int
		WaitTo        time.Time
	}
	err := tx.NewRaw(`
		WITH held AS (
			INSERT INTO attempts AS a (key_hash, wait_to, last_at)
			SELECT k, ?1, ?1 FROM unnest(?0::bytea[]) k ORDER BY k
			ON CONFLICT (key_hash) DO UPDATE SET failures = CASE WHEN a.last_at < ?2 THEN 0 ELSE a.failures END
			RETURNING a.key_hash, a.failures, a.wait_to
		)
		SELECT i.ord, h.failures, h.wait_to FROM unnest(?0::bytea[]) WITH ORDINALITY i (k, ord) JOIN held h ON h.key_hash = i.k ORDER BY i.ord`,
		keysOf(counters), now, since).Scan(ctx, &rows)
	failures, longest := make([]int, len(counters)), time.Duration(0)
	for _, row := range rows {
		failures[row.Ord-1] = row.Failures
		longest = max(longest, row.WaitTo.Sub(now))
	}
	return failures, longest, err
}

// saveAttempts keeps what was counted under the locks of lockAttempts.
func saveAttempts(ctx context.Context, tx *db.Tx, counters []counter, failures []int, waits []time.Duration, now time.Time) error {
	milliseconds := make([]int64, len(waits))
	for i, wait := range waits {
		milliseconds[i] = wait.Milliseconds()
	}
	_, err := tx.NewRaw(`
		UPDATE attempts a SET failures = i.failures, wait_to = ?3 + i.ms * interval '1 millisecond', last_at = ?3
		FROM unnest(?0::bytea[], ?1::int[], ?2::bigint[]) i (k, failures, ms) WHERE a.key_hash = i.k`,
		keysOf(counters), pgdialect.Array(failures), pgdialect.Array(milliseconds), now).Exec(ctx)
	return err
}

// lessenAttempts takes that many failures from each counter, and what was to wait for them.
func lessenAttempts(ctx context.Context, tx *db.Tx, counters []counter, less []int, now time.Time) error {
	_, err := tx.NewRaw(`
		WITH held AS (SELECT key_hash FROM attempts WHERE key_hash = ANY (?0) ORDER BY key_hash FOR UPDATE)
		UPDATE attempts a SET failures = greatest(a.failures - i.less, 0), wait_to = ?2
		FROM unnest(?0::bytea[], ?1::int[]) i (k, less) JOIN held h ON h.key_hash = i.k WHERE a.key_hash = i.k`,
		keysOf(counters), pgdialect.Array(less), now).Exec(ctx)
	return err
}

func knowsDevice(ctx context.Context, idb bun.IDB, tokenHash []byte, personID int64, now time.Time) (bool, error) {
	var known bool
	err := idb.NewRaw(`
		SELECT EXISTS (SELECT FROM devices WHERE token_hash = ? AND person_id = ? AND expires_at > ?)`,
		tokenHash, personID, now).Scan(ctx, &known)
	return known, err
}

func insertDevice(ctx context.Context, tx *db.Tx, personID int64, tokenHash []byte, now, expires time.Time) error {
	if _, err := tx.NewRaw(`DELETE FROM devices WHERE person_id = ? AND expires_at <= ?`, personID, now).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewRaw(`
		INSERT INTO devices (token_hash, person_id, expires_at)
		VALUES (?, ?, ?)`, tokenHash, personID, expires).Exec(ctx)
	return err
}

func keepDevice(ctx context.Context, tx *db.Tx, tokenHash []byte, expires time.Time) error {
	_, err := tx.NewRaw(`UPDATE devices SET expires_at = ? WHERE token_hash = ?`, expires, tokenHash).Exec(ctx)
	return err
}
