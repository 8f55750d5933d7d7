package search

// The clauses of what a search knows: what everybody may read who may read its category. Guests, whose sight in the first
// argument is 0, know nothing of members-only ones. Nobody is shown what moderators hid or removed; and who is apart from
// somebody, with sight 2 and their id in the last argument, nothing of theirs, nor what quotes them.
const (
	found = `(t.stands AND (c.audience = 'public' OR $1::integer > 0)
		AND ($1::integer <> 2 OR NOT (apart_in($10::bigint, t.author_id, t.id)
			AND NOT EXISTS (SELECT FROM posts f WHERE f.thread_id = t.id AND f.n = 1 AND f.label = 'moderator'))))`
	standing = `(s.stands AND ` + found + ` AND ($1::integer <> 2 OR (s.label = 'moderator' OR NOT apart_in($10::bigint, s.author_id, s.thread_id))
		AND NOT EXISTS (SELECT FROM quotes q JOIN posts o ON o.id = q.quoted_post_id
			WHERE q.post_id = s.id AND o.label <> 'moderator' AND apart_in($10::bigint, o.author_id, o.thread_id))))`
)

// verified says of a post s whether its author, who was a verified consultant when it was written, is one at a moment.
const verified = `(s.label = 'ibclc' AND EXISTS (SELECT FROM labels l WHERE l.person_id = s.author_id AND l.label = 'ibclc'
	AND l.valid_from <= $9::timestamptz AND (l.valid_until IS NULL OR l.valid_until > $9::timestamptz)))`

// asked are the words as they were typed.
const asked = `asked AS (SELECT $2::text AS words)`

// meant are the typed words, each changed into the one most like it that would find the viewer something. Short words stay:
// they are like too much. Candidates are asked one by one, the likest first, and no further than the first that will do.
const meant = `alike AS MATERIALIZED (
		SELECT w.nth, v.word FROM unnest(string_to_array($2::text, ' ')) WITH ORDINALITY w(word, nth)
		JOIN search_words v ON v.word % lower(w.word) AND length(w.word) > 3
		ORDER BY w.nth, similarity(v.word, lower(w.word)) DESC, v.word
	), asked AS (
		SELECT string_agg(coalesce((
			SELECT k.word FROM alike k WHERE k.nth = w.nth AND coalesce(
				(WITH s AS MATERIALIZED (
					SELECT s.id, s.thread_id, s.author_id, s.label, s.stands FROM posts s WHERE s.search @@ plainto_tsquery('simple', k.word) AND s.stands)
				SELECT true FROM s JOIN threads t ON t.id = s.thread_id JOIN categories c ON c.id = t.category_id WHERE ` + standing + ` LIMIT 1),
				(SELECT true FROM threads t JOIN categories c ON c.id = t.category_id
				WHERE t.search @@ plainto_tsquery('simple', k.word) AND t.posts > 0 AND ` + found + ` LIMIT 1))
			LIMIT 1), w.word), ' ' ORDER BY w.nth) AS words
		FROM unnest(string_to_array($2::text, ' ')) WITH ORDINALITY w(word, nth)
	)`

// searching finds a page of posts by the words that asked gives. A post has them all in itself; or its thread's title has
// some and the post the rest; where the title has them all, it is found at the thread's first post that stands. Words that
// are in every text count only where there are no others. Only the hits of the page are read and marked.
func searching(asked string) string {
	return `WITH ` + asked + `, spoken AS MATERIALIZED (
		SELECT w.word, w.nth, search_query(w.word) AS has, numnode(plainto_tsquery('english', search_plain(w.word))) = 0 AS common
		FROM asked, unnest(string_to_array(asked.words, ' ')) WITH ORDINALITY w(word, nth)
	), term AS MATERIALIZED (
		SELECT word, nth, has FROM spoken WHERE numnode(has) > 0 AND (NOT common OR NOT EXISTS (SELECT FROM spoken WHERE NOT common))
	), query AS MATERIALIZED (
		SELECT string_agg('(' || has::text || ')', '&')::tsquery AS all_of, string_agg('(' || has::text || ')', '|')::tsquery AS any_of FROM term
	), titled AS MATERIALIZED (
		SELECT t.id, coalesce((SELECT string_agg('(' || has::text || ')', '&' ORDER BY nth) FROM term WHERE NOT t.search @@ has), '') AS rest
		FROM query JOIN threads t ON t.search @@ query.any_of AND t.posts > 0
	), resting AS MATERIALIZED (
		SELECT r.rest, s.id, s.thread_id, s.author_id, s.label, s.created_at, s.stands
		FROM (SELECT DISTINCT rest FROM titled WHERE rest <> '') r JOIN posts s ON s.search @@ r.rest::tsquery
		WHERE s.stands
	), matched AS MATERIALIZED (
		SELECT s.id, s.thread_id, s.author_id, s.label, s.created_at, s.stands FROM query JOIN posts s ON s.search @@ query.all_of
		WHERE s.stands
		UNION
		SELECT s.id, s.thread_id, s.author_id, s.label, s.created_at, s.stands
		FROM resting s JOIN titled ON titled.id = s.thread_id AND titled.rest = s.rest
		UNION
		SELECT s.id, s.thread_id, s.author_id, s.label, s.created_at, s.stands FROM titled JOIN posts s ON s.thread_id = titled.id
		WHERE titled.rest = '' AND s.stands AND s.n = (
			SELECT min(e.n) FROM posts e WHERE e.thread_id = titled.id AND e.stands
			AND ($1::integer <> 2 OR e.label = 'moderator' OR NOT apart_in($10::bigint, e.author_id, e.thread_id)))
	), page AS (
		SELECT s.id, s.thread_id, s.label, ` + verified + ` AS verified, s.created_at,
			coalesce(x.name, a.display_name) AS author_name, CASE WHEN x.id IS NULL THEN a.handle ELSE '' END AS author_handle,
			x.id IS NOT NULL AS masked, t.slug, t.title, c.name AS category_name, c.audience
		FROM matched s JOIN people a ON a.id = s.author_id LEFT JOIN aliases x ON x.thread_id = s.thread_id AND x.person_id = s.author_id
		JOIN threads t ON t.id = s.thread_id JOIN categories c ON c.id = t.category_id
		WHERE (s.created_at, s.id) < ($3::timestamptz, $4::bigint) AND ($5::text = '' OR c.slug = $5)
		AND ($6::text = '' OR CASE WHEN x.id IS NULL THEN a.handle_fold ELSE x.fold END = $6) AND ($7::text = '' OR s.label = $7) AND ` + standing + `
		ORDER BY s.created_at DESC, s.id DESC LIMIT $8
	)
	SELECT p.id, b.n, p.thread_id, p.label, p.verified, p.created_at, p.author_name, p.author_handle, p.masked, p.slug, p.category_name, p.audience,
		asked.words,
		ts_headline('english', ` + escapedText("p.title") + `, query.any_of, 'HighlightAll=true,` + marks + `') AS title,
		ts_headline('english', ` + spokenText("b.html") + `, query.any_of, 'HighlightAll=true,` + marks + `') AS excerpt
	FROM page p JOIN posts b ON b.id = p.id CROSS JOIN query CROSS JOIN asked ORDER BY p.created_at DESC, p.id DESC`
}

const marks = `StartSel=` + markStarts + `,StopSel=` + markStops

// longestMarked bounds the part of a post that an excerpt is looked for in, in characters of its rendering.
const longestMarked = `30000`

// spokenText is what a rendering says: tags within words go, others part words. Its characters stay escaped.
func spokenText(html string) string {
	return `regexp_replace(regexp_replace(left(` + html + `, ` + longestMarked + `), '</?(em|strong|del|code|a)( [^>]*)?>', '', 'g'), '<[^>]*(>|$)', ' ', 'g')`
}

// escapedText is plain words escaped as a rendering's are, so that both are read alike.
func escapedText(words string) string {
	return `replace(replace(` + words + `, '&', '&amp;'), '<', '&lt;')`
}
