package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/groups"
)

// patience is how long one answer to bad input may take on a busy machine; on a calm one it is far less.
const patience = 5 * time.Second

// entry is a form that is taken as it is.
type entry struct {
	pattern string
	at      string
	guests  bool // for those who are not signed in
	fields  func() url.Values
	kept    []string // the fields that come back with a refused form
	staff   *person  // who sends it where members may not
}

// sender is who sends the form: a member, or somebody who is not signed in, or staff.
func (e entry) sender(member *person) *person {
	if e.staff != nil {
		return e.staff
	}
	if e.guests {
		return member.guest()
	}
	return member
}

// entries are the good forms of every route that takes one. river's are the posts that they refer to.
func (h *house) entries(river *person, thread forum.Thread) []entry {
	h.Helper()
	post, masked := h.firstPost(thread), river.thread("house", "Under another name", "Some words.")
	_, err := h.forum.TakeAlias(h.Context(), river.viewer, masked.ID, "Moss")
	h.must(err)
	link, err := h.accounts.CreateAdministrator(h.Context(), "ada", "ada@mail.example")
	h.must(err)
	fields := func(pairs ...string) func() url.Values {
		return func() url.Values {
			form := url.Values{}
			for i := 0; i < len(pairs); i += 2 {
				form.Set(pairs[i], strings.NewReplacer("UUID", uuid.NewString(), "NAME", uuid.NewString()[:20]).Replace(pairs[i+1]))
			}
			return form
		}
	}
	edit := func() url.Values {
		own, err := h.forum.OwnPost(h.Context(), river.viewer, post)
		h.must(err)
		return fields("body", "Changed words.", "version", fmt.Sprint(own.Version), "key", "UUID")()
	}
	at := func(shape string, id int64) string { return fmt.Sprintf(shape, id) }
	return append(slices.Concat(h.deskEntries(river), h.joiningEntries(), h.caseEntries(), h.consultantEntries(river), h.groupEntries(), h.passkeyEntries(river)), []entry{
		{"/signup", "/signup", true, fields("handle", "NAME", "email", "a@mail.example", "password", password, "rules", "1", "next", "/rules"), []string{"handle", "email", "next"}, nil},
		{"/login", "/login", true, fields("login", "nobody-here", "password", password, "next", "/rules"), []string{"login", "next"}, nil},
		{"/login/2fa", "/login/2fa", true, fields("code", "000000", "next", "/rules"), nil, nil},
		{"/login/again", "/login/again", false, fields("password", password, "code", "", "next", "/rules"), []string{"next"}, nil},
		{"/settings/security/totp", "/settings/security/totp", false, fields(), nil, nil},
		{"/settings/security/totp/confirm", "/settings/security/totp/confirm", false, fields("code", "000000"), []string{"code"}, nil},
		{"/settings/security/totp/remove", "/settings/security/totp/remove", false, fields(), nil, nil},
		{"/settings/security/recovery", "/settings/security/recovery", false, fields(), nil, nil},
		{"/login/link/:token", "/login/link/" + link, true, fields("password", "short"), nil, nil},
		{"/password/forgot", "/password/forgot", true, fields("email", "a@mail.example"), []string{"email"}, nil},
		{"/password/reset/:token", "/password/reset/" + h.reset(river, opened.Add(time.Minute)), true, fields("password", "short"), nil, nil},
		{"/settings/email", "/settings/email", false, fields("email", "b@mail.example"), []string{"email"}, nil},
		{"/settings/export", "/settings/export", false, fields(), nil, nil},
		{"/settings/leave", "/settings/leave", false, fields("parting", "none of the three"), nil, nil},
		{"/settings/leave/stay", "/settings/leave/stay", false, fields(), nil, nil},
		{"/settings/password", "/settings/password", false, fields("password", "short"), nil, nil},
		{"/settings/sessions/:id/end", "/settings/sessions/999999/end", false, fields(), nil, nil},
		{"/settings/sessions/end", "/settings/sessions/end", false, fields(), nil, nil},
		{"/theme", "/theme", true, fields("theme", "dim"), nil, nil},
		{"/settings", "/settings", false, fields("name", "NAME", "pronouns", "they/them", "feeding", "nursing", "way", "pumping", "way_line", "Some words.", "visibility", "public", "language", "es", "zone", "UTC", "theme", "dim", "reduced_data", "1"), []string{"name", "pronouns", "way_line", "zone"}, nil},
		{"/c/:category/threads", "/c/house/threads", false, fields("title", "A title.", "body", "Some words.", "key", "UUID", "language", "es", "specialty", "latch", "as", "", "alias", ""), []string{"title", "body", "key"}, nil},
		{"/t/:id/posts", at("/t/%d/posts", thread.ID), false, fields("body", "Some words.", "key", "UUID", "reply_to", "", "quote_post", at("%d", post), "quote_start", "0", "quote_end", "3", "as", "", "alias", ""), []string{"body", "key"}, nil},
		{"/t/:id/alias", at("/t/%d/alias", thread.ID), false, fields("alias", "Heath"), []string{"alias"}, h.member("lark")},
		{"/t/:id/unmask", at("/t/%d/unmask", masked.ID), false, fields("alias", "Moss", "reason_code", "privacy", "note", "Some words."), []string{"note"}, h.somebody("robin", accounts.Moderator)},
		{"/t/:id/watch", at("/t/%d/watch", thread.ID), false, fields("on", "0", "after", "0"), nil, nil},
		{"/p/:id/edit", at("/p/%d/edit", post), false, edit, []string{"body"}, nil},
		{"/p/:id/delete", at("/p/%d/delete", 999999), false, fields(), nil, nil},
		{"/p/:id/react", at("/p/%d/react", post), false, fields("kind", "hug", "on", "1"), nil, h.consultant("imke")},
		{"/t/:id/take", at("/t/%d/take", thread.ID), false, fields(), nil, h.consultant("ida")},
		{"/t/:id/untake", at("/t/%d/untake", thread.ID), false, fields(), nil, h.consultant("noor")},
		{"/drafts", "/drafts", false, fields("target", thread.ReplyTarget(), "title", "A title.", "body", "Some words."), nil, nil},
		{"/words", "/words", false, fields("title", "A title.", "body", "Some words."), nil, nil},
		{"/u/:handle/block", "/u/imke/block", false, fields(), nil, h.member("ilse")},
		{"/t/:id/block", at("/t/%d/block", thread.ID), false, fields("name", "Nobody Here"), nil, nil},
		{"/settings/blocks/:id/end", "/settings/blocks/999999/end", false, fields(), nil, nil},
		{"/rooms/:slug/messages", "/rooms/lounge/messages", false, fields("cmid", "UUID", "body", "Some words.", "re", ""), []string{"body"}, nil},
		{"/notifications/seen", "/notifications/seen", false, fields("upto", "1", "from", "1"), nil, nil},
		{"/logout", "/logout", true, fields(), nil, nil},
	}...)
}

// consultant is a member whose credential was checked.
func (h *house) consultant(handle string) *person {
	h.Helper()
	p := h.member(handle)
	h.exec(`INSERT INTO labels (person_id, label, valid_from) VALUES (?, 'ibclc', '2026-01-01')`, p.viewer.ID)
	return p
}

// deskEntries are the good forms of staff, about a thread and a person of their own.
func (h *house) deskEntries(river *person) []entry {
	h.Helper()
	ada, wren := h.somebody("ada-too", accounts.Administrator), h.member("wren")
	thread := river.thread("house", "For the desk", "Some words.")
	entries := []entry{{
		pattern: "/admin/people/:id/role", at: fmt.Sprintf("/admin/people/%d/role", wren.viewer.ID), staff: ada,
		fields: func() url.Values { return url.Values{"role": {"consultant"}, "q": {"wr"}, "after": {""}} },
	}}
	entries = append(entries, entry{
		pattern: "/mod/words/:id/approve", at: "/mod/words/1/approve", staff: ada,
		fields: func() url.Values { return url.Values{"version": {"2026-11-21"}} },
	})
	for at, fields := range map[string]url.Values{
		"/admin/rooms": {"slug": {""}, "topic": {"Softly."}}, "/admin/rooms/lounge": {"topic": {"Softly."}},
		"/admin/categories": {"slug": {""}, "audience": {"members"}}, "/admin/categories/house": {"audience": {"public"}},
	} {
		entries = append(entries, entry{
			pattern: strings.NewReplacer("/lounge", "/:slug", "/house", "/:category").Replace(at), at: at, staff: ada,
			kept: []string{"name", "about", "position"},
			fields: func() url.Values {
				form := url.Values{"name": {"A name"}, "about": {"A line."}, "position": {"7"}}
				maps.Copy(form, fields)
				if form.Has("slug") {
					form.Set("slug", uuid.NewString())
				}
				return form
			},
		})
	}
	for _, act := range []string{"pin", "unpin", "lock", "unlock", "hide", "restore", "move"} {
		entries = append(entries, entry{
			pattern: "/t/:id/" + act, at: fmt.Sprintf("/t/%d/%s", thread.ID, act), staff: ada,
			fields: func() url.Values {
				form := url.Values{"reason_code": {"care"}}
				if act == "move" {
					form.Set("category", "relactation")
				}
				return form
			},
		})
	}
	return entries
}

// groupEntries are the good forms of groups, of those who look after one and those who join it.
func (h *house) groupEntries() []entry {
	h.Helper()
	ada, maya, wren := h.somebody("ada-of-groups", accounts.Administrator), h.member("maya-of-groups"), h.member("wren-of-groups")
	h.group(ada.viewer, maya.viewer, groups.Group{Slug: circle, Open: true}, wren.viewer)
	h.group(ada.viewer, maya.viewer, groups.Group{Slug: "changed-circle"})
	said := func(slug bool) func() url.Values {
		return func() url.Values {
			form := url.Values{"name": {"A name"}, "about": {"A line."}, "open": {"1"}, "grants": {"1"}}
			if slug {
				form.Set("slug", uuid.NewString())
			}
			return form
		}
	}
	fields := func(pairs ...string) func() url.Values {
		return func() url.Values {
			form := url.Values{}
			for i := 0; i < len(pairs); i += 2 {
				form.Set(pairs[i], pairs[i+1])
			}
			return form
		}
	}
	entries := []entry{
		{"/admin/groups", "/admin/groups", false, said(true), []string{"slug", "name", "about"}, ada},
		{"/admin/groups/:group", "/admin/groups/changed-circle", false, said(false), []string{"name", "about"}, ada},
		{"/groups/:group/people", "/groups/" + circle + "/people", false, fields("handle", "dove-of-groups"), []string{"handle"}, maya},
		{"/groups/:group/join", "/groups/" + circle + "/join", false, fields(), nil, nil},
		{"/groups/:group/leave", "/groups/" + circle + "/leave", false, fields(), nil, nil},
	}
	h.member("dove-of-groups")
	for act, who := range map[string]*person{"remove": maya, "supporter": maya, "moderator": ada} {
		entries = append(entries, entry{
			pattern: "/groups/:group/people/:id/" + act, at: fmt.Sprintf("/groups/%s/people/%d/%s", circle, wren.viewer.ID, act),
			fields: fields("on", "1"), staff: who,
		})
	}
	return entries
}

// furnished is a house with a member, and their thread.
func furnished(t *testing.T) (*house, *person, forum.Thread) {
	t.Helper()
	h := newHouse(t)
	river := h.member("river")
	return h, river, river.thread("relactation", "Is it too late?", "She is ten weeks old.")
}

func TestEveryFormHasAnEntryHere(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	var posts, entered []string
	for _, r := range h.routes() {
		if r.method == http.MethodPost {
			posts = append(posts, r.pattern)
		}
	}
	for _, e := range h.entries(river, thread) {
		entered = append(entered, e.pattern)
	}
	slices.Sort(entered)
	if !slices.Equal(posts, entered) {
		t.Errorf("forms are taken at %v, tried are %v", posts, entered)
	}
}

// bad are words that no field is made for.
var bad = map[string]string{
	"empty": "", "blank": " \t ", "over-long": strings.Repeat("long ", 6000), "a million": strings.Repeat("a", 1e6),
	"NUL": "with\x00in", "not UTF-8": "with\xff\xfein", "a surrogate": "with\xed\xa0\x80in", "control": "with\x07\x1bin",
	"bidi override": "with\u202ein", "bidi isolate": "with\u2067in", "only joiners": "\u200d\u200b\ufeff", "line breaks": "one\r\ntwo\rthree\u2028four",
	"script": `<script>alert(1)</script><img src=x onerror=alert(1)>`, "javascript link": `[here](javascript:alert(1)) <javascript:alert(1)>`,
	"remote image":    `![here](https://elsewhere.example/x.png) and ![there][1]` + "\n\n[1]: //elsewhere.example/y.png",
	"quotes too deep": strings.Repeat("> ", 20_000) + "x", "quotes deep": strings.Repeat(">", 19_990) + "x", "brackets deep": strings.Repeat("[", 20_000),
	"lists deep": strings.Repeat("- ", 9_990) + "x", "stars deep": strings.Repeat("*_", 10_000), "links deep": strings.Repeat("[](", 6_600), "backticks": strings.Repeat("`a``", 5_000),
	"SQL": `' % \ ? $1 ?0 -- /* ; DROP TABLE people; */ "`, "template": "{{.}} ${7*7} %s%n", "path": "../../../etc/passwd",
	"elsewhere": "https://elsewhere.example/", "without scheme": "//elsewhere.example", "backslash": `/\elsewhere.example`, "tab": "/\t/elsewhere.example",
}

// badReferences are values for the fields that people do not see: ids, numbers and keys.
var badReferences = map[string]string{
	"empty": "", "a million": strings.Repeat("1", 1e6), "NUL": "1\x00", "not UTF-8": "1\xff", "SQL": "1 OR 1=1 --", "negative": "-1", "plus": "+1", "zero": "0",
	"leading zero": "01", "fraction": "1.0", "too large": "9223372036854775808", "large": "9223372036854775807", "hexadecimal": "0x1", "null": "null",
	"uuid of nothing": uuid.Nil.String(), "braced uuid": "{" + uuid.NewString() + "}",
}

// badFor are the values for a field.
func badFor(field string) map[string]string {
	switch field {
	case "key", "cmid", "re", "reply_to", "version", "rules", "quote_post", "quote_start", "quote_end", "upto", "from":
		return badReferences
	}
	return bad
}

func TestBadFieldsAreRefusedWholeOrTakenWhole(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	entries := h.entries(river, thread)
	stored := h.counts()
	for _, e := range entries {
		for _, field := range slices.Sorted(maps.Keys(e.fields())) {
			for name, value := range badFor(field) {
				if field == "next" && len(value) > 0 && value[0] != '/' && name != "elsewhere" {
					continue // each of these would be a sign-up for nothing
				}
				form := e.fields()
				form.Set(field, value)
				stored = h.checkRefusal(e.sender(river), stored, e, form, field, name)
			}
			form := e.fields()
			form.Del(field)
			stored = h.checkRefusal(e.sender(river), stored, e, form, field, "missing")
		}
	}
	h.checkStored()
}

// checkRefusal sends a form with one bad field and wants a clear answer, and nothing stored where that is a no. It gives
// what is stored afterwards.
func (h *house) checkRefusal(who *person, before string, e entry, form url.Values, field, name string) string {
	h.Helper()
	begun := time.Now()
	a := who.post(e.at, form)
	after := h.counts()
	complain := func(format string, args ...any) {
		h.Helper()
		h.Errorf("%s, %s %s: %d: "+format, append([]any{e.pattern, name, field, a.status}, args...)...)
	}
	if took := time.Since(begun); took > patience {
		complain("after %v", took)
	}
	switch a.status {
	case http.StatusSeeOther:
		if to, err := url.Parse(a.header.Get("Location")); err != nil || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(to.Path, "/") {
			complain("leads to %q", a.header.Get("Location"))
		}
		return after
	case http.StatusNoContent:
		return after
	case http.StatusOK:
		if a.isChallenge() {
			break
		}
		if e.pattern != "/t/:id/unmask" { // which says who it is on no page that could be opened again
			complain("a page instead of the way to one")
		}
		return after
	case http.StatusUnprocessableEntity:
		h.checkKept(a, e, form, field, complain)
	case http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusGone:
	default:
		complain("no clear answer: %.500s", a.body)
	}
	if after != before {
		complain("stored %s, before %s", after, before)
	}
	return after
}

// checkKept wants each typed word back in the refused form.
func (h *house) checkKept(a answer, e entry, form url.Values, field string, complain func(string, ...any)) {
	h.Helper()
	if len(e.kept) == 0 {
		return
	}
	back := a.fields()
	for _, kept := range e.kept {
		typed := form.Get(kept)
		if kept == field && (!utf8.ValidString(typed) || strings.ContainsAny(typed, "\x00\r") || kept == "key" || kept == "next") {
			continue // no page can hold it, or it was the damage itself
		}
		if back[kept] != typed {
			complain("%s came back as %.80q instead of %.80q", kept, back[kept], typed)
		}
	}
}

// fields are what stands in the fields of the page, whichever form they are in.
func (a answer) fields() map[string]string {
	a.Helper()
	filled := map[string]string{}
	for _, node := range a.elements("input", "textarea") {
		switch name := attribute(node, "name"); {
		case name == "": // the words that stand beside a stale edit
		case node.Data == "textarea":
			filled[name] = words(node)
		default:
			filled[name] = attribute(node, "value")
		}
	}
	return filled
}

// counts says how many rows each table has.
func (h *house) counts() string {
	h.Helper()
	var counts string
	h.must(h.db.NewRaw(`SELECT concat_ws(' ',
		(SELECT count(*) FROM people), (SELECT count(*) FROM sessions), (SELECT count(*) FROM threads),
		(SELECT concat(count(*), '/', sum(version), '/', count(deleted_at)) FROM posts), (SELECT count(*) FROM quotes),
		(SELECT count(*) FROM drafts), (SELECT count(*) FROM reactions), (SELECT count(*) FROM takes), (SELECT count(*) FROM messages), (SELECT sum(seq) FROM room_counters), (SELECT count(*) FROM river_job),
		(SELECT count(*) FROM audit_entries WHERE verb <> 'open'), (SELECT concat(count(*), '/', sum(version)) FROM cases),
		(SELECT count(*) FROM reports), (SELECT count(*) FROM decisions), (SELECT count(*) FROM aliases), (SELECT count(*) FROM unmaskings), (SELECT count(*) FROM invitations), (SELECT count(*) FROM banned_emails), (SELECT string_agg(value, ',') FROM settings), (SELECT count(*) FROM rooms), (SELECT count(*) FROM categories),
		(SELECT concat(count(*), '/', sum(length(name || text || waiting))) FROM consultants), (SELECT count(*) FROM places),
		(SELECT string_agg(status || number, ',' ORDER BY consultant_id) FROM credentials),
		(SELECT concat(count(*), '/', count(answered_at)) FROM contact_requests),
		(SELECT count(*) FROM password_resets), (SELECT count(*) FROM email_confirmations), (SELECT count(*) FROM sign_in_links WHERE used_at IS NULL), (SELECT count(*) FROM people WHERE password_hash IS NULL))`).Scan(h.Context(), &counts))
	return counts
}

// checkStored looks at all that was taken in.
func (h *house) checkStored() {
	h.Helper()
	var typed, rendered []string
	h.must(h.db.NewRaw(`SELECT handle FROM people UNION SELECT display_name FROM people UNION SELECT email FROM people
		UNION SELECT name FROM aliases UNION SELECT note FROM unmaskings UNION SELECT note FROM reports WHERE note <> '' UNION SELECT note FROM decisions WHERE note <> '' UNION SELECT objection FROM decisions WHERE objection <> ''
		UNION SELECT title FROM threads UNION SELECT slug FROM threads UNION SELECT body FROM posts UNION SELECT body FROM messages
		UNION SELECT name FROM rooms UNION SELECT about FROM categories UNION SELECT name FROM consultants UNION SELECT text FROM consultants UNION SELECT message FROM contact_requests`).Scan(h.Context(), &typed))
	h.must(h.db.NewRaw(`SELECT html FROM posts UNION SELECT html FROM messages`).Scan(h.Context(), &rendered))
	for _, text := range typed {
		if strings.ContainsAny(text, "\x00\x07\x1b\u202e\u2067") || strings.TrimSpace(text) == "" {
			h.Errorf("stored %.80q", text)
		}
	}
	for _, html := range rendered {
		for _, evil := range []string{"<script", "<img", `="javascript:`, "onerror=\"", `src="`} {
			if strings.Contains(html, evil) {
				h.Errorf("stored %s in %.300s", evil, html)
			}
		}
	}
	if sql := bad["SQL"]; !slices.Contains(typed, sql) || len(typed) < 20 {
		h.Errorf("%q is not among the %d that were taken", sql, len(typed))
	}
}
