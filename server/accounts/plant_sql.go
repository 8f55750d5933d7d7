package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

func updateName(ctx context.Context, tx *db.Tx, personID int64, name string) error {
	_, err := tx.NewRaw(`UPDATE people SET display_name = ? WHERE id = ?`, name, personID).Exec(ctx)
	return err
}

func plantMember(ctx context.Context, tx *db.Tx, groupID int64, m GroupMember, now time.Time) error {
	_, err := tx.NewRaw(`
		INSERT INTO group_members (group_id, person_id, moderator, supporter_at, joined_at) VALUES (?, ?, ?, ?, ?)`,
		groupID, m.ID, m.Moderator, bun.NullTime{Time: m.SupporterAt}, now).Exec(ctx)
	return err
}
