package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
	"firstdrops/web/static"
)

// stage is a house with somebody in every role, and things to act on in every state.
type stage struct {
	*house
	member, author, muted, suspended, consultant, ended *person
	moderator, about, administrator                     *person
	lee, dove, asker                                    *person // a moderator and members besides
	listed                                              directory.Consultant
	made                                                int               // how many things with names of their own
	nothing                                             map[string]string // what people get where nothing is, by who asked how
}

// newStage is in a house with one connection to its database: whatever asks for a second one inside a transaction waits for
// itself, and is refused.
func newStage(t *testing.T) *stage {
	t.Helper()
	h := newHouseBy(t, "http", 1)
	s := &stage{
		house: h, member: h.member("wren"), author: h.member("sol"), muted: h.member("kestrel"), suspended: h.member("heron"),
		consultant: h.member("june"), ended: h.member("imke"), moderator: h.somebody("maya", accounts.Moderator),
		about: h.somebody("kit", accounts.Moderator), administrator: h.somebody("ada", accounts.Administrator),
		lee: h.somebody("lee", accounts.Moderator), dove: h.member("dove"), asker: h.member("otter"), nothing: map[string]string{},
	}
	s.sentence()
	s.listed = h.listing(s.administrator, s.consultant, listed)
	over := h.listing(s.administrator, s.ended, "imke-ended")
	h.exec(`UPDATE credentials SET expires_at = ? WHERE consultant_id = ?`, opened.Add(-time.Hour), over.ID)
	h.exec(`UPDATE labels SET valid_from = '2025-05-01', valid_until = ? WHERE person_id = ?`, opened.Add(-time.Hour), s.ended.viewer.ID)
	return s
}

// cast are the roles in the order of the matrix: the author of what it is about, the consultant whose listing or contact
// request it is, the moderator whom the case is about.
func (s *stage) cast() []*person {
	return []*person{
		s.guest(), s.member, s.author, s.muted, s.suspended, s.consultant, s.ended, s.moderator, s.about, s.administrator,
	}
}

// makers make what the routes below a path are about, in a state.
var makers = []struct {
	prefix string
	make   func(*stage, string) place
}{
	{"/t/:id/block", (*stage).makeMasked}, {"/u/:handle/block", (*stage).makeMet}, {"/settings/blocks/:id", (*stage).makeBlock},
	{"/t/:id", (*stage).makeThread}, {"/drafts", (*stage).makeThread}, {"/p/:id", (*stage).makePost},
	{"/c/:category", makeSample(":category", map[string]string{"public": "relactation", "members": "feelings", missing: "no-such"})},
	{"/admin/categories/:category", makeSample(":category", map[string]string{"there": "house", missing: "no-such"})},
	{"/rooms/:slug/messages/:n", (*stage).makeMessage},
	{"/rooms/:slug", makeSample(":slug", map[string]string{"there": "lounge", missing: "no-such"})},
	{"/admin/rooms/:slug", makeSample(":slug", map[string]string{"there": "lounge", missing: "no-such"})},
	{"/groups/:group", (*stage).makeGroup}, {"/admin/groups/:group", (*stage).makeGroup},
	{"/u/:handle", makeSample(":handle", map[string]string{"there": "sol", missing: "no-such"})},
	{"/static/*", makeSample("/static/*", map[string]string{"there": static.Prefix() + "/site.css", missing: "/static/no-such"})},
	{"/consultants/apply", (*stage).makeApplication}, {"/consultants/:slug", (*stage).makeListing}, {"/mod/consultants/:id", (*stage).makeCredential},
	{"/contacts/:id", (*stage).makeRequest}, {"/mod/cases/:id", (*stage).makeCase}, {"/decisions/:id", (*stage).makeDecision},
	{"/settings/security/totp", (*stage).makeSecret},
	{"/settings/passkeys/:id", (*stage).makePasskey},
	{"/email/confirm/:token", (*stage).makeLetter}, {"/admin/approvals/:id", (*stage).makeWaiting}, {"/admin/invitations/:id", (*stage).makeInvitation},
	{"/password/reset/:token", (*stage).makeReset}, {"/settings/sessions/:id", (*stage).makeSession},
	{"/login/link/:token", (*stage).makeLink}, {"/admin/people/:id", (*stage).makePerson},
	{"/mod/words/:id", makeSample(":id", map[string]string{"there": "1", missing: "999999"})}, {"/search", (*stage).makeSearch},
}

// make makes what a cell is about.
func (s *stage) make(c cell) place {
	s.Helper()
	if c.state == "" { // an address that nothing has
		return place{}
	}
	for _, m := range makers {
		if strings.HasPrefix(c.pattern, m.prefix) {
			return m.make(s, c.state)
		}
	}
	if c.state != "-" {
		s.Fatalf("nothing makes %s %s", c.pattern, c.state)
	}
	return place{}
}

// makeSample leads to what every house has, or to nothing.
func makeSample(param string, samples map[string]string) func(*stage, string) place {
	return func(_ *stage, state string) place { return place{params: map[string]string{param: samples[state]}} }
}

// missing is the state of what is not there.
const missing = "missing"

func at(id int64) place {
	return place{params: map[string]string{":id": strconv.FormatInt(id, 10), ":slug": "x"}}
}

func (s *stage) makeThread(state string) place {
	s.Helper()
	if state == missing {
		in := at(999999)
		in.fields = url.Values{"target": {"t:999999"}}
		return in
	}
	thread := s.threadIn(state)
	in := at(thread.ID)
	in.params[":slug"] = thread.Slug
	in.fields = url.Values{"target": {thread.ReplyTarget()}}
	if state == "masked" || state == "about-masked" {
		s.mask(&in, thread)
	}
	if state == "answering-hidden" {
		post := s.dove.reply(thread, "Some rude words.")
		s.carry(forum.Order{Verb: audit.Hide, PostID: post.PostID})
		in.fields.Set("reply_to", strconv.FormatInt(post.PostID, 10))
	}
	return in
}

// mask has the author of a thread take a fresh alias there, which forms and addresses then name.
func (s *stage) mask(in *place, thread forum.Thread) {
	s.Helper()
	s.made++
	name := fmt.Sprintf("Moss-%d", s.made)
	author := s.author
	if thread.AuthorID == s.about.viewer.ID {
		author = s.about
	}
	_, err := s.forum.TakeAlias(s.Context(), author.viewer, thread.ID, name)
	s.must(err)
	in.query = "?alias=" + name
	in.fields.Set("alias", name)
}

// makeMasked is a thread, and a name to ask for in it: the author's there, or nobody's.
func (s *stage) makeMasked(state string) place {
	s.Helper()
	in := s.makeThread(state)
	name := in.fields.Get("alias")
	if name == "" {
		name = "Nobody Here"
	}
	in.query, in.fields = "?name="+url.QueryEscape(name), url.Values{"name": {name}}
	return in
}

// threadIn is a thread by the author, or by the moderator whom cases are about.
func (s *stage) threadIn(state string) forum.Thread {
	s.Helper()
	author, category := s.author, "relactation"
	switch state {
	case "members":
		category = "feelings"
	case "moderator's", "about-masked":
		author = s.about
	case "consultant's":
		author = s.consultant
	}
	thread := author.thread(category, "Is it too late?", "She is ten weeks old.")
	if verb, judged := judgements[state]; judged {
		s.carry(forum.Order{Verb: verb, ThreadID: thread.ID})
	}
	if state == "taken" {
		other := s.house.consultant("ida-" + uuid.NewString()[:8])
		other.viewer.Label = accounts.IBCLC
		_, err := s.forum.Take(s.Context(), other.viewer, thread.ID)
		s.must(err)
	}
	return thread
}

var judgements = map[string]audit.Verb{"locked": audit.Lock, "hidden": audit.Hide, "removed": audit.Remove, "pinned": audit.Pin}

// carry has lee carry an order out.
func (s *stage) carry(o forum.Order) {
	s.Helper()
	o.Reason = audit.Unkind
	s.must(s.db.InTx(s.Context(), func(ctx context.Context, tx *db.Tx) error { return s.forum.Carry(ctx, tx, s.lee.viewer, o) }))
}

// makePost is a reply of the author's in a thread of dove's; in-hidden and the like say how the thread is.
func (s *stage) makePost(state string) place {
	s.Helper()
	if state == missing {
		in := at(999999)
		in.version = 1
		return in
	}
	category := "relactation"
	if state == "members" {
		category = "feelings"
	}
	author := map[string]*person{"muted's": s.muted, "suspended's": s.suspended}[state]
	if author == nil {
		author = s.author
	}
	s.exec(`UPDATE people SET muted_until = NULL, suspended_until = NULL WHERE id = ?`, author.viewer.ID)
	post := author.reply(s.dove.thread(category, "Is it too late?", "She is ten weeks old."), "Some words.")
	s.sentence()
	switch verb, judged := judgements[strings.TrimPrefix(state, "in-")]; {
	case judged && strings.HasPrefix(state, "in-"):
		s.carry(forum.Order{Verb: verb, ThreadID: post.ThreadID})
	case judged:
		s.carry(forum.Order{Verb: verb, PostID: post.PostID})
	case state == "deleted":
		_, err := s.forum.Delete(s.Context(), s.author.viewer, post.PostID)
		s.must(err)
	}
	in := at(post.PostID)
	in.version = 1
	return in
}

// sentence mutes and suspends those who are.
func (s *stage) sentence() {
	s.Helper()
	s.exec(`UPDATE people SET muted_until = ? WHERE id = ?`, opened.Add(time.Hour), s.muted.viewer.ID)
	s.exec(`UPDATE people SET suspended_until = ? WHERE id = ?`, opened.Add(time.Hour), s.suspended.viewer.ID)
}

// makeMessage is the author's in the lounge.
func (s *stage) makeMessage(state string) place {
	s.Helper()
	n := int64(999999)
	if state != missing {
		s.author.say("lounge", "Some words.")
		s.must(s.db.NewRaw(`SELECT max(n) FROM messages WHERE room_id = (SELECT id FROM rooms WHERE slug = 'lounge')`).Scan(s.Context(), &n))
	}
	if verb, judged := judgements[state]; judged {
		s.carryMessage(chat.Order{Verb: verb, N: n})
	}
	return place{params: map[string]string{":slug": "lounge", ":n": strconv.FormatInt(n, 10)}}
}

// carryMessage has lee carry an order about a message of the lounge out.
func (s *stage) carryMessage(o chat.Order) {
	s.Helper()
	o.Reason = audit.Unkind
	s.must(s.db.NewRaw(`SELECT id FROM rooms WHERE slug = 'lounge'`).Scan(s.Context(), &o.RoomID))
	s.must(s.db.InTx(s.Context(), func(ctx context.Context, tx *db.Tx) error { return s.chat.Carry(ctx, tx, s.lee.viewer, o) }))
}

// makeListing puts the consultant's own listing into a state.
func (s *stage) makeListing(state string) place {
	s.Helper()
	in := place{params: map[string]string{":slug": s.listed.Slug}, fields: application("JUNE OUDEVELD")}
	if state == missing {
		in.params[":slug"] = "no-such"
		return in
	}
	s.exec(`UPDATE consultants SET hidden_at = NULL, confirmed_at = ?, accepting = true WHERE id = ?`, opened, s.listed.ID)
	s.exec(`UPDATE credentials SET status = 'verified', verified_at = ?0, expires_at = ?0::timestamptz + interval '1 year' WHERE consultant_id = ?1`, opened, s.listed.ID)
	change := map[string]string{
		"hidden":  `UPDATE consultants SET hidden_at = now() WHERE id = ?`,
		"stale":   `UPDATE consultants SET confirmed_at = '2025-01-01' WHERE id = ?`,
		"full":    `UPDATE consultants SET accepting = false, waiting = '' WHERE id = ?`,
		"ended":   `UPDATE credentials SET expires_at = '2026-04-01' WHERE consultant_id = ?`,
		"pending": `UPDATE credentials SET status = 'pending', verified_at = NULL, expires_at = NULL WHERE consultant_id = ?`,
		"refused": `UPDATE credentials SET status = 'refused', verified_at = NULL, expires_at = NULL WHERE consultant_id = ?`,
	}[state]
	if change != "" {
		s.exec(change, s.listed.ID)
	}
	return in
}

// makeApplication lets all be without a listing but the consultants.
func (s *stage) makeApplication(string) place {
	s.Helper()
	s.exec(`DELETE FROM consultants WHERE person_id NOT IN (?, ?)`, s.consultant.viewer.ID, s.ended.viewer.ID)
	s.made++
	return place{fields: application("Applicant " + strings.Repeat("x", s.made))}
}

// makeCredential is that of somebody who applied, or of the administrator.
func (s *stage) makeCredential(state string) place {
	s.Helper()
	if state == missing {
		return at(999999)
	}
	who := s.administrator
	if state != "administrator's" {
		s.made++
		who = s.house.member(fmt.Sprintf("applicant-%d", s.made))
	} else {
		s.exec(`DELETE FROM consultants WHERE person_id = ?`, who.viewer.ID)
	}
	form := application("APPLICANT " + strings.ToUpper(who.viewer.Handle))
	form.Set("number", "L-"+uuid.NewString()[:8])
	who.post("/consultants/apply", form).want(http.StatusSeeOther)
	c, err := s.directory.ConsultantOf(s.Context(), who.viewer, who.viewer.ID)
	s.must(err)
	if state == "refused" {
		s.must(s.directory.Refuse(s.Context(), s.administrator.viewer, directory.Refusal{ConsultantID: c.ID, Reason: audit.Other}))
	}
	return at(c.ID)
}

// makeRequest is one of the author's to the consultant.
func (s *stage) makeRequest(state string) place {
	s.Helper()
	if state == missing {
		return at(999999)
	}
	s.makeListing("verified")
	id, err := s.directory.Contact(s.Context(), s.author.viewer, directory.Contact{Slug: s.listed.Slug, Message: "Some words.", Consent: true, Key: uuid.New()})
	s.must(err)
	if state != "sent" {
		s.must(s.directory.Answer(s.Context(), s.consultant.viewer, id, state == "accepted", "Some words."))
	}
	return at(id)
}

// makeCase is one about words of the moderator whom cases are about: open, taken by the moderator, by lee or by lee a while
// ago, or decided by either.
func (s *stage) makeCase(state string) place {
	s.Helper()
	if state == missing {
		in := at(999999)
		in.version = 1
		return in
	}
	id := s.reported(s.dove, s.firstPost(s.about.thread("relactation", "Is it too late?", "Some words.")))
	in := at(id)
	in.version = 1
	holder := s.moderator
	if strings.HasPrefix(state, "others-") {
		holder = s.lee
	}
	ctx := s.Context()
	if state != "open" {
		s.must(s.moderation.Claim(ctx, holder.viewer, id, 1))
		in.version = 2
	}
	if strings.HasSuffix(state, "decided") {
		s.must(s.moderation.Decide(ctx, holder.viewer, id, 2, moderation.Decision{Action: audit.Hide, Reason: audit.Unkind}))
		in.version = 3
	}
	switch state {
	case "stale":
		in.version = 1
	case "idle":
		s.exec(`UPDATE cases SET claimed_until = ? WHERE id = ?`, opened.Add(-time.Minute), id)
	case "late-decided":
		s.exec(`UPDATE decisions SET at = ? WHERE case_id = ?`, opened.Add(-time.Minute), id)
	}
	return in
}

// makeDecision is lee's, about a post of the author's.
func (s *stage) makeDecision(state string) place {
	s.Helper()
	if state == missing {
		return at(999999)
	}
	id := s.reported(s.dove, s.firstPost(s.author.thread("relactation", "Is it too late?", "Some words.")))
	ctx := s.Context()
	s.must(s.moderation.Claim(ctx, s.lee.viewer, id, 1))
	d := moderation.Decision{Action: audit.Hide, Reason: audit.Unkind}
	if state == "nothing-done" {
		d.Action = moderation.None
	}
	s.must(s.moderation.Decide(ctx, s.lee.viewer, id, 2, d))
	s.must(s.db.NewRaw(`SELECT id FROM decisions WHERE case_id = ?`, id).Scan(ctx, &d.ID))
	switch state {
	case "objected":
		s.must(s.moderation.Object(ctx, s.author.viewer, d.ID, "I see it differently."))
	case "undone":
		s.must(s.moderation.Undo(ctx, s.lee.viewer, id, 3))
	}
	return at(d.ID)
}

// makeSearch looks into a category.
func (s *stage) makeSearch(state string) place {
	return place{query: map[string]string{"members": "?q=late&category=feelings", "public": "?q=late&category=relactation", missing: "?q=late&category=no-such"}[state]}
}
