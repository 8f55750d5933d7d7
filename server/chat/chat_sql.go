package chat

import "firstdrops/server/platform/db"

// stands is what is true of a message that neither its author nor a moderator took away.
const stands = `(m.deleted_at IS NULL AND m.hidden_at IS NULL)`

// messageColumns are what Message holds; the author's name is the one shown now. A removed message
// leaves the database without its words.
const messageColumns = `m.n, m.seq, m.rev, m.author_id, p.display_name AS author, m.label, m.at,
	CASE WHEN ` + stands + ` THEN m.html ELSE '' END AS html, coalesce(m.re, 0) AS re,
	m.edited_at IS NOT NULL AS edited, NOT ` + stands + ` AS deleted, m.cmid::text AS cmid`

// historyColumns tell also whether the label that a message was written under still holds, or a higher one, at the moment
// in the last argument.
func historyColumns(moment string) string {
	return messageColumns + `, m.label NOT IN ('supporter', 'ibclc') OR EXISTS (
		SELECT FROM labels l WHERE l.person_id = m.author_id AND l.label IN (m.label, 'ibclc')
		AND l.valid_from <= ` + moment + ` AND (l.valid_until IS NULL OR l.valid_until > ` + moment + `)) AS holds`
}

const roomColumns = `r.id, r.slug, r.name, r.about, r.topic, r.position, c.n AS last_n, coalesce(k.n, 0) AS read_n`

// queries are the prepared statements: all that a room does often.
type queries struct {
	rooms, room           *db.Statement
	before, after, around *db.Statement
	standing              *db.Statement
	lock, judge, insert   *db.Statement
	head, changed, behind *db.Statement
	since, seqs           *db.Statement
	saveReadings          *db.Statement
}

func prepare(d *db.DB) queries {
	return queries{
		rooms: d.Prepare("rooms", `SELECT `+roomColumns+` FROM rooms r
			JOIN room_counters c ON c.room_id = r.id
			LEFT JOIN read_markers k ON k.room_id = r.id AND k.person_id = $1
			ORDER BY r.position, r.id LIMIT 200`),
		room: d.Prepare("room", `SELECT `+roomColumns+` FROM rooms r
			JOIN room_counters c ON c.room_id = r.id
			LEFT JOIN read_markers k ON k.room_id = r.id AND k.person_id = $2
			WHERE r.slug = $1`),
		before: d.Prepare("messages before", `SELECT `+historyColumns("$4")+` FROM messages m
			JOIN people p ON p.id = m.author_id
			WHERE m.room_id = $1 AND m.n < $2 ORDER BY m.n DESC LIMIT $3`),
		after: d.Prepare("messages after", `SELECT `+historyColumns("$4")+` FROM messages m
			JOIN people p ON p.id = m.author_id
			WHERE m.room_id = $1 AND m.n > $2 ORDER BY m.n LIMIT $3`),
		around: d.Prepare("messages around", `SELECT * FROM (
			(SELECT `+historyColumns("$5")+` FROM messages m JOIN people p ON p.id = m.author_id
				WHERE m.room_id = $1 AND m.n >= $2 ORDER BY m.n LIMIT $3)
			UNION ALL
			(SELECT `+historyColumns("$5")+` FROM messages m JOIN people p ON p.id = m.author_id
				WHERE m.room_id = $1 AND m.n < $2 ORDER BY m.n DESC LIMIT $4)
			) both_sides ORDER BY n`),
		standing: d.Prepare("messages that stand", `SELECT * FROM (
			(SELECT `+messageColumns+` FROM messages m JOIN people p ON p.id = m.author_id
				WHERE m.room_id = $1 AND m.n >= $2 AND `+stands+` ORDER BY m.n LIMIT $3)
			UNION ALL
			(SELECT `+messageColumns+` FROM messages m JOIN people p ON p.id = m.author_id
				WHERE m.room_id = $1 AND m.n < $2 AND `+stands+` ORDER BY m.n DESC LIMIT $4)
			) both_sides ORDER BY n`),
		lock: d.Prepare("lock a room", `SELECT c.room_id, c.seq, c.n FROM room_counters c
			JOIN rooms r ON r.id = c.room_id WHERE r.slug = $1 FOR UPDATE OF c`),
		judge:  d.Prepare("judge sends", judgeSQL),
		insert: d.Prepare("insert messages", insertSQL),
		head:   d.Prepare("a room's head", headSQL),
		changed: d.Prepare("messages changed", `SELECT `+messageColumns+` FROM messages m
			JOIN people p ON p.id = m.author_id
			WHERE m.room_id = $1 AND (m.rev, m.n) > ($2, $3) AND m.rev <= $4 AND m.n > $5
			ORDER BY m.rev, m.n LIMIT $6`),
		behind: d.Prepare("how far behind", `SELECT count(*) AS n FROM (
			SELECT FROM messages WHERE room_id = $1 AND rev > $2 AND rev <= $3 LIMIT $4) missed`),
		since: d.Prepare("messages since", `SELECT `+messageColumns+` FROM messages m
			JOIN people p ON p.id = m.author_id
			WHERE m.room_id = $1 AND m.rev > $2 AND m.rev <= $3 ORDER BY m.rev, m.n`),
		seqs: d.Prepare("seqs of rooms", `SELECT room_id, seq FROM room_counters WHERE room_id = ANY($1)`),
		saveReadings: d.Prepare("save read markers", `INSERT INTO read_markers AS k (person_id, room_id, n)
			SELECT i.person_id, i.room_id, least(i.n, c.n)
			FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS i(person_id, room_id, n)
			JOIN room_counters c ON c.room_id = i.room_id
			JOIN people p ON p.id = i.person_id
			ON CONFLICT (person_id, room_id) DO UPDATE SET n = greatest(k.n, excluded.n)
			RETURNING k.person_id`),
	}
}

// judgeSQL looks at each queued send alone, with a snapshot taken after the room's row was locked:
// was it said already, is the person still signed in, may they write, may they wear their label, is there what it answers.
// Nobody's standing is held here: a decision that takes it may also change a message of this room, and would wait for us as
// we for it.
const judgeSQL = `SELECT i.ord, coalesce(m.n, 0) AS n, coalesce(m.seq, 0) AS seq,
		coalesce(m.at, 'epoch') AS at, s.id IS NOT NULL AS signed_in,
		p.muted_until, p.suspended_until, p.awaits, i.re = 0 OR r.n IS NOT NULL AS answers,
		coalesce(s.second_factor OR p.role = 'member', false) AS labelled
	FROM unnest($2::bigint[], $3::uuid[], $4::bigint[], $5::bigint[])
		WITH ORDINALITY AS i(author_id, cmid, session_id, re, ord)
	LEFT JOIN messages m ON m.room_id = $1 AND m.author_id = i.author_id AND m.cmid = i.cmid
	LEFT JOIN people p ON p.id = i.author_id
	LEFT JOIN sessions s ON s.id = i.session_id AND s.person_id = i.author_id AND s.expires_at > $6
	LEFT JOIN messages r ON r.room_id = $1 AND r.n = i.re
	ORDER BY i.ord`

// insertSQL writes those let in and moves both counters, under the lock.
const insertSQL = `WITH said AS (
		INSERT INTO messages (room_id, n, seq, rev, author_id, cmid, label, body, html, html_version, re, at)
		SELECT $1, i.n, i.seq, i.seq, i.author_id, i.cmid, i.label, i.body, i.html, $9, nullif(i.re, 0), $10
		FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::text[], $11::bigint[])
			AS i(n, seq, author_id, cmid, label, body, html, re)
	)
	UPDATE room_counters SET seq = $12, n = $13 WHERE room_id = $1 RETURNING seq`

// headSQL is a room as it stands: counters, state, the labels above peer that are valid now of those who
// spoke there lately, and how the reader stands.
const headSQL = `SELECT r.id, r.topic, c.seq, c.n AS last_n, c.state_rev, coalesce(k.n, 0) AS read_n,
		me.muted_until, me.suspended_until, coalesce(me.role, '') AS role,
		(SELECT json_object_agg(spoken.display_name, spoken.label) FROM (
			SELECT p.display_name, min(l.label) AS label
			FROM (SELECT DISTINCT author_id FROM messages WHERE room_id = r.id AND n > c.n - $4) a
			JOIN people p ON p.id = a.author_id
			JOIN labels l ON l.person_id = p.id AND l.valid_from <= $3
				AND (l.valid_until IS NULL OR l.valid_until > $3)
			GROUP BY p.display_name) spoken) AS labels
	FROM rooms r
	JOIN room_counters c ON c.room_id = r.id
	LEFT JOIN read_markers k ON k.room_id = r.id AND k.person_id = $2
	LEFT JOIN people me ON me.id = $2
	WHERE r.slug = $1`
