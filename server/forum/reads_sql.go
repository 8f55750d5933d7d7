package forum

import "firstdrops/server/platform/db"

// The clauses that keep from people what is not theirs to read. open is of a category c, and keeps members-only ones from
// guests; readable is of a thread t in it, and keeps hidden ones from all but staff, and those of somebody apart from the
// viewer. Each read takes the viewer's sight as its first argument, and who they are as its second.
const (
	open     = `(c.audience = 'public' OR $1::integer > 0)`
	readable = `(` + open + ` AND t.removed_at IS NULL AND (t.hidden_at IS NULL OR $1::integer > 2) AND ` + begun + `)`
	begun    = `($1::integer <> 2 OR NOT (apart_in($2::bigint, t.author_id, t.id) AND NOT ` + openedByStaff + `))`
)

// openedByStaff is of a thread t whose first post was said as a moderator: that is for everybody.
const openedByStaff = `EXISTS (SELECT FROM posts f WHERE f.thread_id = t.id AND f.n = 1 AND f.label = 'moderator')`

// shown is of a post s in a readable thread, and keeps hidden ones from all but staff and their authors, and those of
// somebody apart from the viewer.
func shown(s string) string {
	return `(` + s + `.deleted_at IS NULL AND ` + s + `.removed_at IS NULL
		AND (` + s + `.hidden_at IS NULL OR $1::integer > 2 OR ` + s + `.author_id = $2::bigint) AND ` + met(s) + `)`
}

// met is of a post s that nobody withholds from the viewer, nor they from its author. Only where the sight is 2 is anybody
// apart from them, so that all others pay nothing.
func met(s string) string {
	return `($1::integer <> 2 OR ` + s + `.label = 'moderator' OR NOT apart_in($2::bigint, ` + s + `.author_id, ` + s + `.thread_id))`
}

// folded says of a post s whether it quotes somebody whom the viewer does not meet.
var folded = `($1::integer = 2 AND EXISTS (SELECT FROM quotes k JOIN posts o ON o.id = k.quoted_post_id
	WHERE k.post_id = s.id AND NOT ` + met("o") + `)) AS folded`

// found is readable where a list is the same for all who may read a category: staff are not shown what is hidden there,
// nor authors.
const found = `(t.stands AND ` + open + ` AND ` + begun + `)`

// verified says of a post s whether its author, who was a verified consultant when it was written, is one at a moment.
func verified(moment string) string {
	return `(s.label = 'ibclc' AND EXISTS (SELECT FROM labels l WHERE l.person_id = s.author_id AND l.label = 'ibclc'
		AND l.valid_from <= ` + moment + ` AND (l.valid_until IS NULL OR l.valid_until > ` + moment + `)))`
}

const (
	threadColumns = `SELECT t.id, t.slug, t.title, c.slug AS category_slug, c.name AS category_name, c.audience,
		t.author_id, ` + authorColumns + `,
		t.posts, t.replies, t.last_n, t.created_at, t.active_at, t.pinned_at, t.locked_at, t.hidden_at, t.removed_at,
		t.language, t.specialty, t.answers`
	threadTables = ` FROM threads t JOIN categories c ON c.id = t.category_id JOIN people a ON a.id = t.author_id
		LEFT JOIN aliases x ON x.thread_id = t.id AND x.person_id = t.author_id`

	postColumns = `SELECT s.id, s.n, s.author_id, ` + authorColumns + `,
		s.label, s.created_at, s.edited_at, s.hidden_at`
	postAuthor = ` JOIN people a ON a.id = s.author_id LEFT JOIN aliases x ON x.thread_id = s.thread_id AND x.person_id = s.author_id`

	// authorColumns are of a person a who may write under an alias x: then nothing leads to who they are.
	authorColumns = `coalesce(x.name, a.display_name) AS author_name, CASE WHEN x.id IS NULL THEN a.handle ELSE '' END AS author_handle,
		x.id IS NOT NULL AS masked`

	lineColumns = `SELECT s.id AS post_id, s.thread_id, s.n, t.title, s.label, ` + authorColumns + `, `
	lineTables  = ` FROM posts s` + postAuthor + ` JOIN threads t ON t.id = s.thread_id JOIN categories c ON c.id = t.category_id`
)

// notices are what the house says below a post; where somebody may be in danger, to the author only.
const notices = `CASE WHEN s.noticed THEN (SELECT jsonb_agg(jsonb_build_object('id', w.id, 'kind', w.kind, 'title', w.title, 'text', w.text,
	'dose_text', w.dose_text, 'version', w.version, 'approver', w.approver, 'dosed', n.dosed) ORDER BY w.position, w.id)
	FROM post_notices n JOIN word_rules w ON w.id = n.rule_id
	WHERE n.post_id = s.id AND (w.kind <> 'crisis' OR s.author_id = $2)) END`

// reads are the forum's prepared statements.
type reads struct {
	categories, category *db.Statement
	listings             map[Sort]*db.Statement
	latest, waiting      *db.Statement
	thread               *db.Statement
	posts, answers       *db.Statement
	questions            *db.Statement
	post, place, lines   *db.Statement
	spoken               *db.Statement
	draft                *db.Statement
}

// listing reads a page of a category's threads by one of their times, the pinned ones first, from a cursor on.
func listing(time, which string) string {
	return threadColumns + threadTables + `
		WHERE t.category_id = $3 AND t.posts > 0 AND ` + which + ` AND ` + readable + `
		AND (t.pinned_at IS NOT NULL, ` + time + `, t.id) < ($4::boolean, $5::timestamptz, $6::bigint)
		ORDER BY (t.pinned_at IS NOT NULL) DESC, ` + time + ` DESC, t.id DESC LIMIT $7`
}

// pageUpTo is the number that a page begins after, whose last post is the one of this number or the last before it. The
// fifth argument is how many a page holds.
func pageUpTo(n string) string {
	return `coalesce((SELECT min(e.n) - 1 FROM (
		SELECT s.n FROM posts s WHERE s.thread_id = t.id AND s.n <= ` + n + ` AND ` + shown("s") + `
		ORDER BY s.n DESC LIMIT $5) e), 0)`
}

// posts reads those posts of a thread that the viewer may see, after a number.
func posts(which string) string {
	return postColumns + `, s.thread_id, s.html, ` + verified("$6::timestamptz") + ` AS verified,
		coalesce(q.quoted_post_id, s.reply_to, 0) AS answered_id, coalesce(r.n, 0) AS answered_n,
		coalesce(rx.name, ra.display_name, '') AS answered_name, q.post_id IS NOT NULL AS quotes,
		` + folded + `, ` + notices + ` AS notices, ` + reactions + ` AS reactions
		FROM posts s` + postAuthor + `
		LEFT JOIN quotes q ON q.post_id = s.id
		LEFT JOIN posts r ON r.id = coalesce(q.quoted_post_id, s.reply_to) AND ` + shown("r") + `
		LEFT JOIN people ra ON ra.id = r.author_id
		LEFT JOIN aliases rx ON rx.thread_id = r.thread_id AND rx.person_id = r.author_id
		WHERE s.thread_id = (SELECT t.id FROM threads t JOIN categories c ON c.id = t.category_id WHERE t.id = $3 AND ` + readable + `)
		AND ` + shown("s") + ` AND s.n > $4 AND ` + which + ` ORDER BY s.n LIMIT $5`
}

func prepareReads(d *db.DB) reads {
	return reads{
		categories: d.Prepare("forum.categories", `SELECT c.id, c.slug, c.name, c.about, c.audience, c.position,
			CASE WHEN `+open+` THEN
				(SELECT max(t.active_at) FROM threads t WHERE t.category_id = c.id AND t.posts > 0 AND t.stands)
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
			WHERE t.posts > 0 AND `+found+` ORDER BY t.active_at DESC, t.id DESC LIMIT $3`),
		waiting: d.Prepare("forum.waiting", threadColumns+threadTables+`
			WHERE t.posts > 0 AND t.replies = 0 AND t.locked_at IS NULL AND `+found+`
			ORDER BY t.created_at DESC, t.id DESC LIMIT $3`),
		questions: d.Prepare("forum.questions", questions()),
		thread: d.Prepare("forum.thread", threadColumns+takeColumns+`,
			`+pageUpTo("$4::integer")+` AS before, `+pageUpTo("t.last_n")+` AS newest,
			EXISTS (SELECT FROM watches w WHERE w.thread_id = t.id AND w.person_id = $2) AS watched,
			coalesce((SELECT v.name FROM aliases v WHERE v.thread_id = t.id AND v.person_id = $2), '') AS alias`+threadTables+takeTables+`
			WHERE t.id = $3 AND `+readable),
		posts:   d.Prepare("forum.posts", posts("true")),
		answers: d.Prepare("forum.answers", posts("(s.n = 1 OR s.label = 'ibclc' AND s.author_id <> "+asker+")")),
		post: d.Prepare("forum.post", postColumns+`, s.thread_id, s.body, s.version, t.locked_at IS NOT NULL AS locked, `+folded+`
			FROM posts s`+postAuthor+` JOIN threads t ON t.id = s.thread_id JOIN categories c ON c.id = t.category_id
			WHERE s.id = $3 AND `+shown("s")+` AND `+readable),
		place: d.Prepare("forum.place", `SELECT s.id AS post_id, s.thread_id, t.slug, NOT `+shown("s")+` AS gone,
			coalesce((SELECT max(e.n) FILTER (WHERE e.nth % $4::integer = 0) FROM (
				SELECT v.n, row_number() OVER (ORDER BY v.n) AS nth FROM posts v
				WHERE v.thread_id = s.thread_id AND `+shown("v")+` AND v.n < s.n) e), 0) AS after
			FROM posts s JOIN threads t ON t.id = s.thread_id JOIN categories c ON c.id = t.category_id
			WHERE s.id = $3 AND `+readable),
		lines: d.Prepare("forum.lines", lineColumns+verified("$4::timestamptz")+` AS verified`+lineTables+`
			WHERE s.id = ANY ($3::bigint[]) AND `+shown("s")+` AND `+readable),
		spoken: d.Prepare("forum.spoken", lineColumns+verified("$5::timestamptz")+` AS verified, s.created_at`+lineTables+`
			WHERE s.author_id = $3::bigint AND s.label = $4::text AND s.label <> 'peer' AND s.stands AND `+found+` AND `+met("s")+`
			ORDER BY s.created_at DESC, s.id DESC LIMIT $6`),
		draft: d.Prepare("forum.draft", `SELECT d.target, d.title, d.body, d.updated_at FROM drafts d
			WHERE d.person_id = $1 AND d.target = $2`),
	}
}
