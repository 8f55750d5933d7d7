package forum

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/richtext"
	"firstdrops/server/words"
)

// newThread and newPost are rows about to be.
type newThread struct {
	CategoryID, AuthorID int64
	Title, Slug          string
	Key                  uuid.UUID
	CreatedAt            time.Time
	Topic
}

type newPost struct {
	ThreadID, AuthorID, ReplyTo int64
	N                           int
	Label                       accounts.Label
	Body, HTML                  string
	HTMLVersion                 int
	Key                         uuid.NullUUID
	CreatedAt                   time.Time
	Notices                     []words.Notice
	Alias                       string // as it was typed
}

// insertThread gives the thread's id and whether it is fresh; one that the author made with the same key is not. A new
// thread counts the post that it opens with.
func insertThread(ctx context.Context, tx *db.Tx, t newThread) (id int64, fresh bool, err error) {
	err = tx.NewRaw(`INSERT INTO threads (category_id, author_id, title, slug, key, created_at, active_at, language, specialty, last_n, posts, replies)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 0) ON CONFLICT (author_id, key) DO NOTHING RETURNING id`,
		t.CategoryID, t.AuthorID, t.Title, t.Slug, t.Key, t.CreatedAt, t.CreatedAt, t.Language, t.Specialty).Scan(ctx, &id)
	if !db.IsMissing(err) {
		return id, true, err
	}
	id, err = threadByKey(ctx, tx, t)
	return id, false, err
}

// threadByKey finds the thread that the author began with the same key before.
func threadByKey(ctx context.Context, tx *db.Tx, t newThread) (id int64, err error) {
	err = tx.NewRaw(`SELECT id FROM threads WHERE author_id = ? AND key = ?`, t.AuthorID, t.Key).Scan(ctx, &id)
	return id, err
}

// insertPost gives the post's id and whether it is fresh; one that the author made with the same key is not.
func insertPost(ctx context.Context, tx *db.Tx, p newPost) (id int64, fresh bool, err error) {
	err = tx.NewRaw(`INSERT INTO posts (thread_id, n, author_id, label, body, html, html_version, key, reply_to, created_at, noticed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT id FROM posts WHERE id = ?), ?, ?)
		ON CONFLICT (author_id, key) DO NOTHING RETURNING id`,
		p.ThreadID, p.N, p.AuthorID, p.Label, p.Body, p.HTML, p.HTMLVersion, p.Key, p.ReplyTo, p.CreatedAt, len(p.Notices) > 0).Scan(ctx, &id)
	if !db.IsMissing(err) {
		return id, true, err
	}
	id, err = postByKey(ctx, tx, p)
	return id, false, err
}

// postByKey finds the post that the author made with the same key before.
func postByKey(ctx context.Context, tx *db.Tx, p newPost) (id int64, err error) {
	err = tx.NewRaw(`SELECT id FROM posts WHERE author_id = ? AND key = ?`, p.AuthorID, p.Key).Scan(ctx, &id)
	return id, err
}

// countReply moves the thread on by one post.
func countReply(ctx context.Context, tx *db.Tx, p newPost) error {
	_, err := tx.NewRaw(`UPDATE threads SET last_n = ?, posts = posts + 1, replies = replies + 1, active_at = greatest(active_at, ?),
		answers = answers + (? AND author_id <> ?)::integer
		WHERE id = ?`, p.N, p.CreatedAt, p.Label == accounts.IBCLC, p.AuthorID, p.ThreadID).Exec(ctx)
	return err
}

// lockThread reads what a thread is to the viewer and holds its row until the commit. The category is not joined: where the
// thread was moved while this waited, a join would find no row.
func lockThread(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id int64) (Thread, error) {
	var t Thread
	err := tx.NewRaw(`SELECT t.id, t.author_id, t.last_n, t.pinned_at, t.locked_at, t.hidden_at, t.removed_at,
		(SELECT c.slug FROM categories c WHERE c.id = t.category_id) AS category_slug,
		(SELECT c.audience FROM categories c WHERE c.id = t.category_id) AS audience,
		apart_in(?, t.author_id, t.id) AND NOT `+openedByStaff+` AS apart
		FROM threads t WHERE t.id = ? FOR NO KEY UPDATE OF t`, viewer.ID, id).Scan(ctx, &t)
	return t, missing(err)
}

// updateThread stores what moderators did to a thread.
func updateThread(ctx context.Context, tx *db.Tx, t Thread) error {
	_, err := tx.NewRaw(`UPDATE threads SET category_id = (SELECT id FROM categories WHERE slug = ?), pinned_at = ?, locked_at = ?,
		hidden_at = ?, removed_at = ? WHERE id = ?`, t.CategorySlug, bun.NullTime{Time: t.PinnedAt}, bun.NullTime{Time: t.LockedAt},
		bun.NullTime{Time: t.HiddenAt}, bun.NullTime{Time: t.RemovedAt}, t.ID).Exec(ctx)
	return err
}

// categoryID is the category that a thread is to be moved into.
func categoryID(ctx context.Context, tx *db.Tx, slug string) (id int64, err error) {
	err = tx.NewRaw(`SELECT id FROM categories WHERE slug = ?`, slug).Scan(ctx, &id)
	return id, err
}

// lockedPost is a post's row, held with its thread's until the commit.
type lockedPost struct {
	Post
	Thread Thread `bun:"embed:of_"` // its audience and standing alone
	Title  string // the thread's, where the post opens it
}

func lockPost(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id int64) (lockedPost, error) {
	var p lockedPost
	err := tx.NewRaw(`SELECT s.id, s.thread_id, s.n, s.author_id, s.body, s.version, s.deleted_at, s.hidden_at, s.removed_at,
		(SELECT c.audience FROM categories c WHERE c.id = t.category_id) AS of_audience,
		t.hidden_at AS of_hidden_at, t.removed_at AS of_removed_at, apart_in(?, t.author_id, t.id) AND NOT `+openedByStaff+` AS of_apart,
		CASE WHEN s.n = 1 THEN t.title ELSE '' END AS title, t.locked_at IS NOT NULL AS locked
		FROM threads t JOIN posts s ON s.thread_id = t.id
		WHERE s.id = ? FOR NO KEY UPDATE OF t, s`, viewer.ID, id).Scan(ctx, &p)
	return p, missing(err)
}

func missing(err error) error {
	if db.IsMissing(err) {
		return fault.Missing()
	}
	return err
}

// standingPost is a post of this thread that everybody sees, but who is apart from its author.
func standingPost(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id, threadID int64) (Post, error) {
	var p Post
	err := tx.NewRaw(`SELECT id, body, version FROM posts WHERE id = ? AND thread_id = ? AND stands
		AND (? OR label = 'moderator' OR NOT apart_in(?, author_id, thread_id))`, id, threadID, viewer.Staff(), viewer.ID).Scan(ctx, &p)
	return p, err
}

// updateBody gives a post new words; who spoke stays as it was.
func updateBody(ctx context.Context, tx *db.Tx, id int64, edited newPost) error {
	_, err := tx.NewRaw(`UPDATE posts SET body = ?, html = ?, html_version = ?, version = version + 1, edited_at = ?, noticed = ?
		WHERE id = ?`, edited.Body, edited.HTML, edited.HTMLVersion, edited.CreatedAt, len(edited.Notices) > 0, id).Exec(ctx)
	return err
}

// updateStanding stores what an author or a moderator did to a post, and counts its thread anew, so that nothing there
// tells of a post that is not to be seen.
func updateStanding(ctx context.Context, tx *db.Tx, p Post) error {
	_, err := tx.NewRaw(`UPDATE posts SET deleted_at = ?, hidden_at = ?, removed_at = ? WHERE id = ?`,
		bun.NullTime{Time: p.DeletedAt}, bun.NullTime{Time: p.HiddenAt}, bun.NullTime{Time: p.RemovedAt}, p.ID).Exec(ctx)
	if err != nil {
		return err
	}
	return countPosts(ctx, tx, p.ThreadID)
}

// countPosts counts a thread anew.
func countPosts(ctx context.Context, tx *db.Tx, threadID int64) error {
	_, err := tx.NewRaw(`UPDATE threads t SET posts = s.posts, replies = s.replies, active_at = coalesce(s.last, t.created_at), answers = s.answers
		FROM (SELECT count(*) AS posts, count(*) FILTER (WHERE n > 1) AS replies, max(created_at) AS last,
			count(*) FILTER (WHERE label = 'ibclc' AND author_id <> (SELECT author_id FROM threads WHERE id = ?0)) AS answers
			FROM posts WHERE thread_id = ?0 AND stands) s
		WHERE t.id = ?0`, threadID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("counting the posts: %w", err)
	}
	return nil
}

func insertQuote(ctx context.Context, tx *db.Tx, id int64, source Post, q Quote) error {
	_, err := tx.NewRaw(`INSERT INTO quotes (post_id, quoted_post_id, quoted_version, starts, ends) VALUES (?, ?, ?, ?, ?)`,
		id, source.ID, source.Version, q.Starts, q.Ends).Exec(ctx)
	return err
}

func postsQuoting(ctx context.Context, tx *db.Tx, id int64) ([]quoting, error) {
	var posts []quoting
	err := tx.NewRaw(`SELECT q.post_id, s.body, q.withheld FROM quotes q JOIN posts s ON s.id = q.post_id
		WHERE q.quoted_post_id = ? ORDER BY q.post_id FOR NO KEY UPDATE OF s`, id).Scan(ctx, &posts)
	return posts, err
}

// updateQuoting stores what still stands in a post of what it quotes, as a version of its own: whoever is changing the one
// before is shown both.
func updateQuoting(ctx context.Context, tx *db.Tx, q quoting, html string) error {
	_, err := tx.NewRaw(`UPDATE quotes SET withheld = ? WHERE post_id = ?`, q.Withheld, q.PostID).Exec(ctx)
	if err != nil {
		return err
	}
	_, err = tx.NewRaw(`UPDATE posts SET body = ?, html = ?, html_version = ?, version = version + 1 WHERE id = ?`,
		q.Body, html, richtext.Version, q.PostID).Exec(ctx)
	return err
}

func deleteQuote(ctx context.Context, tx *db.Tx, postID int64) error {
	_, err := tx.NewRaw(`DELETE FROM quotes WHERE post_id = ?`, postID).Exec(ctx)
	return err
}

func upsertDraft(ctx context.Context, tx *db.Tx, personID int64, d Draft) error {
	_, err := tx.NewRaw(`INSERT INTO drafts (person_id, target, title, body, updated_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (person_id, target) DO UPDATE SET title = excluded.title, body = excluded.body, updated_at = excluded.updated_at`,
		personID, d.Target, d.Title, d.Body, d.UpdatedAt).Exec(ctx)
	return err
}

func deleteDraft(ctx context.Context, tx *db.Tx, personID int64, target string) error {
	_, err := tx.NewRaw(`DELETE FROM drafts WHERE person_id = ? AND target = ?`, personID, target).Exec(ctx)
	return err
}
