package forum_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/search"
)

// links are the addresses that the page's hits lead to.
func (a answer) links() []string {
	a.t.Helper()
	var all []string
	for _, link := range a.all("href") {
		if to := link.attr("href"); strings.HasPrefix(to, "/p/") {
			all = append(all, to)
		}
	}
	return all
}

// says wants words on the page, as a person reads them.
func (a answer) says(words ...string) answer {
	a.t.Helper()
	shown := a.one("id", "main").text()
	for _, w := range words {
		if !strings.Contains(shown, w) {
			a.t.Errorf("the page lacks %q: %s", w, shown)
		}
	}
	return a
}

func TestSearchPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	sol := h.join("Sol")
	thread := sol.thread("pumping-and-let-down", "Let-down & <work>", "Twelve minutes in a cupboard.")
	june := h.join("June")
	june.viewer.Label = accounts.IBCLC
	place := june.reply(thread, "An SNS **pumped** for her, <b>twice</b>.")

	empty := h.guest().get("/search").want(http.StatusOK).says("A word or two is enough")
	if box := empty.one("name", "q"); box.attr("maxlength") != fmt.Sprint(search.MaxQuery) || box.value() != "" {
		t.Errorf("the box is %+v", box.Attr)
	}
	if label := empty.one("for", "q").text(); label != "Search" {
		t.Errorf("the box is called %q", label)
	}
	found := h.guest().get("/search?q=SNS+pumping").want(http.StatusOK).says("June · Pumping and let-down", "Verified IBCLC", "Let-down & <work>", "for her, <b>twice</b>.")
	if to := found.links(); len(to) != 1 || to[0] != fmt.Sprintf("/p/%d", place.PostID) {
		t.Errorf("the hits lead to %v", to)
	}
	for _, exact := range []string{`>Let-down &amp; &lt;work&gt;</a>`, `An <mark>SNS</mark> <mark>pumped</mark> for her, &lt;b&gt;twice&lt;/b&gt;.`} {
		if !strings.Contains(found.body, exact) {
			t.Errorf("the page lacks %s\n%s", exact, found.body)
		}
	}
	if !strings.Contains(found.body, "<title>Search · First Drops</title>") {
		t.Error("the title is not neutral")
	}
	h.guest().get("/search?q=cuboard").says("Nothing has “cuboard”. This is what has “cupboard”.")
	h.guest().get("/search?q=zeppelin").want(http.StatusOK).says("Nothing found", "“zeppelin”", "Choose a subject")
	h.guest().get("/search?q=SNS&label=peer").says("Nothing found", "Look for it everywhere")
	h.guest().get("/search?q=SNS&label=ibclc&category=pumping-and-let-down").says("An SNS pumped")
}

func TestSearchTakesBadWordsKindly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	h.join("Sol").thread("house", "A title", "Milk and more milk.")
	for typed, says := range map[string]string{
		"'": "There is no word in that yet", "%": "There is no word in that yet", `\`: "There is no word in that yet", "(((": "There is no word in that yet",
		"\x00": "There is no word in that yet", "\xff": "There is no word in that yet", " ": "There is no word in that yet", "": "A word or two", strings.Repeat("milk ", 2000): "That was a lot of words. The first ones were looked for. Found",
		`"><script>alert(1)</script>`: "Nothing found", "milk' OR 1=1 --": "Nothing found", "milk\u202e": "Found", strings.Repeat("a", 1e5): "Nothing found",
	} {
		page := h.guest().get("/search?q=" + url.QueryEscape(typed)).want(http.StatusOK).says(says)
		if strings.Contains(page.body, "<script>alert") || strings.ContainsAny(page.body, "\x00\u202e\ufffd") {
			t.Errorf("%.40q goes back as it came", typed)
		}
	}
	for _, query := range []string{"q=milk&before=x", "q=milk&label=expert", "q=milk&category=nowhere", "q=milk&category=%27", "category=nowhere", "before=1.0"} {
		h.guest().get("/search?" + query).want(http.StatusNotFound)
	}
	h.guest().get("/search?q=milk&author=%00%FF%27").want(http.StatusOK).says("Nothing found")
}

func TestSearchHidesMembersPlaces(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	sol := h.join("Sol")
	miss := map[string]string{}
	asked := []string{"q=quillmoor", "q=quilmoor", "q=ossuary", "q=quillmoor&label=peer", "q=ossuary&author=" + sol.viewer.Handle}
	for _, query := range asked {
		miss[query] = h.guest().get("/search?" + query).want(http.StatusOK).body
	}
	hidden := sol.thread("feelings", "Quillmoor", "An ossuary.")
	for _, query := range asked {
		if hit := h.guest().get("/search?" + query).want(http.StatusOK).body; hit != miss[query] {
			t.Errorf("a guest can tell by %s what members wrote:\n%s\n%s", query, hit, miss[query])
		}
		sol.get("/search?"+query).want(http.StatusOK).says(hidden.Title, "members only")
	}
	if a, b := h.guest().get("/search?q=x&category=feelings").want(http.StatusNotFound), h.guest().get("/search?q=x&category=nowhere"); a.body != b.body {
		t.Error("a guest can tell a hidden subject from none")
	}
	if options := h.guest().get("/search").all("value", "feelings"); len(options) != 0 {
		t.Error("a guest is offered a subject to search that is for members")
	}
	if options := sol.get("/search").all("value", "feelings"); len(options) != 1 {
		t.Error("a member is not offered the members' subject")
	}
}

// TestSearchAnswersInItsOwnTime, not in that which the looking took: else it would tell which words stand where others read.
func TestSearchAnswersInItsOwnTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	begun := time.Now()
	h.guest().get("/search?q=quiet").want(http.StatusOK)
	if took := time.Since(begun); took < 50*time.Millisecond {
		t.Errorf("it answers after %s", took)
	}
}

func TestSearchTurnsItsPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	sol := h.join("Sol")
	thread := sol.thread("house", "A jar", "Apricots.")
	for n := range 44 {
		if _, err := h.forum.Reply(t.Context(), sol.viewer, forum.Answer{ThreadID: thread.ID, Body: fmt.Sprintf("Apricots, %d.", n), Key: uuid.New()}); err != nil {
			t.Fatal(err)
		}
	}
	seen, pages := map[string]bool{}, 0
	for at := "/search?q=apricotts&category=house"; at != ""; pages++ {
		page := sol.get(at).want(http.StatusOK)
		for _, to := range page.links() {
			if seen[to] {
				t.Errorf("%s stands on two pages", to)
			}
			seen[to] = true
		}
		at = ""
		if next := page.all("rel", "next"); len(next) == 1 {
			at = next[0].attr("href")
		}
	}
	if pages != 3 || len(seen) != 45 {
		t.Errorf("%d hits on %d pages, want 45 on 3", len(seen), pages)
	}
}

// TestSearchTakesFewStatements counts the dearest search: a member's, mistyped.
func TestSearchTakesFewStatements(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	sol := h.join("Sol")
	sol.thread("house", "A jar", "Apricots.")
	before := h.db.Statements()
	sol.get("/search?q=apricotts").want(http.StatusOK).says("This is what has “apricots”")
	if taken := h.db.Statements() - before; taken > 4 {
		t.Errorf("%d statements, of at most 4", taken)
	}
}

func TestSearchSlowsDownWhoAsksTooMuch(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	sol := h.join("Sol")
	for range 60 {
		h.guest().get("/search").want(http.StatusOK)
	}
	slowed := h.guest().get("/search?q=milk").want(http.StatusTooManyRequests)
	if slowed.header.Get("Retry-After") == "" {
		t.Error("nobody is told how long to wait")
	}
	sol.get("/search?q=milk").want(http.StatusOK)
}
