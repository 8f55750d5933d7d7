package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// holdStanding reads a person's standing; a decision about them waits until the commit.
func holdStanding(ctx context.Context, tx *db.Tx, personID int64) (Standing, error) {
	var s Standing
	err := tx.NewRaw(`SELECT muted_until, suspended_until FROM people WHERE id = ? FOR SHARE`, personID).Scan(ctx, &s)
	return s, err
}

func updateMuted(ctx context.Context, tx *db.Tx, personID int64, until time.Time) error {
	_, err := tx.NewRaw(`UPDATE people SET muted_until = ? WHERE id = ?`, bun.NullTime{Time: until}, personID).Exec(ctx)
	return err
}

func updateSuspended(ctx context.Context, tx *db.Tx, personID int64, until time.Time) error {
	_, err := tx.NewRaw(`UPDATE people SET suspended_until = ? WHERE id = ?`, bun.NullTime{Time: until}, personID).Exec(ctx)
	return err
}

// addUnread moves a person's count and gives the new one. It holds the count until the commit.
func addUnread(ctx context.Context, tx *db.Tx, personID int64, by int) (int, error) {
	var unread int
	err := tx.NewRaw(`
		INSERT INTO bells AS b (person_id, unread) VALUES (?0, greatest(0, ?1))
		ON CONFLICT (person_id) DO UPDATE SET unread = greatest(0, b.unread + ?1)
		RETURNING unread`, personID, by).Scan(ctx, &unread)
	return unread, err
}
