package settings

import (
	"context"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

const selfColumns = `p.display_name AS name, p.pronouns, p.feeding, p.way, p.way_line, p.visibility, p.language, p.zone, p.theme, p.reduced_data`

func selfOf(ctx context.Context, idb bun.IDB, personID int64) (Self, error) {
	var self Self
	err := idb.NewRaw(`SELECT `+selfColumns+` FROM people p WHERE p.id = ?`, personID).Scan(ctx, &self)
	return self, err
}

func lockSelf(ctx context.Context, tx *db.Tx, personID int64) (account, error) {
	var self account
	err := tx.NewRaw(`
		SELECT `+selfColumns+`, p.handle, coalesce(p.handle_fold, '') AS handle_fold
		FROM people p WHERE p.id = ? FOR UPDATE`, personID).Scan(ctx, &self)
	return self, err
}

func updateSelf(ctx context.Context, tx *db.Tx, personID int64, s Self) error {
	_, err := tx.NewRaw(`
		UPDATE people SET display_name = ?, pronouns = ?, feeding = ?, way = ?, way_line = ?, visibility = ?, language = ?,
			zone = ?, theme = ?, reduced_data = ?
		WHERE id = ?`,
		s.Name, s.Pronouns, s.Feeding, pgdialect.Array(s.Way), s.WayLine, s.Visibility, s.Language, s.Zone, s.Theme, s.ReducedData,
		personID).Exec(ctx)
	return err
}

func updateTheme(ctx context.Context, idb bun.IDB, personID int64, theme string) error {
	_, err := idb.NewRaw(`UPDATE people SET theme = ? WHERE id = ?`, theme, personID).Exec(ctx)
	return err
}

func deleteDisplayName(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM names WHERE person_id = ? AND kind = ?`, personID, accounts.DisplayName).Exec(ctx)
	return err
}
