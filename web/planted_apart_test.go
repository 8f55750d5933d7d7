package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/forum"
)

// plantAliased has somebody write under an alias who is reported, answered and looked up by lee, and whose alias one person
// does not meet.
func (s *stage) plantAliased() {
	s.Helper()
	who := s.house.member(entrusted["aliased handle"])
	s.exec(`UPDATE people SET display_name = ? WHERE id = ?`, entrusted["aliased name"], who.viewer.ID)
	thread := who.thread("relactation", "Under another name", entrusted["aliased post"])
	who.post(fmt.Sprintf("/t/%d/alias", thread.ID), url.Values{"alias": {"Heath"}}).want(http.StatusSeeOther)
	who.reply(thread, "Anybody, @dove?")
	s.dove.reply(thread, "@heath, yes.")
	s.reported(s.dove, s.firstPost(thread))
	_, err := s.moderation.Unmask(s.Context(), s.lee.viewer, thread.ID, "Heath", audit.Privacy, entrusted["unmasking note"])
	s.must(err)
	s.muted.post(fmt.Sprintf("/t/%d/block", thread.ID), url.Values{"name": {"Heath"}}).want(http.StatusSeeOther)
}

// plantParted has the member and somebody else write for everybody, before and after the member blocks them.
func (s *stage) plantParted() *person {
	s.Helper()
	who := s.house.member("rosefinch")
	s.exec(`UPDATE people SET way_line = ?, visibility = 'public' WHERE id = ?`, entrusted["parted line"], who.viewer.ID)
	open := s.dove.thread("relactation", "How long did it take?", "She is ten weeks old.")
	post := who.reply(open, entrusted["parted post"]+" @wren")
	s.member.reply(open, entrusted["blocker's post"]+" @rosefinch")
	s.member.part("rosefinch").want(http.StatusSeeOther)
	who.thread("relactation", entrusted["parted title"], entrusted["parted post"])
	_, err := s.forum.Reply(s.Context(), s.dove.viewer, forum.Answer{ThreadID: open.ID, Body: "Really?", Key: uuid.New(), ReplyTo: post.PostID})
	s.must(err)
	said, err := s.chat.Send(s.Context(), who.viewer, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: entrusted["parted message"] + " @wren"})
	s.must(err)
	_, err = s.chat.Send(s.Context(), s.dove.viewer, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: "Really?", Re: said.N})
	s.must(err)
	masked := who.thread("relactation", "How did it go?", entrusted["parted alias's"])
	who.post(fmt.Sprintf("/t/%d/alias", masked.ID), url.Values{"alias": {"Reed"}}).want(http.StatusSeeOther)
	return who
}

// plantSelves has people say of themselves what not everybody may read, and write where everybody meets them.
func (s *stage) plantSelves() {
	s.Helper()
	s.exec(`UPDATE people SET way_line = ?, visibility = 'members' WHERE id = ?`, entrusted["members' line"], s.dove.viewer.ID)
	s.exec(`UPDATE people SET way_line = ?, pronouns = ?, visibility = 'nobody' WHERE id = ?`,
		entrusted["private line"], entrusted["private pronouns"], s.author.viewer.ID)
	s.author.thread("relactation", "Good evening", "Some words.")
}

// plantDeparted has somebody write, be answered and go, with their words. The workers find that the seven days are over.
func (s *stage) plantDeparted() {
	s.Helper()
	who := s.house.member(entrusted["departed handle"])
	s.exec(`UPDATE people SET display_name = ?, pronouns = ?, visibility = 'public' WHERE id = ?`,
		entrusted["departed name"], entrusted["departed pronouns"], who.viewer.ID)
	open := s.dove.thread("relactation", "Who is awake?", "It is three.")
	post := who.reply(open, entrusted["departed post"]+" @dove")
	_, err := s.forum.Reply(s.Context(), s.dove.viewer, forum.Answer{ThreadID: open.ID, Body: "Oh.", Key: uuid.New(), ReplyTo: post.PostID})
	s.must(err)
	said, err := s.chat.Send(s.Context(), who.viewer, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: entrusted["departed message"] + " @dove"})
	s.must(err)
	_, err = s.chat.Send(s.Context(), s.dove.viewer, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: "Really?", Re: said.N})
	s.must(err)
	s.must(s.leaving.Leave(s.Context(), who.viewer, accounts.RemoveWords))
	s.exec(`UPDATE departures SET due_at = ? WHERE person_id = ?`, opened.Add(-time.Minute), who.viewer.ID)
	s.exec(`UPDATE river_job SET state = 'available', scheduled_at = now() WHERE kind = 'leaving.due'`)
}
