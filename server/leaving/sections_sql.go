package leaving

import (
	"context"
	"encoding/json"

	"github.com/uptrace/bun"
)

// section is a part of a copy: rows of one kind, each a JSON object. A query gives those of the person ?0 after a key ?1, at
// most ?2. What others wrote is no part of any, beyond what their thread is called; nor is who reported, nor what staff noted.
type section struct {
	key   string // in first-drops.json
	title string // in index.html
	about string // what its rows are, and what is not plain from the names of their keys
	query string
}

// keyed reads the rows of a table by their own ids.
func keyed(id, row, from string) string {
	return `SELECT ` + id + ` AS key, json_build_object(` + row + `) AS row FROM ` + from + ` AND ` + id + ` > ?1 ORDER BY ` + id + ` LIMIT ?2`
}

// numbered reads rows without an id of their own, of which nobody has very many.
func numbered(order, row, from string) string {
	return `SELECT key, row FROM (SELECT row_number() OVER (ORDER BY ` + order + `) AS key, json_build_object(` + row + `) AS row FROM ` + from + `) r
		WHERE key > ?1 ORDER BY key LIMIT ?2`
}

// thread is what a copy says of a thread t.
const thread = `'thread', t.title, 'path', '/t/' || t.id || '/' || t.slug`

var sections = []section{
	{"profile", "Your account", "Who you are here, as you said it yourself, and how the site is set for you.", keyed("p.id",
		`'handle', p.handle, 'display_name', p.display_name, 'email', p.email, 'email_confirmed_at', p.email_confirmed_at, 'role', p.role,
		'joined_at', p.created_at, 'pronouns', p.pronouns, 'feeding', p.feeding, 'way', p.way, 'way_line', p.way_line, 'language', p.language,
		'zone', p.zone, 'theme', p.theme, 'reduced_data', p.reduced_data, 'visibility', p.visibility, 'muted_until', p.muted_until,
		'suspended_until', p.suspended_until, 'leaves_at', p.leaves_at`, `people p WHERE p.id = ?0`)},
	{"labels", "Labels", "What you speak under, and when: supporter, or ibclc for a verified consultant.", numbered("b.valid_from, b.label",
		`'label', b.label, 'valid_from', b.valid_from, 'valid_until', b.valid_until`, `labels b WHERE b.person_id = ?0`)},
	{"sessions", "Signed in", "Where you are signed in now: the device in words, never a network's address.", keyed("s.id",
		`'device', s.device, 'created_at', s.created_at, 'last_used_at', s.seen_at, 'expires_at', s.expires_at, 'second_factor', s.second_factor`,
		`sessions s WHERE s.person_id = ?0`)},
	{"passkeys", "Passkeys", "By what name you know each, and when you used it. Their keys are on your devices.", numbered("k.created_at, k.name",
		`'name', k.name, 'created_at', k.created_at, 'last_used_at', k.used_at`, `passkeys k WHERE k.person_id = ?0`)},
	{"groups", "Groups", "Those that you are in, and whether you moderate there.", keyed("g.id",
		`'group', g.name, 'moderator', k.moderator, 'supporter_since', k.supporter_at, 'joined_at', k.joined_at`,
		`group_members k JOIN groups g ON g.id = k.group_id WHERE k.person_id = ?0`)},
	{"threads", "Threads that you began", "Each with the first post among your posts.", keyed("t.id",
		`'title', t.title, 'path', '/t/' || t.id || '/' || t.slug, 'category', c.name, 'created_at', t.created_at, 'language', t.language, 'specialty', t.specialty`,
		`threads t JOIN categories c ON c.id = t.category_id WHERE t.author_id = ?0`)},
	{"aliases", "Aliases", "Names under which you write in one thread.", keyed("x.id", `'name', x.name, `+thread+`, 'created_at', x.created_at`,
		`aliases x JOIN threads t ON t.id = x.thread_id WHERE x.person_id = ?0`)},
	{"posts", "Posts", "Your words in threads, as Markdown: n is the number in the thread, alias the name that they stand under where it is not yours. Those that you deleted are among them.",
		keyed("s.id", thread+`, 'n', s.n, 'alias', (SELECT x.name FROM aliases x WHERE x.thread_id = s.thread_id AND x.person_id = s.author_id),
		'label', s.label, 'body', s.body, 'created_at', s.created_at, 'edited_at', s.edited_at, 'deleted_at', s.deleted_at`,
			`posts s JOIN threads t ON t.id = s.thread_id WHERE s.author_id = ?0`)},
	{"drafts", "Drafts", "What you typed and did not send: target is t: and a thread's number, or c: and a category.", numbered("d.target",
		`'target', d.target, 'title', d.title, 'body', d.body, 'updated_at', d.updated_at`, `drafts d WHERE d.person_id = ?0`)},
	{"reactions", "Reactions", "What you said to posts without words.", numbered("a.at, a.post_id, a.kind", `'kind', a.kind, 'post', '/p/' || a.post_id, 'at', a.at`,
		`reactions a WHERE a.person_id = ?0`)},
	{"messages", "Messages in rooms", "Your words in live rooms, as Markdown: n is the number in the room.", keyed("((m.room_id << 40) + m.n)",
		`'room', o.name, 'n', m.n, 'label', m.label, 'body', m.body, 'at', m.at, 'edited_at', m.edited_at, 'deleted_at', m.deleted_at`,
		`messages m JOIN rooms o ON o.id = m.room_id WHERE m.author_id = ?0`)},
	{"read", "Read in rooms", "How far you have read in each room.", numbered("k.room_id", `'room', o.name, 'n', k.n`,
		`read_markers k JOIN rooms o ON o.id = k.room_id WHERE k.person_id = ?0`)},
	{"watches", "Threads that you follow", "You are told of replies in these.", numbered("w.thread_id", thread+`, 'since', w.created_at`,
		`watches w JOIN threads t ON t.id = w.thread_id WHERE w.person_id = ?0`)},
	{"takes", "Questions that you are answering", "As a consultant.", numbered("k.thread_id", thread+`, 'until', k.until`,
		`takes k JOIN threads t ON t.id = k.thread_id WHERE k.person_id = ?0`)},
	{"notices", "Notices", "What you were told of: what kind of thing, and when you saw it.", keyed("n.id",
		`'kind', n.kind, 'thread', '/t/' || n.thread_id, 'at', n.at, 'read_at', n.read_at`, `notices n WHERE n.person_id = ?0`)},
	{"blocks", "Blocks", "Whom you do not want to meet: a person's handle, or an alias in one thread.", keyed("k.id",
		`'handle', CASE WHEN k.thread_id = 0 THEN o.handle END, 'alias', x.name, 'thread', '/t/' || nullif(k.thread_id, 0), 'created_at', k.created_at`,
		`blocks k JOIN people o ON o.id = k.blocked_id LEFT JOIN aliases x ON x.thread_id = k.thread_id AND x.person_id = k.blocked_id WHERE k.blocker_id = ?0`)},
	{"requests", "Requests to consultants", "What you wrote to consultants.", keyed("q.id",
		`'consultant', c.name, 'message', q.message, 'created_at', q.created_at, 'seen_at', q.seen_at, 'answered_at', q.answered_at, 'accepted', q.accepted`,
		`contact_requests q JOIN consultants c ON c.id = q.consultant_id WHERE q.person_id = ?0`)},
	{"answers", "Your answers to requests", "What you answered to those who wrote to you as a consultant.", keyed("q.id",
		`'request', '/contacts/' || q.id, 'accepted', q.accepted, 'reply', q.reply, 'answered_at', q.answered_at`,
		`contact_requests q JOIN consultants c ON c.id = q.consultant_id WHERE c.person_id = ?0 AND q.answered_at IS NOT NULL`)},
	{"listing", "Your listing", "How you describe yourself as a consultant, where you meet people, and the credential that was checked.", keyed("c.id",
		`'name', c.name, 'path', '/consultants/' || c.slug, 'text', c.text, 'fees', c.fees, 'telehealth', c.telehealth, 'home', c.home, 'clinic', c.clinic,
		'languages', c.languages, 'specialties', c.specialties, 'accepting', c.accepting, 'waiting', c.waiting, 'created_at', c.created_at, 'confirmed_at', c.confirmed_at,
		'places', (SELECT json_agg(json_build_object('city', p.city, 'country', p.country, 'accepting', p.accepting) ORDER BY p.position) FROM places p WHERE p.consultant_id = c.id),
		'credential', k.type, 'number', k.number, 'country', k.country, 'status', k.status, 'applied_at', k.applied_at, 'verified_at', k.verified_at,
		'expires_at', k.expires_at, 'refused_because', k.reason_code, 'note', k.note`,
		`consultants c JOIN credentials k ON k.consultant_id = c.id WHERE c.person_id = ?0`)},
	{"reports", "Reports that you made", "What you told moderators of: what kind of thing it was, and why.", keyed("r.id",
		`'kind', c.kind, 'reason', r.reason, 'note', r.note, 'at', r.at`, `reports r JOIN cases c ON c.id = r.case_id WHERE r.reporter_id = ?0`)},
	{"decisions", "Decisions about you", "What moderators decided about you or your words, and what you wrote against it.", keyed("d.id",
		`'kind', c.kind, 'action', d.action, 'reason', d.reason_code, 'note', d.note, 'until', d.until, 'at', d.at, 'undone_at', d.undone_at,
		'objection', d.objection, 'objected_at', d.objected_at`, `decisions d JOIN cases c ON c.id = d.case_id WHERE d.about_id = ?0 AND d.action <> 'none'`)},
}

// entry is a row of a section.
type entry struct {
	Key int64
	Row json.RawMessage `bun:"type:json"`
}

func entriesAfter(ctx context.Context, idb bun.IDB, s section, personID, after int64, limit int) ([]entry, error) {
	page := make([]entry, 0, limit)
	err := idb.NewRaw(s.query, personID, after, limit).Scan(ctx, &page)
	return page, err
}
