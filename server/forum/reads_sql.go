package forum

import "firstdrops/server/platform/db"

// The clauses that keep from people what is not theirs to read: members-only places from guests, and hidden threads from
// all but staff. readable belongs in every read of threads and posts, open in those of categories alone; the first
// argument of each is the viewer's sight.
const (
	open     = `(c.audience = 'public' OR $1::integer > 0)`
	readable = `(` + open + ` AND (t.hidden_at IS NULL OR $1::integer > 1))`
)

const (
	threadColumns = `SELECT t.id, t.slug, t.title, c.slug AS category_slug, c.name AS category_name, c.audience,
		t.author_id, a.display_name AS author_name, a.handle AS author_handle,
		t.posts, t.replies, t.last_n, t.created_at, t.active_at, t.pinned_at, t.locked_at, t.hidden_at`
	threadTables = ` FROM threads t JOIN categories c ON c.id = t.category_id JOIN people a ON a.id = t.author_id`

	postColumns = `SELECT s.id, s.n, s.author_id, a.display_name AS author_name, a.handle AS author_handle,
		s.label, s.created_at, s.edited_at`
)

// notices are what the house says below a post; where somebody may be in danger, to the author only, who is compared with
// the fifth argument.
const notices = `CASE WHEN s.noticed THEN (SELECT jsonb_agg(jsonb_build_object('id', w.id, 'kind', w.kind, 'title', w.title, 'text', w.text,
	'dose_text', w.dose_text, 'version', w.version, 'approver', w.approver, 'dosed', n.dosed) ORDER BY w.position, w.id)
	FROM post_notices n JOIN word_rules w ON w.id = n.rule_id
	WHERE n.post_id = s.id AND (w.kind <> 'crisis' OR s.author_id = $5)) END`

// reads are the forum's prepared statements.
type reads struct {
	categories, category *db.Statement
	listings             map[Sort]*db.Statement
	latest, waiting      *db.Statement
	thread, posts        *db.Statement
	post, place          *db.Statement
	draft                *db.Statement
	search, searchMeant  *db.Statement
}

// listing reads a page of a category's threads by one of their times, the pinned ones first, from a cursor on.
func listing(time, which string) string {
	return threadColumns + threadTables + `
		WHERE t.category_id = $2 AND t.posts > 0 AND ` + which + ` AND ` + readable + `
		AND (t.pinned_at IS NOT NULL, ` + time + `, t.id) < ($3::boolean, $4::timestamptz, $5::bigint)
		ORDER BY (t.pinned_at IS NOT NULL) DESC, ` + time + ` DESC, t.id DESC LIMIT $6`
}

func prepareReads(d *db.DB) reads {
	return reads{
		categories: d.Prepare("forum.categories", `SELECT c.id, c.slug, c.name, c.about, c.audience, c.position,
			CASE WHEN `+open+` THEN
				(SELECT max(t.active_at) FROM threads t WHERE t.category_id = c.id AND t.posts > 0 AND t.hidden_at IS NULL)
			END AS active_at
			FROM categories c ORDER BY c.position, c.id LIMIT 200`),
		category: d.Prepare("forum.category", `SELECT c.id, c.slug, c.name, c.about, c.audience, c.position
			FROM categories c WHERE c.slug = $2 AND `+open),
		listings: map[Sort]*db.Statement{
			Active:     d.Prepare("forum.listing.active", listing("t.active_at", "true")),
			Newest:     d.Prepare("forum.listing.new", listing("t.created_at", "true")),
			Unanswered: d.Prepare("forum.listing.unanswered", listing("t.created_at", "t.replies = 0")),
		},
		latest: d.Prepare("forum.latest", threadColumns+threadTables+`
			WHERE t.posts > 0 AND t.hidden_at IS NULL AND `+readable+` ORDER BY t.active_at DESC, t.id DESC LIMIT $2`),
		waiting: d.Prepare("forum.waiting", threadColumns+threadTables+`
			WHERE t.posts > 0 AND t.replies = 0 AND t.hidden_at IS NULL AND t.locked_at IS NULL AND `+readable+`
			ORDER BY t.created_at DESC, t.id DESC LIMIT $2`),
		thread: d.Prepare("forum.thread", threadColumns+`,
			coalesce((SELECT min(e.n) - 1 FROM (
				SELECT s.n FROM posts s WHERE s.thread_id = t.id AND s.deleted_at IS NULL AND s.n <= $3::integer
				ORDER BY s.n DESC LIMIT $4) e), 0) AS before`+threadTables+`
			WHERE t.id = $2 AND `+readable),
		posts: d.Prepare("forum.posts", postColumns+`, s.html,
			coalesce(q.quoted_post_id, s.reply_to, 0) AS answered_id, coalesce(r.n, 0) AS answered_n,
			coalesce(ra.display_name, '') AS answered_name, q.post_id IS NOT NULL AS quotes, `+notices+` AS notices
			FROM posts s JOIN people a ON a.id = s.author_id
			LEFT JOIN quotes q ON q.post_id = s.id
			LEFT JOIN posts r ON r.id = coalesce(q.quoted_post_id, s.reply_to) AND r.deleted_at IS NULL
			LEFT JOIN people ra ON ra.id = r.author_id
			WHERE s.thread_id = (SELECT t.id FROM threads t JOIN categories c ON c.id = t.category_id WHERE t.id = $2 AND `+readable+`)
			AND s.deleted_at IS NULL AND s.n > $3 ORDER BY s.n LIMIT $4`),
		post: d.Prepare("forum.post", postColumns+`, s.thread_id, s.body, s.version, t.locked_at IS NOT NULL AS locked
			FROM posts s JOIN people a ON a.id = s.author_id
			JOIN threads t ON t.id = s.thread_id JOIN categories c ON c.id = t.category_id
			WHERE s.id = $2 AND s.deleted_at IS NULL AND `+readable),
		place: d.Prepare("forum.place", `SELECT s.id AS post_id, s.thread_id, t.slug, s.deleted_at IS NOT NULL AS deleted,
			coalesce((SELECT max(e.n) FILTER (WHERE e.nth % $3::integer = 0) FROM (
				SELECT v.n, row_number() OVER (ORDER BY v.n) AS nth FROM posts v
				WHERE v.thread_id = s.thread_id AND v.deleted_at IS NULL AND v.n < s.n) e), 0) AS after
			FROM posts s JOIN threads t ON t.id = s.thread_id JOIN categories c ON c.id = t.category_id
			WHERE s.id = $2 AND `+readable),
		draft: d.Prepare("forum.draft", `SELECT d.target, d.title, d.body, d.updated_at FROM drafts d
			WHERE d.person_id = $1 AND d.target = $2`),
		search:      d.Prepare("forum.search", searching(asked)),
		searchMeant: d.Prepare("forum.search.meant", searching(meant)),
	}
}
