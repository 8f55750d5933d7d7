package moderation

import (
	"context"

	"github.com/uptrace/bun"

	"firstdrops/server/platform/db"
)

func reportWaits(ctx context.Context, idb bun.IDB, personID int64, s Subject) (bool, error) {
	var waits bool
	err := idb.NewRaw(`SELECT EXISTS (SELECT FROM reports r JOIN cases c ON c.id = r.case_id AND c.round = r.round
		WHERE c.kind = ? AND c.object_id = ? AND c.room_id = ? AND c.closed_at IS NULL AND r.reporter_id = ?)`,
		s.Kind, s.ObjectID, s.RoomID, personID).Scan(ctx, &waits)
	return waits, err
}

// insertReport says whether it is the first of this person in this round.
func insertReport(ctx context.Context, tx *db.Tx, c Case, r Report) (bool, error) {
	result, err := tx.NewRaw(`INSERT INTO reports (case_id, round, reporter_id, reason, note, at)
		VALUES (?, ?, nullif(?, 0), ?, ?, ?) ON CONFLICT ON CONSTRAINT reports_once_key DO NOTHING`,
		c.ID, c.Round, r.ReporterID, r.Reason, r.Note, r.At).Exec(ctx)
	if err != nil {
		return false, err
	}
	added, err := result.RowsAffected()
	return added > 0, err
}

// reportsOf are those of the case's present round.
func reportsOf(ctx context.Context, idb bun.IDB, c Case) ([]Report, error) {
	var reports []Report
	err := idb.NewRaw(`SELECT r.id, coalesce(r.reporter_id, 0) AS reporter_id, coalesce(x.name, p.display_name, '') AS reporter_name, r.reason, r.note, r.at
		FROM reports r JOIN cases c ON c.id = r.case_id LEFT JOIN people p ON p.id = r.reporter_id
		LEFT JOIN aliases x ON x.person_id = r.reporter_id AND x.thread_id = `+thread+`
		WHERE r.case_id = ? AND r.round = ? ORDER BY r.id LIMIT 100`, c.ID, c.Round).Scan(ctx, &reports)
	return reports, err
}

// reporterIDs are the people behind the reports of the case's present round.
func reporterIDs(ctx context.Context, idb bun.IDB, c Case) ([]int64, error) {
	ids := []int64{}
	err := idb.NewRaw(`SELECT reporter_id FROM reports WHERE case_id = ? AND round = ? AND reporter_id IS NOT NULL
		ORDER BY id LIMIT 1000`, c.ID, c.Round).Scan(ctx, &ids)
	return ids, err
}
