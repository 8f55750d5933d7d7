package chat_test

import (
	"testing"
	"time"

	"firstdrops/server/platform/ratelimit"
	"firstdrops/web/static"
)

// The client's own rules, each module by itself in a real browser with a clock that the test turns.

const withClock = `async (path) => {
	const timers = [];
	window.setTimeout = (fn, ms) => timers.push({ fn, ms });
	window.clearTimeout = (id) => id && (timers[id - 1] = null);
	// ring lets the next timer of this length go off.
	const ring = (ms) => {
		const i = timers.findIndex((timer) => timer && (ms === undefined || timer.ms === ms));
		if (i < 0) throw new Error("no timer of " + ms);
		const { fn } = timers[i];
		timers[i] = null;
		fn();
	};
	const module = await import(path);
`

func TestOutboxSendsUntilThereIsAnAnswer(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	page := h.visit(chromium(t), h.join("river"))
	got := page.MustEval(withClock+`
		localStorage.clear();
		const sent = [], shown = new Map();
		const make = () => new module.Outbox("river:test", {
			send: (entry) => sent.push(entry.body),
			show: (entry, state, again) => shown.set(entry.body, again ?? state),
		});
		const box = make();
		const said = [];
		const say = (what) => said.push(what + ": " + sent.splice(0).join() + " / " + [...shown].map((pair) => pair.join(" = ")).join("; "));
		box.add("a", 0);
		say("offline");
		box.opened();
		box.add("b", 0);
		say("one flies, one waits");
		ring(10_000); ring(10_000);
		say("not answered twice");
		ring(10_000);
		say("given up after three");
		const [a, b] = box.entries.keys();
		box.arrived(b);
		box.again(a);
		shown.delete("b");
		say("by hand");
		box.refused({ id: a, code: "rate", retry: 777 });
		box.add("c", 0);
		say("asked to wait");
		ring(777);
		say("waited");
		box.refused({ id: a, code: "too_long", msg: "Too long." });
		say("refused for good");
		say(box.again(a) ?? "a tap does not send it");
		shown.clear();
		make();
		say("after a reload");
		const back = box.takeBack(a);
		say("taken back " + back.body + ", kept " + Object.keys(localStorage).filter((name) => name.startsWith("unsent:river:test")).length);
		return said.join("\n");
	}`, static.Prefix()+"/js/outbox.js").Str()
	want := `offline:  / a = kept, sent when you are back
one flies, one waits: a / a = sending; b = sending
not answered twice: a,a / a = sending; b = sending
given up after three: b / a = Not sent. Tap to try again; b = sending
by hand: a / a = sending
asked to wait:  / a = waiting a moment, then sent; c = sending
waited: a / a = sending; c = sending
refused for good: c / a = Not sent. Tap to change it; c = sending
a tap does not send it:  / a = Not sent. Tap to change it; c = sending
after a reload:  / a = Not sent. Tap to change it; c = kept, sent when you are back
taken back a, kept 1:  / a = Not sent. Tap to change it; c = kept, sent when you are back`
	if got != want {
		t.Errorf("the outbox:\n%s\nwant:\n%s", got, want)
	}
}

func TestSocketKnowsWhichEndsAreForGood(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	page := h.visit(chromium(t), h.join("river"))
	got := page.MustEval(withClock+`
		const made = [];
		window.WebSocket = class { static OPEN = 1; constructor() { made.push(this); } close() {} };
		const said = [];
		for (const code of [1000, 1001, 1006, 1012, 1013, 4001, 4399, 4400, 4401, 4429, 4999]) {
			const states = [];
			const socket = new module.Socket({ rooms: () => ({}), heard() {}, refused() {}, changed: (state) => states.push(state) });
			socket.connect();
			made.at(-1).onclose({ code });
			said.push(code + " " + states.at(-1));
		}
		const pauses = [];
		const socket = new module.Socket({ rooms: () => ({}), heard() {}, refused() {}, changed() {} });
		Math.random = () => 1;
		socket.connect();
		for (let i = 0; i < 8; i++) {
			made.at(-1).onclose({ code: 1006 });
			const timer = timers.findLast(Boolean);
			pauses.push(timer.ms);
			timers.length = 0;
			timer.fn();
		}
		said.push(pauses.join());
		made.at(-1).onmessage({ data: '{"t":"bye","window":4321}' });
		made.at(-1).onclose({ code: 1012 });
		said.push("bye " + timers.findLast(Boolean).ms);
		return said.join("; ");
	}`, static.Prefix()+"/js/socket.js").Str()
	want := "1000 lost; 1001 lost; 1006 lost; 1012 lost; 1013 lost; 4001 lost; 4399 lost; 4400 over; 4401 over; 4429 over; 4999 over; " +
		"500,1000,2000,4000,8000,16000,30000,30000; bye 4321"
	if got != want {
		t.Errorf("the ends: %s\nwant: %s", got, want)
	}
}

func TestSocketNoticesWhatNobodySays(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	page := h.visit(chromium(t), h.join("river"))
	got := page.MustEval(withClock+`
		let now = 1_000_000, hidden = false;
		Date.now = () => now;
		Object.defineProperty(document, "hidden", { get: () => hidden });
		const made = [];
		window.WebSocket = class { static OPEN = 1; constructor() { made.push(this); } close() {} };
		const socket = new module.Socket({ rooms: () => ({}), heard() {}, refused() {}, changed() {} });
		socket.connect();
		const said = [];
		const welcome = () => made.at(-1).onmessage({ data: '{"t":"welcome","now":5}' });
		const again = () => { socket.connect(); welcome(); };
		const happens = (what, event, target = window) => {
			made.length = 0;
			if (event) target.dispatchEvent(event);
			else socket.watch();
			said.push(what + " " + (made.length > 0 ? "new" : socket.ws ? "kept" : "lost"));
		};
		const hide = (seconds) => {
			hidden = true;
			document.dispatchEvent(new Event("visibilitychange"));
			now += seconds * 1_000;
			hidden = false;
			happens("hidden for " + seconds, new Event("visibilitychange"), document);
		};
		now += 11_000;
		happens("no welcome");
		again();
		now += 39_000;
		happens("39 s of silence");
		now += 2_000;
		happens("41 s of silence");
		again();
		hide(9);
		hide(10);
		welcome();
		happens("offline", new Event("offline"));
		happens("online", new Event("online"));
		welcome();
		happens("pagehide", new Event("pagehide"));
		happens("back", Object.assign(new Event("pageshow"), { persisted: true }));
		return said.join("; ");
	}`, static.Prefix()+"/js/socket.js").Str()
	want := "no welcome lost; 39 s of silence kept; 41 s of silence lost; hidden for 9 kept; hidden for 10 new; " +
		"offline lost; online new; pagehide lost; back new"
	if got != want {
		t.Errorf("it noticed: %s\nwant: %s", got, want)
	}
}

func TestRoomWaitsWhenItIsAskedTo(t *testing.T) {
	t.Parallel()
	h := open(t, ratelimit.New(1, 4*time.Second))
	river := h.visit(chromium(t), h.join("river"))
	for _, words := range []string{"one", "two", "three"} {
		river.say(words)
	}
	river.MustElementR("[data-state]", "waiting a moment, then sent")
	river.reads("one", "two", "three")
}

func TestTwoTabsOfOnePersonAreOne(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	sol := h.join("sol")
	back := h.visit(chromium(t), h.join("river"))
	front := window{back.Browser().MustPage("").Timeout(30 * time.Second), t, back.who}
	front.open(h)
	front.say("from the front")
	back.reads("from the front")
	if class := *back.MustElement("#m-1").MustAttribute("class"); class != "msg msg-mine" {
		t.Errorf("my own words are %q in my other tab", class)
	}
	back.MustElementR("[data-here]", "1 here")
	h.says(sol, "hello")
	back.reads("from the front", "hello")
	front.reads("from the front", "hello")
}
