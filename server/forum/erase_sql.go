package forum

import (
	"context"

	"firstdrops/server/platform/db"
)

// writtenPosts are those of a person that still say something.
func writtenPosts(ctx context.Context, tx *db.Tx, personID int64, limit int) ([]int64, error) {
	var ids []int64
	err := tx.NewRaw(`SELECT id FROM posts WHERE author_id = ? AND body <> '' ORDER BY id LIMIT ?`, personID, limit).Scan(ctx, &ids)
	return ids, err
}

func emptyTitles(ctx context.Context, tx *db.Tx, authorID int64) error {
	_, err := tx.NewRaw(`UPDATE threads SET title = ?, slug = ?, language = '', specialty = '' WHERE author_id = ?`,
		erasedTitle, slugOf(erasedTitle), authorID).Exec(ctx)
	return err
}

// namingPosts are those after one that hold an @, by their index.
func namingPosts(ctx context.Context, tx *db.Tx, after int64, limit int) ([]naming, error) {
	var page []naming
	err := tx.NewRaw(`SELECT s.id, s.body, coalesce((SELECT q.withheld FROM quotes q WHERE q.post_id = s.id), '') AS withheld
		FROM posts s WHERE strpos(s.body, '@') > 0 AND s.id > ? ORDER BY s.id LIMIT ? FOR NO KEY UPDATE OF s`, after, limit).Scan(ctx, &page)
	return page, err
}

func namingTitles(ctx context.Context, tx *db.Tx, after naming) ([]naming, error) {
	var titles []naming
	err := tx.NewRaw(`SELECT id, title FROM threads WHERE strpos(title, '@') > 0 AND id > ?
		ORDER BY id LIMIT ? FOR NO KEY UPDATE`, after.ID, namedAtOnce).Scan(ctx, &titles)
	return titles, err
}

func updateTitle(ctx context.Context, tx *db.Tx, id int64, title, slug string) error {
	_, err := tx.NewRaw(`UPDATE threads SET title = ?, slug = ? WHERE id = ?`, title, slug, id).Exec(ctx)
	return err
}

func namingDrafts(ctx context.Context, tx *db.Tx, after naming) ([]naming, error) {
	var drafts []naming
	err := tx.NewRaw(`SELECT person_id, target, title, body, updated_at FROM drafts WHERE strpos(title || body, '@') > 0
		AND (person_id, target) > (?, ?) ORDER BY person_id, target LIMIT ? FOR NO KEY UPDATE`, after.PersonID, after.Target, namedAtOnce).Scan(ctx, &drafts)
	return drafts, err
}
