package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"github.com/riverqueue/river"

	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/jobs"
	"firstdrops/web/page"
)

// entrusted are words that each stand in one place alone.
var entrusted = map[string]string{
	"hidden post":     `Verdigris "weasels", isn't it & <so>`,
	"removed post":    `Gallimaufry of 'tin' & <copper> insults`,
	"hidden title":    `Wherefore <pumpernickel> & "sorrow"`,
	"hidden thread":   `Samphire telescopes, she's rude & <crooked>`,
	"removed message": `Cinnabar hedgehogs in the lounge, isn't it`,
	"report note":     `Bombazine lanterns, he's & <cruel> to me`,
	"decision note":   `Halcyon ironmongery & "kinder" words, please`,
	"objection":       `Obstreperous? Lighthouses & <tired>, that's all`,
	"contact request": `Vermilion teapots & "attics", that's me`,
	"contact answer":  `Obsidian ladders & <Thursday>, let's say`,
	"number":          `QUILL-7741-MARMOSET`,
	"refusal":         `Ambergris registries & "lists" don't know it`,
	"e-mail":          `thistledown.falconer@elsewhere.example`,
	"draft":           `Peregrine umbrellas, not sent & not <seen>`,

	"aliased handle":    `willowherb-ashcombe`,
	"aliased name":      `Tamarisk & Ashcombe`,
	"aliased post":      `Corduroy almanacs & <dusk>, that's how it was`,
	"unmasking note":    `Petrichor <tells> "where" somebody lives`,
	"parted title":      `Capercaillie <saddlebags> & "brisk" wind`,
	"parted post":       `Marzipan trombones, isn't it & <kelp>`,
	"parted message":    `Juniper accordions in the lounge, she's & <loud>`,
	"parted line":       `Nasturtium & "barometers", day by day`,
	"parted alias's":    `Soliloquy of <limpets> & "salt", under another name`,
	"blocker's post":    `Hyacinth typewriters, we're & <slow>`,
	"members' line":     `Chrysalis & "hammocks", week by week`,
	"private line":      `Foxglove & "semaphores", for nobody`,
	"private pronouns":  `marmalade/marmalades`,
	"departed handle":   `gossamer-halibut`,
	"departed name":     `Philately & Gossamer`,
	"departed post":     `Zeppelin cardigans, can't & <won't> stay`,
	"departed message":  `Bergamot xylophones by night, that's & <all>`,
	"departed pronouns": `halcyon/halcyons`,
}

// mayRead says who gets each of them, beside the moderator and the administrator where it says staff, or who alone does not
// where it says everybody.
var mayRead = map[string]string{
	"hidden post":     "author staff",
	"removed post":    "author staff", // in the decision, and in the case
	"hidden title":    "author staff",
	"hidden thread":   "staff",
	"removed message": "author staff",
	"report note":     "staff",
	"decision note":   "author staff",
	"objection":       "staff",
	"contact request": "asker consultant",
	"contact answer":  "asker consultant",
	"number":          "consultant administrator",
	"refusal":         "refused",
	"e-mail":          "author", // in their settings
	"draft":           "author",

	"aliased handle":    "administrator", // in the list of people
	"aliased name":      "",
	"aliased post":      "everybody -muted", // who blocked that alias
	"unmasking note":    "",
	"parted title":      "everybody -member",
	"parted post":       "everybody -member",
	"parted message":    "everybody -member -guest",
	"parted line":       "everybody -member",
	"parted alias's":    "everybody", // a block does not tell whose it is
	"blocker's post":    "everybody -parted",
	"members' line":     "everybody -guest",
	"private line":      "author",
	"private pronouns":  "author",
	"departed handle":   "",
	"departed name":     "",
	"departed post":     "",
	"departed message":  "",
	"departed pronouns": "",
}

// TestPlantedWordsReachOnlyWhomTheyAreFor crawls the house as people of every kind, and looks at every byte that they get
// and that is logged. Whom the words are for gets them, so that the crawl would find them elsewhere, too.
func TestPlantedWordsReachOnlyWhomTheyAreFor(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.plantAll()
	s.plantAliased()
	parted := s.plantParted()
	s.plantSelves()
	s.plantDeparted()
	s.employ()
	s.settle()
	marks := marksOf(entrusted)
	for role, who := range map[string]*person{
		"guest": s.guest(), "member": s.member, "muted": s.muted, "parted": parted, "author": s.author, "reporter": s.dove, "asker": s.asker,
		"consultant": s.consultant, "other-consultant": s.house.consultant("ida"), "refused": s.ended, "moderator": s.moderator, "administrator": s.administrator,
	} {
		got, read := who.receives(), map[string]bool{}
		if len(got) < 150 {
			t.Errorf("%s got only %d answers", role, len(got))
		}
		for address, bytes := range got {
			bytes = strings.ToLower(bytes)
			for mark, name := range marks {
				if asksFor(address, entrusted[name]) || !strings.Contains(bytes, mark) {
					continue
				}
				if read[name] = true; !allowed(role, name) {
					t.Errorf("%s gets the %s from %s, as %q", role, name, address, mark)
				}
			}
		}
		for name := range entrusted {
			if allowed(role, name) && !read[name] {
				t.Errorf("%s does not get the %s", role, name)
			}
		}
	}
	for where, bytes := range map[string]string{"the log": s.log.String() + asideLog.String(), "a letter": s.sent()} {
		for mark, name := range marks {
			if strings.Contains(strings.ToLower(bytes), mark) {
				t.Errorf("%s tells the %s, as %q", where, name, mark)
			}
		}
	}
}

func allowed(role, name string) bool {
	readers := strings.Fields(mayRead[name])
	if slices.Contains(readers, "everybody") {
		return !slices.Contains(readers, "-"+role)
	}
	staff := role == "moderator" || role == "administrator"
	return slices.Contains(readers, role) || staff && slices.Contains(readers, "staff")
}

// plantAll writes all of the words, by the ways that people have.
func (s *stage) plantAll() {
	s.Helper()
	open := s.dove.thread("relactation", "Is it too late?", "She is ten weeks old.")
	hidden, removed := s.author.reply(open, entrusted["hidden post"]), s.author.reply(open, entrusted["removed post"])
	_, err := s.forum.Reply(s.Context(), s.dove.viewer, forum.Answer{ThreadID: open.ID, Body: "No.", Key: uuid.New(), ReplyTo: hidden.PostID})
	s.must(err)
	thread := s.author.thread("relactation", entrusted["hidden title"], entrusted["hidden thread"])
	s.dove.reply(thread, "Oh.")
	s.author.say("lounge", entrusted["removed message"])
	_, err = s.chat.Send(s.Context(), s.dove.viewer, chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: "Really?", Re: 1})
	s.must(err)
	s.must(s.forum.SaveDraft(s.Context(), s.author.viewer, forum.Draft{Target: open.ReplyTarget(), Title: entrusted["draft"], Body: entrusted["draft"]}))
	s.exec(`UPDATE people SET email = ? WHERE id = ?`, entrusted["e-mail"], s.author.viewer.ID)

	last := s.judged(moderation.Target{Kind: audit.Post, ID: hidden.PostID}, audit.Hide)
	s.judged(moderation.Target{Kind: audit.Post, ID: removed.PostID}, audit.Remove)
	s.judged(moderation.Target{Kind: audit.Thread, ID: thread.ID}, audit.Hide)
	s.judged(moderation.Target{Kind: audit.Message, ID: 1, Slug: "lounge"}, audit.Remove)
	s.must(s.moderation.Object(s.Context(), s.author.viewer, last, entrusted["objection"]))

	at := s.asker.request(s.listed, entrusted["contact request"])
	s.consultant.get(at).want(http.StatusOK)
	s.consultant.post(at+"/accept", url.Values{"reply": {entrusted["contact answer"]}}).want(http.StatusSeeOther)
	s.exec(`UPDATE credentials SET number = ? WHERE consultant_id = ?`, entrusted["number"], s.listed.ID)
	own, err := s.directory.ConsultantOf(s.Context(), s.ended.viewer, s.ended.viewer.ID)
	s.must(err)
	s.must(s.directory.Refuse(s.Context(), s.administrator.viewer, directory.Refusal{
		ConsultantID: own.ID, Reason: audit.Other, Note: entrusted["refusal"], Seen: directory.Verified,
	}))
}

// judged has something reported by dove and decided by lee, and gives the decision.
func (s *stage) judged(target moderation.Target, action audit.Verb) (decision int64) {
	s.Helper()
	ctx := s.Context()
	_, err := s.moderation.Report(ctx, s.dove.viewer, target, audit.Worried, entrusted["report note"])
	s.must(err)
	var id int64
	s.must(s.db.NewRaw(`SELECT id FROM cases WHERE kind = ? AND object_id = ?`, string(target.Kind), target.ID).Scan(ctx, &id))
	s.must(s.moderation.Claim(ctx, s.lee.viewer, id, 1))
	s.must(s.moderation.Decide(ctx, s.lee.viewer, id, 2, moderation.Decision{Action: action, Reason: audit.Unkind, Note: entrusted["decision note"]}))
	s.must(s.db.NewRaw(`SELECT id FROM decisions WHERE case_id = ?`, id).Scan(ctx, &decision))
	return decision
}

// sent are all letters, their lines made whole again.
func (h *house) sent() string {
	h.Helper()
	letters, err := h.letters.Letters(1000)
	h.must(err)
	if len(letters) < 3 {
		h.Errorf("only %d letters were sent", len(letters))
	}
	return strings.ReplaceAll(strings.Join(letters, "\n"), "=\r\n", "")
}

// employ has the workers begin; settle waits until they have done what there was.
func (h *house) employ() {
	h.Helper()
	workers := river.NewWorkers()
	h.accounts.Workers(workers, h.letters, h.base)
	h.joining.Workers(workers, h.letters)
	h.signin.Workers(workers, h.letters)
	h.chat.Workers(workers)
	h.moderation.Workers(workers)
	h.notify.Workers(workers, h.letters)
	h.leaving.Workers(workers, h.letters)
	running, err := jobs.Start(context.Background(), h.target, workers, slog.New(slog.NewJSONHandler(h.log, nil)))
	h.must(err)
	h.Cleanup(func() {
		if err := running.Stop(context.Background()); err != nil {
			h.Error(err)
		}
	})
}

func (h *house) settle() {
	h.Helper()
	deadline := time.Now().Add(time.Minute)
	for range time.Tick(10 * time.Millisecond) {
		left, err := h.db.NewSelect().Table("river_job").Where("state NOT IN ('completed', 'scheduled')").Count(h.Context())
		h.must(err)
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			var jobs []string
			h.must(h.db.NewRaw(`SELECT concat_ws(' ', kind, state, errors[1] ->> 'error') FROM river_job WHERE state NOT IN ('completed', 'scheduled')`).Scan(h.Context(), &jobs))
			h.Fatalf("%d jobs are not done: %q", left, jobs)
		}
	}
}

// receives is all that somebody gets from the house: the answers to every address that is linked or could be guessed, to
// searches and forms, and the frames of a room that they follow.
func (p *person) receives() map[string]string {
	p.Helper()
	got := map[string]string{}
	queue := plantedGuesses()
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if _, seen := got[at]; seen {
			continue
		}
		a := p.get(at)
		if got[at] = a.whole(); a.status == http.StatusOK || a.status == http.StatusSeeOther {
			queue = append(queue, a.leads()...)
		}
		if strings.HasPrefix(at, "/rooms/") || strings.HasPrefix(at, "/p/") {
			got[at+" as JSON"] = p.get(at, "Accept", "application/json").whole()
		}
	}
	for id := range 8 {
		stale := url.Values{"body": {"Hello."}, "version": {"9"}, "key": {uuid.NewString()}}
		for _, accept := range []string{"text/html", "application/json"} {
			a := p.post(fmt.Sprintf("/p/%d/edit", id), stale, "Accept", accept)
			got[a.asked+accept] = a.whole()
		}
	}
	got["the lounge"] = p.frames("lounge")
	return got
}

// plantedGuesses are addresses that somebody curious would try, and searches for all that was planted.
func plantedGuesses() []string {
	guesses := []string{
		"/", "/rooms", "/u/wren", "/u/sol", "/u/dove", "/u/rosefinch", "/notifications", "/contacts", "/questions", "/search", "/consultants", "/mod/cases?state=closed", "/mod/audit",
		"/mod/consultants", "/admin/people", "/dev/mail", "/c/relactation?sort=new", "/c/relactation/new", "/t/1/x?quote=2#reply", "/t/1/x?reply_to=2",
		"/t/1/x?quote=3", "/t/1/x?after=1", "/rooms/lounge", "/rooms/lounge?around=1", "/rooms/lounge?re=1", "/rooms/lounge/messages?after=0",
		"/rooms/lounge/messages/1/report", "/rooms/lounge/messages/2/report",
	}
	for id := 1; id <= 6; id++ {
		for _, shape := range []string{
			"/t/%d/x", "/t/%d/report", "/p/%d", "/p/%d/edit", "/p/%d/delete", "/p/%d/report", "/mod/cases/%d", "/mod/cases/%d/standing",
			"/decisions/%d/object", "/contacts/%d", "/mod/consultants/%d",
		} {
			guesses = append(guesses, fmt.Sprintf(shape, id))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(entrusted)) {
		word := entrusted[name][:strings.IndexAny(entrusted[name]+" ", " ,?-.@")]
		for _, at := range []string{"/search?q=", "/consultants?q=", "/admin/people?q="} {
			guesses = append(guesses, at+url.QueryEscape(word))
		}
		guesses = append(guesses, "/search?q="+mistyped(word), "/search?q="+url.QueryEscape(entrusted[name]))
	}
	return guesses
}

// frames is what a socket gets that follows a room from its beginning, until something is said there now.
func (p *person) frames(room string) string {
	p.Helper()
	header := http.Header{"Origin": {p.base.String()}, "Sec-Websocket-Protocol": {"firstdrops.v1"}}
	for _, cookie := range p.client.Jar.Cookies(p.base) {
		if cookie.Name == page.CookieName(p.base) {
			header.Set("Cookie", cookie.String())
		}
	}
	conn, response, err := websocket.DefaultDialer.DialContext(p.Context(), "ws"+strings.TrimPrefix(p.base.String(), "http")+"/ws", header)
	if response != nil {
		_ = response.Body.Close()
	}
	if err != nil {
		if !p.viewer.Guest() {
			p.Fatalf("the socket of %s: %v", p.viewer.Handle, err)
		}
		return ""
	}
	defer func() { _ = conn.Close() }()
	p.must(conn.SetReadDeadline(time.Now().Add(time.Minute)))
	p.must(conn.WriteMessage(websocket.TextMessage, []byte(`{"t":"hello","v":1,"rooms":{"`+room+`":0}}`)))
	var got strings.Builder
	for said, last := false, uuid.NewString(); !strings.Contains(got.String(), last); {
		_, frame, err := conn.ReadMessage()
		p.must(err)
		got.Write(frame)
		if !said && strings.Contains(got.String(), `"end":true`) {
			said = true
			p.house.member("kite-"+last[:8]).say(room, last)
		}
	}
	return got.String()
}
