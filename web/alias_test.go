package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
)

// TestNothingLeadsFromAnAliasToThePerson crawls the house for all that they are known by, after they took aliases wherever
// they had written, one for what they had said before, one with a thread and one with a reply. Words of theirs were reported,
// judged and quoted, they reported others, and one moderator has looked who it is.
func TestNothingLeadsFromAnAliasToThePerson(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.employ()
	s.exec(`SET LOCAL ROLE NONE; SELECT setval(pg_get_serial_sequence('people', 'id'), 73401217)`)
	sol := s.house.consultant("quillfeather")
	s.exec(`UPDATE people SET display_name = 'Damson Quillfeather' WHERE id = ?`, sol.viewer.ID)
	sol.viewer.Label = accounts.IBCLC
	open := s.dove.thread("relactation", "Is it too late?", "She is ten weeks old.")
	asked := sol.thread("relactation", "How long did it take?", "She is ten weeks old.")
	said := sol.reply(open, "It was not for us.")
	_, err := s.forum.Reply(s.Context(), s.dove.viewer, forum.Answer{ThreadID: open.ID, Body: "> It was not for us.\n\nNo?", Key: uuid.New(), ReplyTo: said.PostID, Quote: forum.Quote{PostID: said.PostID}})
	s.must(err)
	reported := s.reported(s.dove, said.PostID)
	s.reported(sol, s.firstPost(open))
	s.settle()

	to := fmt.Sprintf("/t/%d/alias", open.ID)
	sol.get(to).want(http.StatusOK)
	sol.post(to, url.Values{"alias": {"Moss"}}).want(http.StatusSeeOther)
	sol.post(fmt.Sprintf("/t/%d/posts", asked.ID), url.Values{"alias": {"Fern"}, "body": {"Weeks, @dove."}, "key": {uuid.NewString()}}).want(http.StatusSeeOther)
	begun := sol.post("/c/relactation/threads", url.Values{"alias": {"Heath"}, "title": {"From the start"}, "body": {"Words."}, "key": {uuid.NewString()}}).to()
	s.dove.reply(asked, "@fern, thank you.")
	_, err = s.moderation.Report(s.Context(), s.dove.viewer, moderation.Target{Kind: audit.Thread, ID: asked.ID}, audit.Other, "")
	s.must(err)
	s.must(s.moderation.Claim(s.Context(), s.lee.viewer, reported, 1))
	s.must(s.moderation.Decide(s.Context(), s.lee.viewer, reported, 2, moderation.Decision{Action: audit.Warn, Reason: audit.Unkind}))
	_, err = s.moderation.Unmask(s.Context(), s.lee.viewer, open.ID, "Moss", audit.Privacy, "They tell where somebody lives.")
	s.must(err)
	s.settle()

	var uid string
	s.must(s.db.NewRaw(`SELECT uid FROM people WHERE id = ?`, sol.viewer.ID).Scan(s.Context(), &uid))
	marks := []string{"quillfeather", "damson", uid, strconv.FormatInt(sol.viewer.ID, 10)}
	for role, who := range map[string]*person{"guest": s.guest(), "member": s.member, "dove": s.dove, "moderator": s.moderator} {
		all := ""
		for address, bytes := range who.receives() {
			all += bytes
			for _, mark := range marks {
				if strings.Contains(strings.ToLower(bytes), mark) {
					t.Errorf("%s gets %q from %s", role, mark, address)
				}
			}
		}
		for _, alias := range []string{"Moss", "Fern", "Heath"} {
			if !strings.Contains(all, alias) {
				t.Errorf("%s does not meet %s", role, alias)
			}
		}
		if !strings.Contains(all, "dove") {
			t.Errorf("%s meets nobody by name: the crawl sees too little", role)
		}
	}
	if page := sol.get(begun).want(http.StatusOK).body; !strings.Contains(page, "You write here as <strong>Heath</strong>") {
		t.Error("they are not told as whom they write")
	}
}

// TestAnAliasIsOfferedWhereverOneWrites, and what was typed of it comes back.
func TestAnAliasIsOfferedWhereverOneWrites(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	thread := wren.thread("house", "A thread", "Some words.")
	at := thread.Path()
	const promise = "moderators can, if they give a reason, and it is written down."
	for _, form := range []string{at, "/c/house/new", fmt.Sprintf("/t/%d/alias", thread.ID)} {
		if page := sol.get(form).want(http.StatusOK).body; !strings.Contains(page, `name="alias"`) || !strings.Contains(page, promise) {
			t.Errorf("%s does not offer it", form)
		}
	}
	for to, fields := range map[string]url.Values{
		fmt.Sprintf("/t/%d/posts", thread.ID): {"body": {"Some words."}}, fmt.Sprintf("/t/%d/alias", thread.ID): {},
		"/c/house/threads": {"title": {"A title"}, "body": {"Some words."}},
	} {
		fields.Set("alias", "wren")
		page := sol.post(to, fields).want(http.StatusUnprocessableEntity)
		if page.fields()["alias"] != "wren" || !strings.Contains(page.body, "Somebody has this name already.") || !strings.Contains(page.body, `aria-invalid="true"`) {
			t.Errorf("%s: the refused form is\n%s", to, page.body)
		}
	}
	sol.post(fmt.Sprintf("/t/%d/alias", thread.ID), url.Values{"alias": {"Moss"}}).want(http.StatusSeeOther)
	if page := sol.get(at).body; strings.Contains(page, `name="alias"`) || !strings.Contains(page, "You write here as <strong>Moss</strong>") {
		t.Error("it is offered again")
	}
	sol.get(fmt.Sprintf("/t/%d/alias", thread.ID)).want(http.StatusSeeOther)
	late := sol.post(fmt.Sprintf("/t/%d/posts", thread.ID), url.Values{"alias": {"Fern"}, "body": {"Some words."}}).want(http.StatusUnprocessableEntity)
	if !strings.Contains(late.body, `href="#body">You write here as Moss already`) || late.fields()["body"] != "Some words." {
		t.Error("who has a name already is not told at the words")
	}
	if page := sol.get("/u/Moss"); page.status != http.StatusNotFound {
		t.Errorf("an alias has a page: %d", page.status)
	}
}

// TestStaffLookBehindAnAlias who proved that it is they, for a reason, once, and it is written down.
func TestStaffLookBehindAnAlias(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, maya := h.member("wren"), h.somebody("maya", accounts.Moderator)
	thread := wren.thread("house", "A thread", "Some words.")
	_, err := h.forum.TakeAlias(t.Context(), wren.viewer, thread.ID, "Moss")
	h.must(err)
	act := fmt.Sprintf("/t/%d/unmask", thread.ID)
	at := act + "?alias=Moss"
	if page := maya.get(thread.Path()).body; !strings.Contains(page, strings.ReplaceAll(at, "&", "&amp;")) || strings.Contains(page, "/u/\"") {
		t.Error("the post does not lead there, or leads to nobody's page")
	}
	if page := h.member("sol").get(thread.Path()).body; strings.Contains(page, "unmask") {
		t.Error("members are led there")
	}
	if page := maya.get(at).want(http.StatusOK).body; strings.Contains(page, "wren") {
		t.Error("it is told before there is a reason")
	}
	fields := url.Values{"alias": {"Moss"}, "note": {"Some <words>."}}
	page := maya.post(act, fields).want(http.StatusUnprocessableEntity)
	if page.fields()["note"] != "Some <words>." || strings.Contains(page.body, "wren") {
		t.Error("without a reason it is told, or the note is lost")
	}
	fields.Set("reason_code", "privacy")
	h.exec(`UPDATE sessions SET proved_at = ? WHERE person_id = ?`, opened.AddDate(0, 0, -1), maya.viewer.ID)
	maya.post(act, fields).want(http.StatusForbidden)
	if to := maya.get(at).to(); !strings.HasPrefix(to, "/login/again?next=") {
		t.Errorf("who has not proved who they are is sent to %s", to)
	}
	h.exec(`UPDATE sessions SET proved_at = ? WHERE person_id = ?`, opened, maya.viewer.ID)
	if page := maya.post(act, fields).want(http.StatusOK); !strings.Contains(page.body, "Moss is wren") || page.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("it is not told:\n%s", page.body)
	}
	if record := maya.get("/mod/audit").want(http.StatusOK).body; strings.Contains(record, "wren") || !strings.Contains(record, "looked who writes under an alias in") {
		t.Errorf("the record says\n%s", record)
	}
}

// TestWhoHasLeftHasNoPage: what they wrote leads nowhere. A case keeps its snapshot as long as it is needed.
func TestWhoHasLeftHasNoPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, dove, maya := h.member("wren"), h.member("dove"), h.somebody("maya", accounts.Moderator)
	thread := wren.thread("house", "A thread", "Marmalade.")
	id := h.reported(dove, h.firstPost(thread))
	h.must(h.moderation.Claim(t.Context(), maya.viewer, id, 1))
	h.must(h.moderation.Decide(t.Context(), maya.viewer, id, 2, moderation.Decision{Action: audit.Warn, Reason: audit.Unkind}))
	h.exec(`UPDATE people SET handle = '', handle_fold = NULL, display_name = 'a former member', left_at = now() WHERE id = ?`, wren.viewer.ID)
	for _, at := range []string{thread.Path(), "/c/house", "/search?q=marmalade", "/search?q=marmalade&author=wren", fmt.Sprintf("/mod/cases/%d", id), "/mod/audit"} {
		page := maya.get(at).want(http.StatusOK).body
		if strings.Contains(page, `"/u/"`) || strings.Contains(page, "wren") && !strings.Contains(at, "author") && !strings.Contains(at, "cases") {
			t.Errorf("%s leads to who has left", at)
		}
	}
	if page := maya.get(thread.Path()).body; !strings.Contains(page, "a former member") || strings.Contains(page, "/unmask?") {
		t.Error("what they wrote stands under no name, or under an alias")
	}
}
