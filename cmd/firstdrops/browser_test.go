package main

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
	"github.com/nats-io/nats-server/v2/server"

	"firstdrops/server/platform/testdb"
)

// patience is how long a person in these tests waits for anything.
const patience = 30 * time.Second

// chromium starts one browser for the test; each person gets a context of their own in it.
func chromium(t *testing.T) *rod.Browser {
	t.Helper()
	binary, found := launcher.LookPath()
	if !found {
		t.Fatal("there is no Chromium: make deps installs it")
	}
	start := launcher.New().Bin(binary).NoSandbox(true).Leakless(false).
		Set("disable-dev-shm-usage").Set("disable-quic").Set("disable-component-update").Set("disable-sync")
	address, err := start.Launch()
	if err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	t.Cleanup(func() { start.Kill(); start.Cleanup() })
	browser := rod.New().ControlURL(address)
	if err := browser.Connect(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = browser.Close() })
	return browser
}

// person is somebody with a browser of their own, who goes to one node of the site.
type person struct {
	*rod.Page
	t      *testing.T
	site   string
	handle string // "guest" until they have joined
}

func visit(t *testing.T, browser *rod.Browser, site string) *person {
	t.Helper()
	context := browser.MustIncognito()
	p := &person{t: t, site: site, handle: "guest", Page: context.MustPage("")}
	p.MustSetViewport(1280, 800, 1, false)
	return p
}

func (p *person) open(path string) {
	p.t.Helper()
	p.Page.Timeout(patience).MustNavigate(p.site + path).MustWaitLoad()
}

func (p *person) find(selector string) *rod.Element {
	p.t.Helper()
	element, err := p.Page.Timeout(patience).Element(selector)
	if err != nil {
		p.t.Fatalf("looking for %s on %s: %v", selector, p.MustInfo().URL, err)
	}
	return element.CancelTimeout()
}

// says waits until an element that matches says the words.
func (p *person) says(selector, words string) *rod.Element {
	p.t.Helper()
	element, err := p.Page.Timeout(patience).ElementR(selector, words)
	if err != nil {
		p.t.Fatalf("waiting for %q in %s on %s: %v\n%.2000s", words, selector, p.MustInfo().URL, err, p.MustElement("body").MustText())
	}
	return element.CancelTimeout()
}

// submit presses a form's main button and waits for the page that follows.
func (p *person) submit(selector string) {
	p.t.Helper()
	p.led(func() { p.find(selector).MustClick() })
}

// led waits for the page to which an act leads. Only another document counts: on a busy machine the page before may come to
// rest so late that its rest would be taken for it.
func (p *person) led(act func()) {
	p.t.Helper()
	page := p.Timeout(patience)
	wait := page.EachEvent(func(e *proto.PageFrameNavigated) bool { return e.Frame.ParentID == "" })
	act()
	wait()
	page.MustWaitLoad()
}

func (p *person) join(handle string) {
	p.t.Helper()
	p.open("/signup")
	p.find("#handle").MustInput(handle)
	p.find("#email").MustInput(handle + "@example.org")
	p.find("#password").MustInput("four words that only " + handle + " knows")
	p.find("[name=rules]").MustClick()
	p.submit("main form [class~=btn-main]")
	p.open("/")
	p.says("h1, .nav, header", handle)
	p.handle = handle
}

// say sends a message in the room that is open, by the keyboard.
func (p *person) say(words string) {
	p.t.Helper()
	p.find("[data-say] textarea").MustInput(words)
	p.find("[data-send]").MustClick()
}

// heard are the words of the room's messages, in the order in which they stand.
func (p *person) heard() []string {
	p.t.Helper()
	var words []string
	for _, body := range p.MustElements("[data-log] li.msg .msg-body") {
		words = append(words, strings.TrimSpace(body.MustText()))
	}
	return words
}

// gate is a small proxy in front of a node; shut, it cuts every connection and takes none.
type gate struct {
	t       *testing.T
	address string
	target  string
	mu      sync.Mutex
	listen  net.Listener
	open    []net.Conn
}

func newGate(t *testing.T, target string) *gate {
	t.Helper()
	g := &gate{t: t, address: freeAddress(t), target: target}
	g.unshut()
	t.Cleanup(g.shut)
	return g
}

func (g *gate) unshut() {
	g.t.Helper()
	listener, err := net.Listen("tcp", g.address)
	if err != nil {
		g.t.Fatal(err)
	}
	g.mu.Lock()
	g.listen = listener
	g.mu.Unlock()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go g.pass(conn)
		}
	}()
}

func (g *gate) pass(near net.Conn) {
	far, err := net.Dial("tcp", g.target)
	if err != nil {
		_ = near.Close()
		return
	}
	g.mu.Lock()
	g.open = append(g.open, near, far)
	g.mu.Unlock()
	go func() { _, _ = io.Copy(far, near); _ = far.Close() }()
	_, _ = io.Copy(near, far)
	_ = near.Close()
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.listen.Close()
	for _, conn := range g.open {
		_ = conn.Close()
	}
	g.open = nil
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// startNATS runs a NATS server of its own, as a site of several nodes has it.
func startNATS(t *testing.T, address string) *server.Server {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	nats, err := server.NewServer(&server.Options{Host: host, Port: number, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	nats.Start()
	if !nats.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS does not start")
	}
	t.Cleanup(nats.Shutdown)
	return nats
}

// startNode runs a node in this process, exactly as `serve` builds it; base is where people reach it.
func startNode(t *testing.T, listen, base string, settings map[string]string) {
	t.Helper()
	environment := map[string]string{
		"FIRSTDROPS_LISTEN": listen, "FIRSTDROPS_BASE_URL": base, "FIRSTDROPS_ADMIN_LISTEN": freeAddress(t),
		"FIRSTDROPS_DATA": t.TempDir(), "FIRSTDROPS_LIMITS": "off",
	}
	for name, value := range settings {
		environment[name] = value
	}
	config, err := ReadConfig(func(name string) string { return environment[name] })
	if err != nil {
		t.Fatal(err)
	}
	n := &node{config: config}
	t.Cleanup(n.close)
	if err := n.open(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestTwoPeopleOnTwoNodes is a whole evening: two people in two browsers, on two nodes, join, post,
// quote and talk; one of them loses the connection and the site loses its bus.
func TestTwoPeopleOnTwoNodes(t *testing.T) {
	t.Parallel()
	bus := freeAddress(t)
	nats := startNATS(t, bus)
	settings := map[string]string{"DATABASE_URL": testdb.Target(t).URL(), "NATS_URL": "nats://" + bus}
	one, two := freeAddress(t), freeAddress(t)
	door := newGate(t, two)
	startNode(t, one, "http://"+one, settings)
	startNode(t, two, "http://"+door.address, settings)
	browser := chromium(t)
	wren, sol := visit(t, browser, "http://"+one), visit(t, browser, "http://"+door.address)
	wren.join("wren")
	sol.join("sol")

	wren.open("/c/relactation/new")
	wren.find("#title").MustInput("Five weeks since her last feed")
	wren.find("#body").MustInput("This morning a **wet** flange. Is that something?")
	wren.submit("main form [class~=btn-main]")
	thread := strings.TrimPrefix(wren.MustInfo().URL, wren.site)
	wren.says(".prose", "wet flange")

	sol.open(thread)
	sol.says("[data-quote]", "Quote").MustClick()
	sol.find("#reply textarea").MustInput("\nIt is. Mine began like that.")
	sol.submit("#reply [class~=btn-main]")
	wren.open(thread)
	wren.says(".prose blockquote", "wet")
	wren.says("article[data-n='2']", "Mine began like that")
	wren.says("article[data-n='2'] a", "post 1")

	talk(t, wren, sol, door, func() { nats.Shutdown(); nats.WaitForShutdown() }, func() { startNATS(t, bus) })
}

func talk(t *testing.T, wren, sol *person, door *gate, loseBus, regainBus func()) {
	t.Helper()
	for _, p := range []*person{wren, sol} {
		p.open("/rooms/lounge")
		p.says("[data-connection]", "Connected")
	}
	wren.say("Is anybody awake")
	sol.says(".msg-body", "Is anybody awake")
	sol.say("Here too")
	wren.says(".msg-body", "Here too")

	door.shut()
	loseBus()
	sol.says("[data-connection]", "Offline|Connecting|kept")
	var want []string
	for i := range 10 {
		words := fmt.Sprintf("missed line %d", i+1)
		want = append(want, words)
		wren.say(words)
		wren.says(".msg-body", "^"+words+"$")
	}
	sol.say("written while away")
	regainBus()
	door.unshut()
	sol.says(".msg-body", "missed line 10")
	wren.says(".msg-body", "written while away")
	want = append([]string{"Is anybody awake", "Here too"}, append(want, "written while away")...)
	for name, p := range map[string]*person{"wren": wren, "sol": sol} {
		eventually(t, patience, name+" to have every line once", func() bool { return slices.Equal(p.heard(), want) })
	}
}

// TestNothingTypedIsLost: half a reply comes back after a reload, on another device, and after the
// session ended; it goes when it was sent.
func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	site := "http://" + address
	startNode(t, address, site, map[string]string{"DATABASE_URL": testdb.Target(t).URL()})
	browser := chromium(t)
	wren := visit(t, browser, site)
	wren.join("wren")
	thread := wren.post("/c/relactation/threads", url.Values{"title": {"Half a sentence"}, "body": {"One."}})
	wren.open(thread)
	wren.find("#reply textarea").MustInput("Mine started with")
	wren.open(thread)
	wren.holds("#reply textarea", "Mine started with")

	wren.says("#kept", "Kept") // and now the server has it too
	wren.awaitDraft("Mine started with")
	wren.MustEval(`() => localStorage.clear()`)
	wren.open(thread)
	wren.holds("#reply textarea", "Mine started with")

	wren.find("#reply textarea").MustSelectAllText().MustInput("Mine started with a wet flange")
	wren.MustSetCookies(&proto.NetworkCookieParam{Name: "session", Value: "over", URL: site})
	wren.submit("#reply [class~=btn-main]")
	wren.says("h1", "Sign in")
	wren.find("[name=login]").MustInput("wren")
	wren.find("[name=password]").MustInput("four words that only wren knows")
	wren.submit("main form [class~=btn-main]")
	wren.open(thread)
	wren.holds("#reply textarea", "Mine started with a wet flange")
	wren.submit("#reply [class~=btn-main]")
	wren.says("article[data-n='2']", "Mine started with a wet flange")
	wren.open(thread)
	wren.holds("#reply textarea", "")
}

// holds waits until a field holds exactly these words.
func (p *person) holds(selector, words string) {
	p.t.Helper()
	eventually(p.t, patience, fmt.Sprintf("%s to hold %q", selector, words), func() bool {
		return p.find(selector).MustProperty("value").Str() == words
	})
}

// awaitDraft waits until the server would bring these words back to a device that knows nothing.
func (p *person) awaitDraft(words string) {
	p.t.Helper()
	eventually(p.t, patience, fmt.Sprintf("the server to keep %q", words), func() bool {
		return strings.Contains(p.MustEval(`() => fetch(location.href).then(r => r.text())`).Str(), words)
	})
}
