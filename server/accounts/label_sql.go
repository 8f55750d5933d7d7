package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// labelNow is the label of the person p that is valid at the moment in the placeholder.
func labelNow(moment string) string {
	return `coalesce((
		SELECT l.label FROM labels l
		WHERE l.person_id = p.id AND l.valid_from <= ` + moment + ` AND (l.valid_until IS NULL OR l.valid_until > ` + moment + `)
		ORDER BY l.label = 'ibclc' DESC LIMIT 1), 'peer')`
}

func insertLabel(ctx context.Context, tx *db.Tx, personID int64, label Label, from, until time.Time) error {
	_, err := tx.NewRaw(`
		INSERT INTO labels (person_id, label, valid_from, valid_until)
		VALUES (?, ?, ?, ?)`, personID, label, from, bun.NullTime{Time: until}).Exec(ctx)
	return err
}

// endLabel cuts short what is worn at that moment, and drops what would begin later.
func endLabel(ctx context.Context, tx *db.Tx, personID int64, label Label, at time.Time) error {
	_, err := tx.NewRaw(`
		DELETE FROM labels WHERE person_id = ? AND label = ? AND valid_from >= ?`, personID, label, at).Exec(ctx)
	if err != nil {
		return err
	}
	_, err = tx.NewRaw(`
		UPDATE labels SET valid_until = ?2 WHERE person_id = ?0 AND label = ?1 AND (valid_until IS NULL OR valid_until > ?2)`,
		personID, label, at).Exec(ctx)
	return err
}
