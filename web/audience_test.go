package web_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/uuid"

	"firstdrops/server/forum"
	"firstdrops/server/platform/text"
)

// secrets are strings that stand only where members may read.
var secrets = map[string]string{
	"title":  `Quillmoor "Vesper" & the <lantern>`,
	"body":   `Ossuary marmalade, it's under the kelp & <cedar>`,
	"reply":  "Thistledown cartography keeps me awake",
	"handle": "ambergris-falconer",
	"draft":  "Peregrine umbrellas, not sent & not <seen>",
	"said":   "Cinnabar hedgehogs in the lounge, isn't it",
}

// TestAGuestReceivesNothingOfMembersOnlyPlaces crawls the site as a guest before and after members have written in their
// own places. No byte may tell what they wrote, and none may differ.
func TestAGuestReceivesNothingOfMembersOnlyPlaces(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	open := h.furnish()
	quiet := h.crawl(open)
	author, hidden := h.plant(open)
	after := h.crawl(open)

	marks := marksOf(secrets)
	for address, got := range after {
		for mark, name := range marks {
			if strings.Contains(strings.ToLower(got), mark) && !asksFor(address, secrets[name]) {
				t.Errorf("%s holds the %s, as %q", address, name, mark)
			}
		}
		if quiet[address] != got {
			t.Errorf("%s changes with what members write among themselves:\n%s\n%s", address, quiet[address], got)
		}
	}
	if len(after) < 500 || len(after) != len(quiet) {
		t.Errorf("crawled %d addresses, and %d before", len(after), len(quiet))
	}
	h.checkMissingLooksHidden(hidden)
	h.checkMembersSee(author, hidden)
}

// asksFor says whether a search was for the secret itself, or how it begins: what somebody typed goes back to them.
func asksFor(address, secret string) bool {
	_, query, _ := strings.Cut(address, "?")
	asked, err := url.ParseQuery(query)
	return err == nil && strings.Contains(asked.Get("q")+" "+asked.Get("author"), secret[:12])
}

// searches are what somebody curious would look for: each secret whole, each of its words, their beginnings, their words
// mistyped, and all that they wrote.
func searches() []string {
	var asked []string
	for _, secret := range secrets {
		words := append(strings.FieldsFunc(secret, func(r rune) bool { return !unicode.IsLetter(r) }), secret)
		for _, word := range words {
			for _, q := range []string{word, `"` + word + `"`, mistyped(word), word[:min(len(word), 5)] + ":*", "late " + word, "late | " + word, "-" + word} {
				asked = append(asked, "/search?q="+url.QueryEscape(q))
			}
		}
	}
	who := "author=" + secrets["handle"]
	return append(asked, "/search", "/search?q=late&"+who, "/search?q=ossuary&"+who, "/search?"+who, "/search?q=late&before=zzzzzzz.1",
		"/search?q=ossuary&category=feelings", "/search?q=ossuary&category=no-category", "/search?q=ossuary&label=peer")
}

// mistyped is the word without the letter in its middle.
func mistyped(word string) string { return word[:len(word)/2] + word[len(word)/2+1:] }

// furnish fills the public part: categories with more than one page, a thread with more than one page.
func (h *house) furnish() forum.Thread {
	h.Helper()
	sol := h.member("sol")
	long := sol.thread("relactation", "Is it too late?", "She is ten weeks old.")
	for n := range 21 {
		sol.reply(long, fmt.Sprintf("Day %d.", n+1))
	}
	for n := range 31 {
		sol.thread("relactation", fmt.Sprintf("A question, the %d.", n+1), "Has anybody been here?")
	}
	return long
}

// plant lets a member write in every members-only place.
func (h *house) plant(open forum.Thread) (author *person, thread forum.Thread) {
	h.Helper()
	author = h.member(secrets["handle"])
	thread = author.thread("feelings", secrets["title"], secrets["body"])
	author.reply(thread, secrets["reply"])
	for _, target := range []string{thread.ReplyTarget(), open.ReplyTarget(), "c:feelings"} {
		h.must(h.forum.SaveDraft(h.Context(), author.viewer, forum.Draft{Target: target, Title: secrets["draft"], Body: secrets["draft"]}))
	}
	for _, room := range []string{"lounge", "pump-together", "night-feeds"} {
		author.say(room, secrets["said"])
	}
	return author, thread
}

// marksOf are the strings in every form in which they could stand somewhere, and the beginnings of these, in lower case.
func marksOf(secrets map[string]string) map[string]string {
	marks := map[string]string{}
	for name, secret := range secrets {
		forms := []string{
			secret, html.EscapeString(secret), url.QueryEscape(secret), url.PathEscape(secret), text.Slug(secret),
			fmt.Sprintf("%+q", secret), hex.EncodeToString([]byte(secret)),
		}
		for lead := range 3 { // base64 looks different with each start
			encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat(" ", lead) + secret))
			forms = append(forms, encoded[4*min(lead, 1):])
		}
		for _, form := range forms {
			mark := strings.ToLower(strings.Trim(form, `"`))
			marks[mark[:min(12, len(mark))]] = name
		}
	}
	return marks
}

// crawl asks, as a guest, for all that is linked from anywhere, for all that could be guessed, and for variants of each. It
// gives each answer with its headers, the request's id and the time aside. More are addresses of the test's own.
func (h *house) crawl(open forum.Thread, more ...string) map[string]string {
	h.Helper()
	guest := h.guest()
	answers := map[string]string{}
	queue := append(h.guesses(open), more...)
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if _, seen := answers["GET "+at]; seen {
			continue
		}
		asked := []answer{guest.get(at)}
		if !strings.HasPrefix(at, "/search?") { // one search in every form is enough: they are many
			asked = append(asked, guest.get(at, "Accept", "application/json"), guest.ask(http.MethodHead, at, ""),
				guest.post(at, url.Values{"body": {"Hello."}, "key": {uuid.NewString()}}))
		}
		for _, a := range asked {
			name := a.asked
			for answers[name] != "" {
				name += " again"
			}
			answers[name] = a.whole()
			queue = append(queue, a.leads()...)
		}
	}
	return answers
}

// whole is the answer with its headers, without what differs each time.
func (a answer) whole() string {
	header := a.header.Clone()
	for _, name := range []string{"X-Request-Id", "Date"} {
		header.Del(name)
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(header)) {
		lines = append(lines, fmt.Sprintf("%s: %q", name, header[name]))
	}
	return fmt.Sprintf("%d\n%s\n\n%s", a.status, strings.Join(lines, "\n"), a.withoutID())
}

// leads are the addresses of this site that the answer names.
func (a answer) leads() []string {
	a.Helper()
	found := []string{a.header.Get("Location")}
	for _, node := range a.elements("a", "link", "script", "form") {
		found = append(found, attribute(node, "href"), attribute(node, "src"), attribute(node, "action"))
	}
	var local []string
	for _, at := range found {
		at, _, _ = strings.Cut(strings.TrimPrefix(at, a.base.String()), "#")
		if strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "/login?") && !strings.HasPrefix(at, "/static/") {
			local = append(local, at)
		}
	}
	return local
}

// guesses are addresses that somebody curious would try.
func (h *house) guesses(open forum.Thread) []string {
	h.Helper()
	guesses := []string{
		"/", "/sitemap.xml", "/feed.atom", "/robots.txt", "/manifest.webmanifest", "/notifications", "/drafts",
		"/rooms", "/healthz", "/readyz", "/dev/mail", "/metrics", "/ws", "/mod", "/admin/people", "/nothing",
		open.Path() + "?quote=54", open.Path() + "?reply_to=54", open.Path() + "?after=5",
	}
	for _, slug := range []string{"lounge", "pump-together", "night-feeds", "no-room"} {
		for _, rest := range []string{"", "?after=0", "?around=1", "?re=1", "/messages", "/messages?before=2", "/messages?after=0&limit=50", "/people", "/search?q=cinnabar"} {
			guesses = append(guesses, "/rooms/"+slug+rest)
		}
	}
	for _, slug := range []string{"feelings", "relactation", "house", "no-category"} {
		for _, rest := range []string{"", "?sort=active", "?sort=new", "?sort=unanswered", "?before=zzz.1", "/new", "/feed.atom", "/threads"} {
			guesses = append(guesses, "/c/"+slug+rest)
		}
	}
	guesses = append(guesses, searches()...)
	for id := 1; id <= 60; id++ {
		for _, shape := range []string{"/t/%d", "/t/%d/posts", "/p/%d", "/p/%d/edit"} {
			guesses = append(guesses, fmt.Sprintf(shape, id))
		}
	}
	return guesses
}

// checkMissingLooksHidden compares what is hidden with what is not there, for a guest, byte by byte.
func (h *house) checkMissingLooksHidden(hidden forum.Thread) {
	h.Helper()
	guest, post := h.guest(), h.firstPost(hidden)
	for there, missing := range map[string]string{
		hidden.Path():                                    "/t/999999/" + hidden.Slug,
		fmt.Sprintf("/t/%d", hidden.ID):                  "/t/999999",
		hidden.Path() + "?after=1":                       "/t/999999/x?after=1",
		fmt.Sprintf("/p/%d", post):                       "/p/999999",
		"/c/feelings":                                    "/c/no-category",
		"/c/feelings?sort=new":                           "/c/no-category?sort=new",
		"/c/feelings?before=zz":                          "/c/no-category?before=zz",
		"/search?q=late&category=feelings":               "/search?q=late&category=no-category",
		"/rooms/lounge":                                  "/rooms/no-room",
		"/rooms/lounge?before=x":                         "/rooms/no-room?before=x",
		"/rooms/lounge/messages":                         "/rooms/no-room/messages",
		fmt.Sprintf("/t/%d/x?quote=%d", hidden.ID, post): "/t/999999/x?quote=999999",
	} {
		for _, accept := range []string{"text/html", "application/json"} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				a := guest.ask(method, there, "", "Accept", accept).want(http.StatusNotFound)
				if b := guest.ask(method, missing, "", "Accept", accept); a.whole() != b.whole() {
					h.Errorf("%s and %s differ:\n%s\n%s", there, missing, a.whole(), b.whole())
				}
			}
		}
	}
}

// checkMembersSee makes sure that a member finds every secret, so that the crawl would too.
func (h *house) checkMembersSee(author *person, hidden forum.Thread) {
	h.Helper()
	reader, shown := h.member("river"), ""
	for _, at := range []string{"/", "/c/feelings", hidden.Path(), "/rooms/lounge"} {
		shown += reader.get(at).want(http.StatusOK).body
	}
	if strings.Contains(shown, secrets["draft"][:12]) {
		h.Error("somebody else is shown the draft")
	}
	for _, q := range []string{"quillmoor", "quilmoor", "ossuary", "cartography"} {
		reader.get("/search?q=" + q).want(http.StatusOK).shows("members only")
	}
	shown = html.UnescapeString(shown + author.get(hidden.Path()).want(http.StatusOK).body)
	for name, secret := range secrets {
		if mark := secret[:12]; marksOf(secrets)[strings.ToLower(mark)] != name || !strings.Contains(shown, mark) {
			h.Errorf("a member is not shown the %s", name)
		}
	}
}
