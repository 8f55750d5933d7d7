package chat_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
)

// window is one person's browser, open at a room.
type window struct {
	*rod.Page
	t   *testing.T
	who member
}

// chromium starts a browser for one test.
func chromium(t *testing.T) *rod.Browser {
	t.Helper()
	bin, there := launcher.LookPath()
	if !there {
		t.Fatal("there is no Chromium: make deps installs it")
	}
	l := launcher.New().Bin(bin).NoSandbox(os.Geteuid() == 0).Leakless(false)
	t.Cleanup(l.Cleanup)
	t.Cleanup(l.Kill)
	browser := rod.New().ControlURL(l.MustLaunch()).MustConnect()
	t.Cleanup(func() { _ = browser.Close() })
	return browser
}

// visit opens the lounge in a browser of their own, on a desktop.
func (h *house) visit(browser *rod.Browser, who member) window {
	h.t.Helper()
	mine := browser.MustIncognito()
	mine.MustSetCookies(&proto.NetworkCookie{Name: "session", Value: who.token, Domain: "127.0.0.1", Path: "/"})
	page := mine.MustPage("").Timeout(30 * time.Second)
	page.MustSetViewport(1280, 800, 1, false)
	w := window{page, h.t, who}
	w.open(h)
	return w
}

func (w window) open(h *house) {
	w.t.Helper()
	w.MustNavigate(h.wire.url("/rooms/lounge"))
	w.state("Connected")
}

func (w window) state(words string) { w.MustElementR("[data-connection]", words) }

func (w window) say(words string) {
	w.t.Helper()
	w.MustElement("#body").MustInput(words).MustType(input.Enter)
}

// log is what the rows say, in their order.
func (w window) log() []string {
	w.t.Helper()
	var rows []string
	for _, row := range w.MustEval(`() => [...document.querySelectorAll("[data-log] li:is([data-n], [data-cmid])")].map(
		(row) => (row.dataset.n ?? "-") + " " + row.querySelector(".msg-body")?.textContent.trim())`).Arr() {
		rows = append(rows, row.Str())
	}
	return rows
}

// reads waits until the log holds exactly these messages, in this order, numbered without a hole.
func (w window) reads(want ...string) {
	w.t.Helper()
	for i := range want {
		want[i] = fmt.Sprintf("%d %s", i+1, want[i])
	}
	for deadline := time.Now().Add(15 * time.Second); !slices.Equal(w.log(), want); {
		if time.Now().After(deadline) {
			w.t.Fatalf("the log reads\n%s\nwant\n%s", strings.Join(w.log(), "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestRoomLives(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	browser := chromium(t)
	river, sol := h.visit(browser, h.join("river")), h.visit(browser, h.join("sol"))

	river.say("hello")
	river.reads("hello")
	sol.reads("hello")
	river.MustElementR("[data-here]", "2 here")
	sol.MustElementR("[data-who]", "river and you")
	if row := sol.MustElement("#m-1").MustText(); !strings.Contains(row, "river") || !strings.Contains(row, "Peer experience") {
		t.Errorf("sol sees %q", row)
	}

	sol.MustElement("#m-1 [data-reply]").MustClick()
	sol.MustElement("#body").MustInput("half")
	river.MustElementR("[data-typing]", "sol is writing")
	river.say("one more")
	sol.reads("hello", "one more")
	if focused := sol.MustEval(`() => document.activeElement.id + " " + document.activeElement.value`).Str(); focused != "body half" {
		t.Errorf("an arrival took the focus or the words: %q", focused)
	}
	sol.MustElement("#body").MustInput(" done").MustType(input.Enter)
	river.reads("hello", "one more", "half done")
	river.MustElementR("#m-3 [data-answers]", "to you: hello")

	sol.MustElement("#m-2 [data-reply]").MustClick()
	sol.MustElement("#body").MustType(input.Escape)
	if !sol.MustEval(`() => document.querySelector("[data-answering]").hidden`).Bool() {
		t.Error("Escape does not leave the answer")
	}
	river.MustElement("[data-quick] button").MustClick()
	sol.reads("hello", "one more", "half done", "Here too")
}

func TestRoomLosesNothingOnABadWire(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	sol := h.join("sol")
	river := h.visit(chromium(t), h.join("river"))
	h.says(sol, "before")
	river.reads("before")

	h.wire.cut()
	river.state("Offline. What you write is kept and sent when you are back")
	river.say("first from afar")
	river.say("second from afar")
	river.MustElementR("[data-cmid] [data-state]", "kept, sent when you are back")
	want := []string{"before"}
	for i := range 10 {
		words := fmt.Sprintf("missed %d", i+1)
		h.says(sol, words)
		want = append(want, words)
	}
	h.wire.mend()
	river.MustEval(`() => dispatchEvent(new Event("online"))`)
	river.state("Connected")
	want = append(want, "first from afar", "second from afar")
	river.reads(want...)
	if kept := h.history(river.who); len(kept) != 13 {
		t.Errorf("the room has %d messages", len(kept))
	}
}

func TestRoomKeepsWhatWasTypedOverAReload(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.visit(chromium(t), h.join("river"))
	h.wire.cut()
	river.state("Offline")
	river.say("written in the tunnel")
	river.MustElement("#body").MustInput("half a thou")
	river.MustNavigate("about:blank")
	h.wire.mend()
	river.open(h)
	river.reads("written in the tunnel")
	if draft := river.MustElement("#body").MustText(); draft != "half a thou" {
		t.Errorf("the draft is %q", draft)
	}
	river.open(h)
	river.reads("written in the tunnel")
	if left := river.MustEval(`() => Object.keys(localStorage).filter((name) => name.startsWith("unsent:")).length`).Int(); left != 0 {
		t.Errorf("%d messages are still kept on the device", left)
	}
}

func TestRoomKeepsTheReadersPlace(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	sol := h.join("sol")
	for i := range 80 {
		h.says(sol, fmt.Sprintf("number %d", i+1))
	}
	river := h.visit(chromium(t), h.join("river"))
	atEnd := `() => { const end = document.querySelector("[data-log] ol > :last-child").getBoundingClientRect();
		const log = document.querySelector("[data-log]").getBoundingClientRect(); return end.bottom <= log.bottom && end.bottom > log.top; }`
	if !river.MustEval(atEnd).Bool() {
		t.Error("the room does not open at its end")
	}

	// Back by half: what is read stays where it is, whatever comes below.
	river.MustEval(`() => { document.querySelector("[data-log]").scrollTop = -600; }`)
	top := `() => document.querySelector("#m-60").getBoundingClientRect().top`
	stood := river.MustEval(top).Int()
	h.says(sol, "number 81")
	river.MustElementR("[data-below]", "1 new below")
	if now := river.MustEval(top).Int(); now != stood {
		t.Errorf("the words moved by %d", now-stood)
	}
	covered := `() => document.querySelector("[data-below]").getBoundingClientRect().top >= document.querySelector("[data-log]").getBoundingClientRect().bottom - 1`
	if !river.MustEval(covered).Bool() {
		t.Error("the notice covers words")
	}

	// Up to the first message, which is loaded on the way.
	river.MustElement("[data-log]").MustFocus()
	for range 40 {
		river.Keyboard.MustType(input.PageUp)
		if river.MustHas("#m-1") {
			break
		}
	}
	river.MustElement("#m-1")
	rows := river.log()
	if len(rows) != 81 || rows[0] != "1 number 1" || rows[80] != "81 number 81" {
		t.Errorf("%d rows, from %q", len(rows), rows[0])
	}
	river.MustElement("[data-below] button").MustClick()
	if !river.MustEval(atEnd).Bool() {
		t.Error("the button does not lead to the end")
	}
}

func TestRoomSaysWhyItDidNotSend(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.visit(chromium(t), h.join("river"))
	river.MustElement("#body").MustInput(strings.Repeat("much ", 900)).MustType(input.Enter)
	river.MustElementR("[data-fault]", "at most 4,000 characters")
	if kept := len(river.MustElement("#body").MustText()); kept < 4400 {
		t.Errorf("%d characters are left", kept)
	}
	river.MustElement("#body").MustSelectAllText().MustInput("a \u202e turned word").MustType(input.Enter)
	river.MustElementR("[data-again]", "Tap to change it").MustClick()
	if words := river.MustElement("#body").MustText(); words != "a \u202e turned word" {
		t.Errorf("the words did not come back: %q", words)
	}

	must(t, h.accounts.SignOut(t.Context(), river.who.Viewer))
	river.state("This sign-in is over")
	river.MustElementR("[data-connection] a", "Go on")
}

func TestRoomStartsAfreshWhenTooMuchWasMissed(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	sol := h.join("sol")
	river := h.visit(chromium(t), h.join("river"))
	h.says(sol, "before")
	river.reads("before")
	h.wire.cut()
	river.state("Offline")
	for i := range 510 {
		h.says(sol, fmt.Sprintf("missed %d", i+1))
	}
	h.wire.mend()
	river.MustEval(`() => dispatchEvent(new Event("online"))`)
	river.MustElementR("[data-event]", "What was said meanwhile is above, under Earlier messages")
	if rows := river.log(); len(rows) != 50 || rows[0] != "462 missed 461" || rows[49] != "511 missed 510" {
		t.Errorf("%d rows, from %q to %q", len(rows), rows[0], rows[len(rows)-1])
	}
	h.says(sol, "and now")
	river.MustElementR("#m-512", "and now")
	river.MustEval(`() => document.querySelector("[data-earlier] a").click()`)
	river.MustElementR("#m-412", "missed 411")
}
