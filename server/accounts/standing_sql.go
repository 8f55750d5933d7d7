package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// holdStanding reads a person's standing and role; a decision about them waits until the commit. Who has left has none.
func holdStanding(ctx context.Context, tx *db.Tx, personID int64) (Standing, Role, error) {
	var held struct {
		Standing
		Role Role
	}
	err := tx.NewRaw(`SELECT muted_until, suspended_until, awaits, role FROM people WHERE id = ? AND left_at IS NULL FOR SHARE`, personID).Scan(ctx, &held)
	return held.Standing, held.Role, err
}

func updateMuted(ctx context.Context, tx *db.Tx, personID int64, until time.Time) error {
	_, err := tx.NewRaw(`UPDATE people SET muted_until = ? WHERE id = ?`, bun.NullTime{Time: until}, personID).Exec(ctx)
	return err
}

func updateSuspended(ctx context.Context, tx *db.Tx, personID int64, until time.Time) error {
	_, err := tx.NewRaw(`UPDATE people SET suspended_until = ? WHERE id = ?`, bun.NullTime{Time: until}, personID).Exec(ctx)
	return err
}

// bell is how many notices wait for a person.
type bell struct {
	PersonID int64
	Unread   int
}

// addUnread moves the counts of people and gives the new ones. It holds them until the commit, always in the same order, so
// that two who ring for many do not wait for each other.
func addUnread(ctx context.Context, tx *db.Tx, people []int64, by int) ([]bell, error) {
	var bells []bell
	err := tx.NewRaw(`
		INSERT INTO bells AS b (person_id, unread)
		SELECT p.id, greatest(0, ?1) FROM people p WHERE p.id = ANY (?0) ORDER BY p.id
		ON CONFLICT (person_id) DO UPDATE SET unread = greatest(0, b.unread + ?1)
		RETURNING person_id, unread`, pgdialect.Array(people), by).Scan(ctx, &bells)
	return bells, err
}
