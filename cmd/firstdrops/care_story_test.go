package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
)

// evening is who meets in the story of care, on two nodes of one site.
type evening struct {
	wren *person // a parent who asks
	june *person // a consultant
	rook *person // who is rude
	fern *person // who reports it
	maya *person // a moderator
	ada  *person // an administrator

	later func() // the half minute is over in which a decision can be taken back
}

// TestCare is a whole evening of care: a question meets a consultant whose credential was verified, a rude reply meets a
// moderator, and everybody concerned reads what happened. Who goes on is suspended, on whichever node they are.
func TestCare(t *testing.T) {
	t.Parallel()
	bus := freeAddress(t)
	startNATS(t, bus)
	target := testdb.Target(t)
	settings := map[string]string{"DATABASE_URL": target.URL(), "NATS_URL": "nats://" + bus}
	one, two := freeAddress(t), freeAddress(t)
	startNode(t, one, "http://"+one, settings)
	startNode(t, two, "http://"+two, settings)
	browser := chromium(t)
	at := func(node, handle string) *person {
		p := visit(t, browser, "http://"+node)
		p.join(handle)
		return p
	}
	e := evening{wren: at(one, "wren"), june: at(two, "june"), rook: at(two, "rook"), fern: at(one, "fern"), maya: at(one, "maya"), ada: at(one, "ada")}
	e.later = func() { halfAMinuteLater(t, target) }
	e.june.secure()
	promote(t, target, "ada")
	e.ada.secure()
	e.ada.open("/admin/people?q=maya")
	e.ada.find("select[aria-label='Role of maya']").MustSelect("Moderator")
	e.ada.press("button", "Give this role to maya")
	e.maya.open("/")
	e.maya.press("a", "^Set up a second step to act as moderator here$")
	e.maya.secure()

	thread := e.ask()
	e.verify()
	e.answer(thread)
	e.hide(thread)
	e.told()
	e.suspend()
}

// halfAMinuteLater lets what was decided be told now, and waits until it is.
func halfAMinuteLater(t *testing.T, target db.Target) {
	t.Helper()
	database := db.Open(target.WithPool(1))
	defer func() { _ = database.Close() }()
	if _, err := database.ExecContext(t.Context(), "UPDATE river_job SET scheduled_at = now() WHERE kind = 'moderation.decided' AND state = 'scheduled'"); err != nil {
		t.Fatal(err)
	}
	eventually(t, patience, "the decisions to be told", func() bool {
		left := 1
		err := database.NewRaw("SELECT count(*) FROM river_job WHERE kind = 'moderation.decided' AND state <> 'completed'").Scan(t.Context(), &left)
		if err != nil {
			t.Fatal(err)
		}
		return left == 0
	})
}

// ask is the parent's question, put to the consultants.
func (e evening) ask() string {
	e.wren.open("/c/ask-a-consultant")
	e.wren.press("a", "Start a thread")
	e.wren.field("^Title").MustInput("Can it come back after eleven weeks?")
	e.wren.field("^Your words").MustInput("She is eleven weeks old, and I stopped at three.")
	e.wren.field("^Language").MustSelect("English")
	e.wren.field("^Subject").MustSelect("Relactation")
	e.wren.press("button", "Start the thread")
	e.wren.says("h1", "Can it come back")
	return strings.TrimPrefix(e.wren.MustInfo().URL, e.wren.site)
}

// verify is how a consultant comes to her label.
func (e evening) verify() {
	june, ada := e.june, e.ada
	june.open("/consultants")
	june.press("a", "Be listed here")
	june.field("^Name").MustInput("June Talvik")
	june.field("^Whom you help").MustInput("Most of my families have stopped, and would like to know what is still possible.")
	june.field("^By video").MustClick()
	june.field("^City 1").MustInput("Leeds")
	june.field("^Country").MustInput("United Kingdom")
	june.field("^English$").MustClick()
	june.field("^Relactation$").MustClick()
	june.field("^Which one").MustSelect("IBCLC")
	june.field("^Number").MustInput("L-204417")
	june.field("^Country in which").MustInput("United Kingdom")
	june.press("button", "^Apply$")
	june.says("main", "not in the list yet")

	ada.open("/mod")
	ada.press("a", "^Consultants$", "main")
	ada.says("main .rows", "Waits to be checked")
	ada.press("a", "June Talvik")
	ada.field("^Last day").MustInputTime(time.Now().AddDate(2, 0, 0))
	ada.press("button", "^Verify$")
	ada.says("main .rows", "Verified to")
}

// answer is the consultant's, under her label; the parent hears of it where she is, and says that it helped.
func (e evening) answer(thread string) {
	wren, june := e.wren, e.june
	june.open("/")
	june.press("a", "^Questions$")
	june.press("a", "Can it come back")
	june.press("button", "Take this question")
	june.says(".note", "You have taken it")
	june.field("^Your reply").MustInput("Often it can. Eight to twelve short sessions a day are what most begin with.")
	june.press("button", "Send reply")

	wren.rings("1")
	if here := strings.TrimPrefix(wren.MustInfo().URL, wren.site); here != thread {
		wren.t.Errorf("the bell rose at %s, not at %s", here, thread)
	}
	wren.press("a", "Notices")
	wren.says(".entries", "june replied in")
	wren.press("a", "Can it come back")
	answer := wren.says("article.post-ibclc", "Eight to twelve")
	if words := answer.MustText(); !strings.Contains(words, "Verified IBCLC") || !strings.Contains(words, "not a consultation") {
		wren.t.Errorf("the answer stands so:\n%s", words)
	}
	if border := answer.MustEval(`() => parseFloat(getComputedStyle(this).borderTopWidth)`).Num(); border < 1 {
		wren.t.Errorf("its box is %v wide", border)
	}
	wren.tap("summary", "Respond to post 2")
	wren.press("button", "^Helpful$")
	wren.says("article.post-ibclc .felt", "helpful")
}

// hide is a rude reply: reported in two taps, and gone as soon as a moderator has decided.
func (e evening) hide(thread string) {
	const rude = "Some people should never have been mothers"
	e.rook.open(thread)
	e.rook.field("^Your reply").MustInput(rude)
	e.rook.press("button", "Send reply")

	e.fern.open(thread)
	e.fern.says("article[data-n='3']", rude)
	e.fern.tap("summary", "More about post 3")
	e.fern.press("a", "^Report$")
	e.fern.press("button", "Unkind or hurtful")
	e.fern.says("h1", "Thank you")

	e.maya.open("/")
	e.maya.press("a", "^Desk$")
	e.maya.press("a", "Unkind or hurtful")
	e.maya.says(".snapshot", rude)
	e.maya.press("button", "Take this case")
	e.maya.fill("^Hide it", "Unkind or hurtful", "Please find other words for what worries you.")
	e.maya.press("button", "^Decide$")
	e.maya.says("main", "You hid it. For 30 seconds you can take it back")

	for _, p := range []*person{e.wren, e.fern, e.june} {
		p.open(thread)
		if p.MustHas("article[data-n='3']") || strings.Contains(p.MustHTML(), rude) {
			p.t.Errorf("the others still read it:\n%s", p.find("main").MustText())
		}
	}
}

// told is what the reporter and the author read of it; the author asks for another look.
func (e evening) told() {
	e.fern.rings("1") // seen
	e.later()
	e.fern.rings("2") // and closed
	e.fern.press("a", "Notices")
	e.fern.says(".entries", "A moderator has seen your report")
	e.fern.says(".entries", "looked at your report of the post, and acted")
	if words := e.fern.find("main").MustText(); strings.Contains(words, "maya") || strings.Contains(words, "hidden") {
		e.fern.t.Errorf("the reporter reads more than that:\n%s", words)
	}

	e.rook.rings("1")
	e.rook.press("a", "Notices")
	e.rook.says(".entries", "A moderator has hidden your post")
	e.rook.says(".entries", "Why: Unkind or hurtful")
	e.rook.says(".entries blockquote", "find other words")
	e.rook.tap("summary", "Ask for another look")
	e.rook.field("^What should be seen").MustInput("I meant nobody here.")
	e.rook.press("button", "^Send$")
	e.rook.says(".note", "You have asked for another look")
	e.ada.open("/mod/cases")
	e.ada.press("a", "Unkind or hurtful")
	e.ada.says(".note", "I meant nobody here")
}

// suspend closes an open room on the other node, within a second of the tap.
func (e evening) suspend() {
	rook, maya, wren := e.rook, e.maya, e.wren
	for _, p := range []*person{rook, wren} {
		p.open("/rooms/lounge")
		p.says("[data-connection]", "Connected")
	}
	rook.say("Still here")
	wren.says(".msg-body", "Still here")
	maya.open("/u/rook")
	maya.press("a", "Report this person")
	maya.press("button", "Something else")
	maya.open("/mod")
	maya.press("a", "Something else")
	maya.press("button", "Take this case")
	maya.fill("^Suspend rook", "Unkind or hurtful", "Please rest for a week.")
	maya.field("^7 days").MustClick()

	closed := make(chan time.Time, 1)
	rook.MustEval(`() => { window.closing = new Promise((told) => {
		const line = document.querySelector("[data-connection]");
		new MutationObserver(() => line.textContent.includes("suspended") && told(Date.now())).observe(line, {childList: true});
	}) }`)
	go func() {
		at, err := rook.Page.Timeout(patience).Eval(`() => window.closing`)
		if err == nil {
			closed <- time.UnixMilli(int64(at.Value.Num()))
		}
		close(closed)
	}()
	tapped := time.Now()
	maya.press("button", "^Decide$")
	if took := (<-closed).Sub(tapped); took < 0 || took > time.Second {
		rook.t.Errorf("the room closed after %v", took)
	}
	rook.says("[data-connection]", "Your account is suspended. Your notices say until when")
	e.silent()
}

// silent is who is suspended: nothing that they write comes to anybody.
func (e evening) silent() {
	rook := e.rook
	rook.say("And another thing")
	status := rook.MustEval(`() => fetch("/rooms/lounge/messages", {method: "POST", body: new URLSearchParams({
		cmid: crypto.randomUUID(), body: "By another way"})}).then((answer) => answer.status)`).Int()
	if status != http.StatusForbidden {
		rook.t.Errorf("by another way they are answered %d", status)
	}
	e.fern.open("/rooms/lounge")
	e.fern.say("A fence: nothing came before it")
	e.wren.says(".msg-body", "A fence")
	if heard := strings.Join(e.wren.heard(), "\n"); strings.Contains(heard, "And another") || strings.Contains(heard, "another way") {
		rook.t.Errorf("the room heard:\n%s", heard)
	}
	e.later()
	rook.open("/rooms/lounge")
	rook.says("h1", "The rooms are closed to you for now")
	rook.press("a", "Your notices")
	rook.says(".entries", "A moderator has suspended your account")
	rook.says(".entries", "It ends by itself on")
}

// named is the first element that can be seen and has this name for everybody, on the page or in a part of it.
func (p *person) named(selector, name string, within ...string) *rod.Element {
	p.t.Helper()
	part := append(within, "body")[0]
	element, err := p.Page.Timeout(patience).ElementByJS(rod.Eval(`(part, selector, name) =>
		[...document.querySelector(part).querySelectorAll(selector)].find((e) =>
			e.checkVisibility() && new RegExp(name).test((e.ariaLabel ?? e.innerText).trim())) ?? null`, part, selector, name))
	if err != nil {
		p.t.Fatalf("looking for the %s %q on %s: %v\n%.2000s", selector, name, p.MustInfo().URL, err, p.MustElement("body").MustText())
	}
	return element.CancelTimeout()
}

// tap clicks what has this name, as a finger does: where it is, if nothing lies over it. A link's own extent over its row is
// no obstacle, as it is to MustClick.
func (p *person) tap(selector, name string, within ...string) {
	p.t.Helper()
	element := p.named(selector, name, within...)
	element.Timeout(patience).MustScrollIntoView().CancelTimeout()
	at := element.MustShape().OnePointInside()
	if !element.MustEval(`(x, y) => this.contains(document.elementFromPoint(x, y))`, at.X, at.Y).Bool() {
		p.t.Fatalf("something lies over the %s %q on %s", selector, name, p.MustInfo().URL)
	}
	p.Mouse.MustMoveTo(at.X, at.Y).MustClick(proto.InputMouseButtonLeft)
}

// press taps what has this name, and waits for the page that follows.
func (p *person) press(selector, name string, within ...string) {
	p.t.Helper()
	p.led(func() { p.tap(selector, name, within...) })
}

// field is what the label stands for.
func (p *person) field(label string) *rod.Element {
	p.t.Helper()
	return p.named("label", label).MustElementByJS(`() => this.control`)
}

// fill chooses what should happen in a case that the person has, with its reason and words.
func (p *person) fill(action, reason, note string) {
	p.t.Helper()
	p.field(action).MustClick()
	p.field("^Reason").MustSelect(regexp.QuoteMeta(reason))
	p.field("^In your words").MustInput(note)
}

// rings waits until the bell shows this count, without a new page.
func (p *person) rings(count string) {
	p.t.Helper()
	p.says(".topbar [data-bell]:not([hidden]) [data-unread]", "^"+count+"$")
}
