package notify_test

import (
	"os"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
)

// window is one person's browser.
type window struct {
	*rod.Page
	t *testing.T
}

// visit opens a page in a browser of somebody's own.
func (p person) visit(path string) window {
	p.Helper()
	bin, there := launcher.LookPath()
	if !there {
		p.Fatal("there is no Chromium: make deps installs it")
	}
	l := launcher.New().Bin(bin).NoSandbox(os.Geteuid() == 0).Leakless(false)
	p.Cleanup(l.Cleanup)
	p.Cleanup(l.Kill)
	browser := rod.New().ControlURL(l.MustLaunch()).MustConnect()
	p.Cleanup(func() { _ = browser.Close() })
	browser.MustSetCookies(&proto.NetworkCookie{Name: "session", Value: p.token, Domain: "127.0.0.1", Path: "/"})
	w := window{browser.MustPage("").Timeout(60 * time.Second), p.T}
	w.MustSetViewport(1280, 800, 1, false)
	w.MustNavigate(p.site.URL + path)
	return w
}

// rings waits until the bell in the bar on top shows this count; "" is none.
func (w window) rings(want string) {
	w.t.Helper()
	w.MustWait(`(want) => {
		const bell = document.querySelector(".topbar [data-bell]");
		return (bell.hidden ? "" : bell.querySelector("[data-unread]").textContent) === want;
	}`, want)
}

// TestTheBellRisesWithoutAReload follows it on a page, into a room, and until the notices were seen.
func TestTheBellRisesWithoutAReload(t *testing.T) {
	t.Parallel()
	h := open(t)
	river, sol := h.member("river"), h.member("sol")
	thread := river.thread("Is it too late?", "She is ten weeks old.")
	h.settle()
	w := river.visit("/rules")
	w.MustEval(`() => { window.here = true }`)
	w.rings("")
	sol.reply(thread, "It was not for us.")
	w.rings("1")
	w.MustWait(`() => document.querySelector("[role=status]").textContent === "New notices: 1"`)
	sol.reply(thread, "One more thing.")
	w.rings("2")
	if !w.MustEval(`() => window.here`).Bool() {
		t.Error("the page was loaded again")
	}
	w.MustNavigate(h.site.URL + "/rooms/lounge")
	w.MustElementR("[data-connection]", "Connected")
	sol.reply(thread, "And another.")
	w.rings("3")
	w.MustNavigate(h.site.URL + "/notifications")
	w.MustElementR(".entries", "3 new replies in Is it too late")
	w.rings("") // they were seen for a moment
	if river.unread() != 0 {
		t.Errorf("%d notices wait", river.unread())
	}
}
