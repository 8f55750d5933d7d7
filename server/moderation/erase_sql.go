package moderation

import (
	"context"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
)

// eraseReports lets open cases keep why somebody reported them, and nothing else of what they reported.
func eraseReports(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`DELETE FROM reports r USING cases c
		WHERE r.reporter_id = ? AND c.id = r.case_id AND (c.closed_at IS NOT NULL OR c.round > r.round)`, personID).Exec(ctx)
	if err == nil {
		_, err = tx.NewRaw(`UPDATE reports SET note = '' WHERE reporter_id = ?`, personID).Exec(ctx)
	}
	return err
}

func releaseAll(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.NewRaw(`UPDATE cases SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = ?`, personID).Exec(ctx)
	return err
}

// lineOf finds those lines of a case c that a person ?0 wrote. The snapshot of a case without any is a JSON null.
const lineOf = `SELECT (l->>'id')::bigint AS id FROM jsonb_array_elements(nullif(c.snapshot, 'null')) l WHERE CASE
	WHEN c.kind IN ('post', 'thread') THEN EXISTS (SELECT FROM posts s WHERE s.id = (l->>'id')::bigint AND s.author_id = ?0)
	WHEN c.kind = 'message' THEN EXISTS (SELECT FROM messages s WHERE s.room_id = c.room_id AND s.n = (l->>'id')::bigint AND s.author_id = ?0)
	ELSE c.about_id = ?0 END`

// casesOf are the cases that hold something of a leaver: about them, with words of theirs or their name among the others',
// in a thread that they began, or with quotes in one that they wrote in.
func casesOf(ctx context.Context, tx *db.Tx, l accounts.Leaver, after int64, limit int) ([]Case, error) {
	var page []Case
	err := tx.NewRaw(`SELECT `+caseColumns+` FROM cases c WHERE c.id > ?1 AND (c.about_id = ?0
			OR EXISTS (`+lineOf+`)
			OR ?2 <> '' AND strpos(lower(c.snapshot::text || c.words), lower(?2)) > 0
			OR EXISTS (SELECT FROM threads t WHERE t.id = `+threadOf+` AND t.author_id = ?0)
			OR strpos(c.snapshot::text, '<blockquote') > 0 AND EXISTS (SELECT FROM posts s WHERE s.thread_id = `+threadOf+` AND s.author_id = ?0))
		ORDER BY c.id LIMIT ?3 FOR NO KEY UPDATE OF c`, l.ID, after, l.Handle, limit).Scan(ctx, &page)
	return page, err
}

// threadOf is the thread that a case c is about, or that its post stands in.
const threadOf = `(CASE c.kind WHEN 'thread' THEN c.object_id WHEN 'post' THEN (SELECT o.thread_id FROM posts o WHERE o.id = c.object_id) END)`

func linesOf(ctx context.Context, tx *db.Tx, c Case, personID int64) (map[int64]bool, error) {
	var ids []int64
	err := tx.NewRaw(`SELECT l.id FROM cases c, LATERAL (`+lineOf+`) l WHERE c.id = ?1 LIMIT 100`, personID, c.ID).Scan(ctx, &ids)
	theirs := map[int64]bool{}
	for _, id := range ids {
		theirs[id] = true
	}
	return theirs, err
}

// titleNow is what a case's thread is called now, and its address; for others, what the case says.
func titleNow(ctx context.Context, tx *db.Tx, c Case) (title, path string, err error) {
	now := struct{ Title, Slug string }{}
	err = tx.NewRaw(`SELECT t.title, t.slug FROM cases c JOIN threads t ON t.id = `+threadOf+` WHERE c.id = ?`, c.ID).Scan(ctx, &now)
	switch {
	case db.IsMissing(err):
		return c.Title, c.Path, nil
	case c.Kind == audit.Thread:
		return now.Title, threadPath(c.ObjectID, now.Slug), err
	}
	return now.Title, c.Path, err
}

func updateSnapshot(ctx context.Context, tx *db.Tx, c Case) error {
	_, err := tx.NewRaw(`UPDATE cases SET title = ?, path = ?, words = ?, snapshot = ? WHERE id = ?`,
		c.Title, c.Path, c.Words, c.Snapshot, c.ID).Exec(ctx)
	return err
}

// emptyNotes takes what was written to somebody in a case, and by them, and their name out of what others reported.
func emptyNotes(ctx context.Context, tx *db.Tx, caseID int64, l accounts.Leaver) error {
	_, err := tx.NewRaw(`UPDATE decisions SET note = '', objection = '' WHERE case_id = ? AND about_id = ?`, caseID, l.ID).Exec(ctx)
	if err == nil {
		_, err = tx.NewRaw(`DELETE FROM reports WHERE case_id = ? AND reporter_id = ?`, caseID, l.ID).Exec(ctx)
	}
	var notes []Report
	if err == nil {
		err = tx.NewRaw(`SELECT id, note FROM reports WHERE case_id = ? AND strpos(note, '@') > 0 LIMIT 1000`, caseID).Scan(ctx, &notes)
	}
	for _, r := range notes {
		if err == nil {
			_, err = tx.NewRaw(`UPDATE reports SET note = ? WHERE id = ?`, l.Unnamed(r.Note), r.ID).Exec(ctx)
		}
	}
	return err
}

func insertParting(ctx context.Context, tx *db.Tx, caseID int64, l accounts.Leaver) error {
	_, err := tx.NewRaw(`INSERT INTO case_partings (case_id, person_id, handle, parting) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		caseID, l.ID, l.Handle, l.Parting).Exec(ctx)
	return err
}

func partingsOf(ctx context.Context, tx *db.Tx, caseID int64) ([]accounts.Leaver, error) {
	var partings []accounts.Leaver
	err := tx.NewRaw(`SELECT person_id AS id, handle, parting FROM case_partings WHERE case_id = ? ORDER BY person_id LIMIT 100`, caseID).Scan(ctx, &partings)
	return partings, err
}

func deletePartings(ctx context.Context, tx *db.Tx, caseID int64) error {
	_, err := tx.NewRaw(`DELETE FROM case_partings WHERE case_id = ?`, caseID).Exec(ctx)
	return err
}
