package main

import (
	"crypto/sha512"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-rod/rod/lib/proto"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
)

// shots is where screenshots of every screen are written, for people to look at.
var shots = flag.String("shots", "", "write a screenshot of every screen into this folder")

//go:embed testdata/axe.min.js
var axe string

//go:embed testdata/axe.min.js.sha512
var axeSum string

// firstView is the most that a first visit may bring over the wire (DESIGN, principle 1).
const firstView = 60 << 10

// screen is a page as somebody sees it.
type screen struct {
	name, path string
	who        *person
	then       []func(*person) // what they do there first
}

// sees is a page as this person comes to it.
func (p *person) sees(name, path string, then ...func(*person)) screen {
	return screen{name, path, p, then}
}

// TestScreens opens every screen in three themes, on a phone and on a desktop: axe-core finds nothing
// (WCAG 2.2 AA), the browser complains of nothing, nothing is asked of any other site, and a first
// visit is light.
func TestScreens(t *testing.T) {
	t.Parallel()
	checkAxe(t)
	target, data := testdb.Target(t), t.TempDir()
	site := startNamed(t, map[string]string{"DATABASE_URL": target.URL(), "FIRSTDROPS_DATA": data})
	browser := chromium(t)
	guest, wren, sol, ada := visit(t, browser, site), visit(t, browser, site), visit(t, browser, site), visit(t, browser, site)
	wren.join("wren")
	sol.join("sol")
	ada.join("ada-at-night")
	furnish(wren, sol)
	sol.secure()
	promote(t, target, "ada-at-night")
	ada.secure()
	moderate(ada)
	cared := care(t, browser, guest, wren, sol, ada)
	halfAMinuteLater(t, target)
	peopled := people(t, browser, target, cared, data)
	all := slices.Concat(screens(guest, wren, ada), careScreens(cared), accountScreens(peopled))
	for who, theirs := range byPerson(all) {
		t.Run(who.handle, func(t *testing.T) {
			t.Parallel() // each person has a window
			for _, s := range theirs {
				t.Run(s.name, func(t *testing.T) { s.check(t) })
			}
		})
	}
}

func byPerson(all []screen) map[*person][]screen {
	theirs := map[*person][]screen{}
	for _, s := range all {
		theirs[s.who] = append(theirs[s.who], s)
	}
	return theirs
}

func checkAxe(t *testing.T) {
	t.Helper()
	sum := sha512.Sum512([]byte(axe))
	if !strings.Contains(axeSum, hex.EncodeToString(sum[:])) {
		t.Fatal("axe.min.js is not the one that its sum names")
	}
}

// promote makes somebody an administrator, as the first one is made: past the site.
func promote(t *testing.T, target db.Target, handle string) {
	t.Helper()
	database := db.Open(target.WithPool(1))
	defer func() { _ = database.Close() }()
	if _, err := database.ExecContext(t.Context(), "UPDATE people SET role = 'administrator' WHERE handle = ?", handle); err != nil {
		t.Fatal(err)
	}
}

// moderate lets there be a pinned thread, a locked and a hidden one, and a record of it.
func moderate(ada *person) {
	ada.post("/admin/people/2/role", url.Values{"role": {"moderator"}})
	ada.post("/t/1/pin", url.Values{"reason_code": {"care"}})
	ada.post("/t/2/lock", url.Values{"reason_code": {"medical"}})
	ada.post("/t/3/move", url.Values{"reason_code": {"off_topic"}, "category": {"pumping-and-let-down"}})
	ada.post("/t/3/hide", url.Values{"reason_code": {"privacy"}})
}

func screens(guest, wren, ada *person) []screen {
	const thread = "/t/1/five-weeks-since-her-last-feed-is-it-too-late-to-start"
	return []screen{
		guest.sees("home-guest", "/"), guest.sees("signup", "/signup"), guest.sees("login", "/login"),
		guest.sees("category-guest", "/c/relactation"), guest.sees("thread-guest", thread), guest.sees("rooms-guest", "/rooms"),
		guest.sees("search-guest", "/search?q=cupbord"), guest.sees("help-now", "/help/now"), guest.sees("rules", "/rules"), guest.sees("not-found", "/nowhere"),
		wren.sees("home", "/"), wren.sees("category", "/c/relactation"), wren.sees("category-empty", "/c/house"),
		wren.sees("new-thread", "/c/relactation/new"), wren.sees("thread", thread),
		wren.sees("thread-crisis", "/t/4/it-is-four-and-i-am-so-tired"),
		wren.sees("thread-quote", thread+"?quote=2"), wren.sees("edit", "/p/1/edit"), wren.sees("delete", "/p/1/delete"),
		wren.sees("profile", "/u/sol"), wren.sees("settings", "/settings"), wren.sees("rooms", "/rooms"), wren.sees("room", "/rooms/lounge", connected),
		wren.sees("room-empty", "/rooms/night-feeds", connected), wren.sees("search-empty", "/search"),
		wren.sees("search", "/search?q=pumping+drops"), wren.sees("search-narrowed", "/search?q=crying&author=sol&category=feelings"), wren.sees("search-nothing", "/search?q=zeppelin&label=ibclc"),
		wren.sees("thread-locked", "/t/2"), ada.sees("thread-desk", thread, atDesk), ada.sees("thread-hidden", "/t/3"),
		wren.sees("email-again", "/email/again"), wren.sees("email-confirmed", "/email/confirmed"),
		ada.sees("admin-settings", "/admin/settings"), ada.sees("admin-approvals", "/admin/approvals"), ada.sees("admin-invitations", "/admin/invitations"),
		ada.sees("category-staff", "/c/pumping-and-let-down"), ada.sees("profile-staff", "/u/ada-at-night"),
		ada.sees("audit", "/mod/audit"), ada.sees("people", "/admin/people"),
		wren.sees("security", "/settings/security"), ada.sees("security-set", "/settings/security"), wren.sees("prove-again", "/login/again"),
		wren.sees("codes", "/settings/security", func(p *person) { p.press("button", "^Set it up$") }),
	}
}

func connected(p *person) { p.says("[data-connection]", "Connected") }

func atDesk(p *person) { p.tap("summary", "Moderate") }

// furnish puts words into the house, so that there is something to look at.
func furnish(wren, sol *person) {
	thread := wren.post("/c/relactation/threads", url.Values{
		"title": {"Five weeks since her last feed. Is it too late to start again?"},
		"body":  {"I stopped when she was six weeks old. I had mastitis twice, and the bottle was the first time either of us slept.\n\nSince Sunday I have been pumping six times a day. So far nothing, and then this morning a wet flange. Not drops. Just wet. Is that something?"},
	})
	posts := strings.Join(strings.Split(thread, "/")[:3], "/") + "/posts"
	sol.post(posts, url.Values{"body": {"A wet flange is where mine began. What helped me:\n\n1. company while pumping\n2. his hat in my lap\n\nWhat did *not* help was counting."}})
	wren.post(posts, url.Values{"body": {"> What did *not* help was counting.\n\nFirst drops tonight. Eleven. I told the cat."}})
	sol.post(posts, url.Values{"body": {"My doctor gave me domperidone, 10 mg three times a day, after a look at my heart. Fenugreek did nothing for me."}})
	sol.post("/c/pumping-and-let-down/threads", url.Values{"title": {"Let-down at work, in a cupboard with a broken lock"}, "body": {"How do you relax in twelve minutes?"}})
	sol.post("/c/feelings/threads", url.Values{"title": {"I said I would stop on Sunday, and now I cannot stop crying"}, "body": {"That is all."}})
	wren.post("/c/feelings/threads", url.Values{"title": {"It is four, and I am so tired"}, "body": {"He has had only two wet nappies today, and some nights I just want to die."}})
	for i, words := range []string{
		"Left side only tonight, the right one is on strike. Who is with me?", "Here. Sitting on the bathroom floor because the pump wakes everyone else.",
		"He has a cold, so we are all up anyway.", "Here too. First time in this room. I do not really have anything to show for it yet.",
		"Welcome. Nobody shows anything here. We sit, and the clock does the counting.", "What is everybody looking at? I have a very boring documentary about canals.",
		"The grout.", "A photo of her feet.",
	} {
		who := []*person{sol, wren}[[]int{0, 0, 0, 1, 0, 0, 1, 1}[i]]
		who.post("/rooms/lounge/messages", url.Values{"cmid": {fmt.Sprintf("00000000-0000-4000-8000-%012d", i)}, "body": {words}})
	}
}

// post sends a form as the person's browser would and tells the path that it led to.
func (p *person) post(path string, form url.Values) string {
	p.t.Helper()
	if !strings.HasPrefix(p.MustInfo().URL, p.site) {
		p.open("/rules")
	}
	to := p.MustEval(`(path, form) => fetch(path, {method: "POST", body: new URLSearchParams(form)}).then(r => r.ok ? r.url : "failed: " + r.status)`, path, form.Encode()).Str()
	if !strings.HasPrefix(to, p.site) {
		p.t.Fatalf("posting to %s %s", path, to)
	}
	return strings.TrimPrefix(to, p.site)
}

var windows = []struct {
	name          string
	width, height int
}{{"phone", 390, 844}, {"desk", 1280, 800}}

func (s screen) check(t *testing.T) {
	here := s.who
	here.t = t
	for _, window := range windows {
		watched := watch(here)
		here.MustSetViewport(window.width, window.height, 1, window.name == "phone")
		here.open(s.path)
		if at, path := here.MustInfo().URL, strings.Split(s.path, "?")[0]; !strings.HasPrefix(at, here.site+path) {
			t.Fatalf("%s leads to %s", s.path, at)
		}
		for _, do := range s.then {
			do(here)
		}
		for _, theme := range []string{"light", "dark", "dim"} {
			name := fmt.Sprintf("%s-%s-%s", s.name, window.name, theme)
			here.MustEval(`(theme) => { document.documentElement.dataset.theme = theme }`, theme)
			s.look(t, name)
			if window.name == "phone" || theme == "light" {
				s.axe(t, name, window.width, theme)
				here.MustSetViewport(window.width, window.height, 1, window.name == "phone")
			}
		}
		for _, complaint := range watched() {
			t.Errorf("%s-%s: %s", s.name, window.name, complaint)
		}
	}
	s.light(t)
}

func (s screen) look(t *testing.T, name string) {
	if *shots == "" {
		return
	}
	picture := s.who.MustScreenshotFullPage()
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}

// axe checks the page in a window as tall as itself: else a link half under a sticky bar counts as
// too small. Themes differ in colours only, so all other rules are asked of the light one.
func (s screen) axe(t *testing.T, name string, width int, theme string) {
	height := s.who.MustEval(`() => document.documentElement.scrollHeight`).Int()
	s.who.MustSetViewport(width, height, 1, width == windows[0].width) // a desktop's scroll bar would make a phone's page narrower
	if !s.who.MustEval(`() => "axe" in window`).Bool() {
		if _, err := s.who.Eval("() => { " + axe + " }"); err != nil {
			t.Fatalf("%s: loading axe: %v", name, err)
		}
	}
	rules := []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}
	if theme != "light" {
		rules = []string{"color-contrast", "link-in-text-block"}
	}
	found := s.who.MustEval(`(rules) => axe.run(document, {runOnly: rules})
		.then(r => JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 160) + " | " + (n.any[0]?.message ?? ""))}))))`, rules).Str()
	var violations []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("%s: axe: %s (%s)\n  %s", name, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
	}
}

// watch listens for requests that leave the site and for whatever the browser complains of.
func watch(p *person) func() []string {
	var mu sync.Mutex
	var complaints []string
	add := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		complaints = append(complaints, fmt.Sprintf(format, args...))
	}
	pages := map[string]bool{} // a page that is itself a refusal is no fault
	page, cancel := p.WithCancel()
	_ = proto.LogClear{}.Call(page) // what was said of pages before is kept, and told at once
	_ = proto.LogEnable{}.Call(page)
	_ = proto.NetworkEnable{}.Call(page)
	listen := page.EachEvent(func(e *proto.NetworkRequestWillBeSent) {
		pages[e.Request.URL] = pages[e.Request.URL] || e.Type == proto.NetworkResourceTypeDocument
		if to := e.Request.URL; !strings.HasPrefix(to, p.site) && !strings.HasPrefix(to, "data:") && !strings.HasPrefix(to, "ws"+strings.TrimPrefix(p.site, "http")) {
			add("asks %s", to)
		}
	}, func(e *proto.LogEntryAdded) {
		// The page to leave for has no icon: the tab is not to be known by one.
		refused := (pages[e.Entry.URL] || e.Entry.URL == p.site+"/favicon.ico") && e.Entry.Source == proto.LogLogEntrySourceNetwork
		if e.Entry.Level == proto.LogLogEntryLevelError && !refused {
			add("the browser says: %s (%s)", e.Entry.Text, e.Entry.URL)
		}
	}, func(e *proto.RuntimeExceptionThrown) {
		add("a script failed: %s", e.ExceptionDetails.Text)
	})
	go listen()
	return func() []string {
		cancel()
		mu.Lock()
		defer mu.Unlock()
		return complaints
	}
}

// light weighs a first visit: everything that comes over the wire with an empty cache.
func (s screen) light(t *testing.T) {
	page, cancel := s.who.WithCancel()
	var mu sync.Mutex
	size := 0.0
	listen := page.EachEvent(func(e *proto.NetworkLoadingFinished) {
		mu.Lock()
		defer mu.Unlock()
		size += e.EncodedDataLength
	})
	go listen()
	_ = proto.NetworkClearBrowserCache{}.Call(page)
	s.who.open(s.path)
	s.who.Page.Timeout(patience).MustWaitIdle()
	cancel()
	mu.Lock()
	defer mu.Unlock()
	if size == 0 || size > firstView {
		t.Errorf("%s brings %.0f bytes at the first visit, of at most %d", s.name, size, firstView)
	}
	t.Logf("%s: %.1f KB", s.name, size/1024)
}
