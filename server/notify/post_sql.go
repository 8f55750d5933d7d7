package notify

import (
	"context"

	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/platform/db"
)

// standingPost reads a post that everybody may read who may read its thread.
func standingPost(ctx context.Context, tx *db.Tx, id int64) (post, error) {
	var p post
	err := tx.NewRaw(`SELECT s.id, s.thread_id, s.html FROM posts s WHERE s.id = ? AND s.stands`, id).Scan(ctx, &p)
	return p, err
}

// maxConcerned bounds how many people one post is told to.
const maxConcerned = 5000

// concerned are those whom a post names by their handle, or by the alias that they have in its thread, answers, or reaches
// because they watched the thread before, each by the first of these; never its author, nor who is apart from them or from
// whoever began the thread, and of a hidden thread only staff. Everybody who could be told is a member, and so may read any
// category.
func concerned(ctx context.Context, tx *db.Tx, postID int64, names []string) ([]told, error) {
	var people []told
	err := tx.NewRaw(`
		SELECT DISTINCT ON (p.id) p.id AS person_id, w.kind
		FROM posts s JOIN threads t ON t.id = s.thread_id CROSS JOIN LATERAL (
			SELECT m.id AS person_id, ?2 AS kind, 1 AS rank FROM people m WHERE m.handle_fold = ANY (?1)
			UNION ALL
			SELECT x.person_id, ?2, 1 FROM aliases x WHERE x.thread_id = s.thread_id AND x.fold = ANY (?1)
			UNION ALL
			SELECT a.author_id, ?3, 2 FROM posts a
			WHERE a.id = s.reply_to OR a.id = (SELECT q.quoted_post_id FROM quotes q WHERE q.post_id = s.id)
			UNION ALL
			SELECT w.person_id, ?4, 3 FROM watches w WHERE w.thread_id = s.thread_id AND w.created_at <= s.created_at
		) w JOIN people p ON p.id = w.person_id
		WHERE s.id = ?0 AND p.id <> s.author_id
		AND (s.label = 'moderator' OR NOT apart_in(p.id, s.author_id, s.thread_id))
		AND NOT (apart_in(p.id, t.author_id, t.id) AND NOT EXISTS (SELECT FROM posts f WHERE f.thread_id = t.id AND f.n = 1 AND f.label = 'moderator'))
		AND t.removed_at IS NULL AND (t.hidden_at IS NULL OR p.role IN ('moderator', 'administrator'))
		ORDER BY p.id, w.rank LIMIT ?5`,
		postID, pgdialect.Array(names), Mention, Answer, Reply, maxConcerned).Scan(ctx, &people)
	return people, err
}
