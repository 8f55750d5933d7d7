package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"

	"firstdrops/server/platform/testdb"
)

// TestQuietExit: whoever presses Shift three times, or Exit, leaves a plain page behind, and nothing on the device; going back
// shows nothing of the place. What the server keeps is there when they come again.
func TestQuietExit(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	site := "http://" + address
	startNode(t, address, site, map[string]string{"DATABASE_URL": testdb.Target(t).URL()})
	browser := chromium(t)
	wren := visit(t, browser, site)
	wren.join("wren")
	thread := wren.post("/c/relactation/threads", url.Values{"title": {"A question for nobody else"}, "body": {"Planted."}})

	wren.open(thread)
	wren.find("#reply textarea").MustInput("Half a draft")
	wren.says("#kept", "Kept")
	if kept := wren.MustEval(`() => localStorage.length`).Int(); kept == 0 {
		t.Fatal("no draft is kept on the device, so that nothing could be forgotten")
	}
	wren.shifts()
	wren.hasLeft()
	_, err := wren.Page.Timeout(patience).Eval(`() => { history.back() }`)
	wren.must(err)
	wren.hasLeft()

	wren.open(thread)
	wren.holds("#reply textarea", "Half a draft")
	wren.open("/rooms/lounge")
	wren.says("[data-connection]", "Connected")
	wren.find("[data-exit]").MustClick()
	wren.hasLeft()
	wren.open("/no-such-page")
	wren.shifts()
	wren.hasLeft()

	guest := visit(t, browser, site)
	guest.open("/rules")
	exit := guest.find("[data-exit]").MustShape().OnePointInside()
	guest.must(proto.EmulationSetScriptExecutionDisabled{Value: true}.Call(guest.Page))
	guest.must(guest.Page.Timeout(patience).Navigate(site + thread))
	guest.titled("Thread")
	guest.must(guest.Mouse.MoveTo(*exit))
	guest.must(guest.Mouse.Click(proto.InputMouseButtonLeft, 1))
	guest.titled("Kitchen measures")
}

func (p *person) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// titled waits until the tab's title begins so; it needs no script.
func (p *person) titled(begins string) {
	p.t.Helper()
	eventually(p.t, patience, "the tab to say "+begins, func() bool { return strings.HasPrefix(p.MustInfo().Title, begins) })
}

// TestShiftLeavesOnlyWhenItIsMeant: capitals, shortcuts and slow fingers leave nobody's page.
func TestShiftLeavesOnlyWhenItIsMeant(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	site := "http://" + address
	startNode(t, address, site, map[string]string{"DATABASE_URL": testdb.Target(t).URL()})
	guest := visit(t, chromium(t), site)
	guest.open("/rules")
	for what, keys := range map[string]string{
		"capitals":       `for (const key of "Shift A Shift B Shift C".split(" ")) press(key, 0)`,
		"a shortcut":     `for (let i = 0; i < 3; i++) press("Shift", 0, { ctrlKey: true })`,
		"a held key":     `for (let i = 0; i < 9; i++) press("Shift", 0, { repeat: true })`,
		"slow fingers":   `for (let i = 0; i < 4; i++) press("Shift", 1000)`,
		"only two times": `for (let i = 0; i < 2; i++) press("Shift", 0)`,
	} {
		guest.MustEval(`() => {
			let now = 0;
			const press = (key, later, more) => {
				const event = new KeyboardEvent("keydown", { key, bubbles: true, ...more });
				Object.defineProperty(event, "timeStamp", { value: (now += later) });
				document.body.dispatchEvent(event);
			};
			press("Escape", 0);
			` + keys + `;
		}`)
		if words := guest.MustElement("body").MustText(); !strings.Contains(words, "House rules") {
			t.Errorf("%s left the page", what)
		}
	}
}

// shifts presses Shift three times, wherever the focus is.
func (p *person) shifts() {
	p.t.Helper()
	for range 3 {
		p.must(p.Keyboard.Press(input.ShiftLeft))
		p.must(p.Keyboard.Release(input.ShiftLeft))
	}
}

// hasLeft waits until a plain page stands there, with nothing of the place on it or on the device.
func (p *person) hasLeft() {
	p.t.Helper()
	eventually(p.t, patience, "the plain page", func() bool {
		state, err := p.Page.Timeout(time.Second).Eval(`() => document.title + " " + localStorage.length + sessionStorage.length + " " + document.body?.innerText`)
		if err == nil && strings.Contains(state.Value.Str(), "Planted.") && strings.HasPrefix(state.Value.Str(), "Kitchen") {
			p.t.Fatal("the plain page shows the thread")
		}
		return err == nil && strings.HasPrefix(state.Value.Str(), "Kitchen measures 00 Kitchen")
	})
}
