package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

// waits is of a person who is to be let in still.
const waits = `awaits = 'approval' AND declined_at IS NULL`

func endWait(ctx context.Context, tx *db.Tx, personID int64) (int64, error) {
	return idOrNone(ctx, tx.NewRaw(`UPDATE people SET awaits = NULL WHERE id = ? AND `+waits+` RETURNING id`, personID))
}

func turnAway(ctx context.Context, tx *db.Tx, personID int64, now time.Time) (int64, error) {
	return idOrNone(ctx, tx.NewRaw(`UPDATE people SET declined_at = ? WHERE id = ? AND `+waits+` RETURNING id`, now, personID))
}

func answerFor(ctx context.Context, idb bun.IDB, personID int64) (Answer, error) {
	var answer Answer
	err := idb.NewRaw(`
		SELECT CASE WHEN `+bannedNow("email")+` THEN '' ELSE email END AS email, declined_at IS NOT NULL AS turned_away
		FROM people WHERE id = ? AND left_at IS NULL`, personID).Scan(ctx, &answer)
	return answer, err
}

func deleteTurnedAway(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM people WHERE id = ? AND declined_at IS NOT NULL`, personID).Exec(ctx)
	return err
}

func holdTurnedAway(ctx context.Context, tx *db.Tx, personID int64) (int64, error) {
	return idOrNone(ctx, tx.NewRaw(`SELECT id FROM people WHERE id = ? AND declined_at IS NOT NULL FOR UPDATE`, personID))
}
