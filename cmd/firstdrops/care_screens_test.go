package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
)

// cared is a house in which reports were handled and consultants were verified, with whom it takes to look at it.
type cared struct {
	guest, wren, sol, ada *person
	nell                  *person // new here
	june                  *person // a verified consultant
	rook                  *person // may write nothing for a while
	thorn                 *person // is suspended
	question              string  // the thread that june answered
	cases                 map[string]string
}

// care adds to a furnished house what consultants and moderators do in it.
func care(t *testing.T, browser *rod.Browser, guest, wren, sol, ada *person) cared {
	t.Helper()
	h := cared{guest: guest, wren: wren, sol: sol, ada: ada, cases: map[string]string{}}
	fern := visit(t, browser, guest.site)
	for handle, p := range map[string]**person{"nell": &h.nell, "june": &h.june, "rook": &h.rook, "thorn": &h.thorn, "fern": &fern} {
		*p = visit(t, browser, guest.site)
		(*p).join(handle)
	}
	h.june.secure()
	h.list(fern)
	h.question = wren.post("/c/ask-a-consultant/threads", url.Values{
		"title": {"Can it come back after eleven weeks?"}, "body": {"She is eleven weeks old, and I stopped at three."},
		"language": {"en"}, "specialty": {"relactation"},
	})
	h.reply(h.june, "Often it can. What most begin with is eight to twelve short sessions a day, one of them at night, for 10 to 20 minutes a side. First drops take two to four weeks for many.\n\nIf you tell me what you have at home, I can say more about flanges.")
	wren.post("/p/9/react", url.Values{"kind": {"helpful"}, "on": {"1"}})
	sol.post("/p/9/react", url.Values{"kind": {"thanks"}, "on": {"1"}})
	h.reply(h.rook, "Some people should never have been mothers.")
	h.reply(h.rook, "I know where she works, at the bakery by the bridge in Leeds.")
	h.reply(h.thorn, "Pills for milk, half the price, write to me.")
	h.reply(sol, "@wren it took me nineteen days. I have no idea where the first eight went.")
	h.judge()
	h.contact()
	return h
}

func (h cared) reply(p *person, body string) {
	p.t.Helper()
	p.post(strings.Join(strings.Split(h.question, "/")[:3], "/")+"/posts", url.Values{"body": {body}})
}

// list lets a consultant and a supporter stand in the directory, and somebody wait.
func (h cared) list(supporter *person) {
	for i, a := range []struct {
		who                               *person
		name, credential, text, city, pay string
		accepting                         string
	}{
		{h.june, "June Talvik", "ibclc", "Most of my families have stopped feeding and would like to know what is still possible. I bring scales, and I drink whatever tea you have.", "Leeds", "75 pounds for a visit, 50 by video.", "1"},
		{supporter, "Fern and the Thursday group", "supporter", "Volunteers who have been there. We do not diagnose; we listen, and we know where the good chairs are.", "York", "", ""},
		{h.sol, "Sol Brandt", "ibclc", "Twins, supplementers and slow starts.", "Hull", "By agreement.", "1"},
	} {
		number := []string{"L-204417", "S-77", "L-310022"}[i]
		a.who.post("/consultants/apply", url.Values{
			"name": {a.name}, "text": {a.text}, "fees": {a.pay}, "telehealth": {"1"}, "home": {"1"}, "city1": {a.city}, "country1": {"GB"},
			"accepting1": {"1"}, "language": {"en", "et"}, "specialty": {"relactation", "latch"}, "accepting": {a.accepting},
			"waiting": {"about three weeks"}, "type": {a.credential}, "number": {number}, "country": {"GB"},
		})
	}
	for id, number := range map[string]string{"1": "L-204417", "2": "S-77"} {
		h.ada.post("/mod/consultants/"+id+"/verify", url.Values{"number": {number}, "country": {"GB"}, "expires": {time.Now().AddDate(2, 0, 0).Format(time.DateOnly)}, "seen": {"pending"}})
	}
}

// judge lets cases be open, taken, objected to and closed.
func (h cared) judge() {
	report := func(who *person, what, reason, note string) {
		who.post(what+"/report", url.Values{"reason": {reason}, "note": {note}})
	}
	report(h.wren, "/p/4", "medical", "An amount. I know he means well.")
	report(h.june, "/p/4", "medical", "")
	report(h.sol, "/p/10", "unkind", "")
	report(h.nell, "/p/11", "privacy", "That is where she works. Please be quick.")
	report(h.wren, "/p/12", "spam", "")
	report(h.wren, "/u/rook", "other", "Two posts in one evening.")
	report(h.june, "/u/thorn", "selling", "")
	for name, reason := range map[string]string{
		"crisis": "Worried about somebody", "credential": "A credential to check", "open": "Medical advice", "claimed": "Unkind",
		"objected": "Tells too much", "decided": "Spam", "muted": "Something else", "suspended": "Selling",
	} {
		h.ada.open("/mod/cases")
		h.ada.press("a", reason)
		h.cases[name] = strings.TrimPrefix(h.ada.MustInfo().URL, h.ada.site)
	}
	h.ada.open(h.cases["claimed"])
	h.ada.press("button", "Take this case")
	h.decide("objected", "^Hide it", "Tells too much", "Please leave out where somebody can be found.")
	h.decide("muted", "^A pause for rook", "Unkind or hurtful", "Please rest for three days. It gets easier.")
	h.decide("suspended", "^Suspend thorn", "Selling or advertising", "Nothing is sold here.")
	h.rook.post("/decisions/1/object", url.Values{"note": {"Everybody in town knows that bakery."}})
}

func (h cared) decide(name, action, reason, note string) {
	h.ada.open(h.cases[name])
	h.ada.press("button", "Take this case")
	h.ada.fill(action, reason, note)
	h.ada.press("button", "^Decide$")
}

// contact lets two people write to the consultant; one is answered.
func (h cared) contact() {
	for i, who := range []*person{h.wren, h.sol} {
		who.post("/consultants/june-talvik/contact", url.Values{
			"message": {"She is eleven weeks old, and I stopped at three. Do you have an hour by video?"}, "consent": {"1"},
			"key": {[]string{"00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"}[i]},
		})
	}
	h.june.post("/contacts/1/accept", url.Values{"reply": {"Thursday at nine, by video. Bring the pump and nothing else."}})
}

// careScreens are those of the consultants, and of whoever keeps the house.
func careScreens(h cared) []screen {
	return append(h.consultants(), h.kept()...)
}

func (h cared) consultants() []screen {
	const june = "/consultants/june-talvik"
	guest, nell, wren := h.guest, h.nell, h.wren
	return []screen{
		guest.sees("consultants-guest", "/consultants"), guest.sees("consultant-guest", june), guest.sees("answer-guest", h.question),
		nell.sees("consultants", "/consultants?place=Leeds&km=100&telehealth=1&language=en"),
		nell.sees("consultants-nothing", "/consultants?q=zeppelin&specialty=multiples"),
		nell.sees("consultant", june), nell.sees("consultant-supporter", "/consultants/fern-and-the-thursday-group"),
		nell.sees("contact-faults", june, sends("Send")), nell.sees("contacts-empty", "/contacts"),
		nell.sees("apply", "/consultants/apply"), nell.sees("apply-faults", "/consultants/apply", sends("Apply")),
		nell.sees("new-question", "/c/ask-a-consultant/new"), nell.sees("new-question-faults", "/c/ask-a-consultant/new", sends("Start the thread")),
		nell.sees("answer", h.question), nell.sees("answer-verified", h.question+"?verified=1"), nell.sees("answer-respond", h.question, respond),
		nell.sees("profile-consultant", "/u/june"),
		wren.sees("contacts", "/contacts"), wren.sees("contact", "/contacts/1"), wren.sees("notifications", "/notifications"),
		h.sol.sees("consultant-pending", "/consultants/sol-brandt"), h.sol.sees("contact-sent", "/contacts/2"),
		h.june.sees("questions", "/questions"), h.june.sees("questions-nothing", "/questions?language=et&specialty=grief"),
		h.june.sees("question-taken", "/t/1", takes), h.june.sees("consultant-own", june), h.june.sees("consultant-edit", june+"/edit"),
		h.june.sees("contact-answer", "/contacts/2"), h.june.sees("notifications-consultant", "/notifications"),
	}
}

func (h cared) kept() []screen {
	nell, ada, rook := h.nell, h.ada, h.rook
	return []screen{
		nell.sees("notifications-empty", "/notifications"), nell.sees("report-post", "/p/10/report"), nell.sees("report-thread", "/t/1/report"),
		nell.sees("report-message", "/rooms/lounge/messages/1/report"), nell.sees("report-person", "/u/rook/report"),
		nell.sees("report-listing", "/consultants/june-talvik/report"), nell.sees("reported", "/p/11/report"),
		ada.sees("cases", "/mod/cases"), ada.sees("cases-mine", "/mod/cases?state=mine"), ada.sees("cases-closed", "/mod/cases?state=closed"),
		ada.sees("case", h.cases["open"]), ada.sees("case-crisis", h.cases["crisis"]), ada.sees("case-credential", h.cases["credential"]),
		ada.sees("case-claimed", h.cases["claimed"]), ada.sees("case-faults", h.cases["claimed"], sends("Decide")),
		ada.sees("case-objected", h.cases["objected"]), ada.sees("case-closed", h.cases["suspended"]), ada.sees("case-decided", h.cases["decided"], h.settle()),
		ada.sees("credentials", "/mod/consultants"), ada.sees("credential", "/mod/consultants/3"),
		ada.sees("credential-faults", "/mod/consultants/3", sends("Verify")), ada.sees("credential-refused", "/mod/consultants/3", sends("Refuse")),
		ada.sees("categories", "/admin/categories"), ada.sees("category-change", "/admin/categories/relactation"),
		ada.sees("category-faults", "/admin/categories", sends("Add the category")),
		ada.sees("rooms-admin", "/admin/rooms"), ada.sees("room-change", "/admin/rooms/lounge"), ada.sees("room-faults", "/admin/rooms", sends("Add the room")),
		ada.sees("notifications-staff", "/notifications"), ada.sees("thread-reported", h.question),
		rook.sees("notifications-decided", "/notifications"), rook.sees("objection", "/decisions/2/object"), rook.sees("objection-made", "/decisions/1/object"),
		rook.sees("objection-faults", "/decisions/2/object", sends("Ask for another look")),
		rook.sees("thread-muted", h.question), rook.sees("new-thread-muted", "/c/relactation/new"), rook.sees("room-muted", "/rooms/lounge", connected),
		h.thorn.sees("room-suspended", "/rooms/lounge"), h.thorn.sees("thread-suspended", h.question), h.thorn.sees("notifications-suspended", "/notifications"),
	}
}

// sends presses a form's button before anything was filled in.
func sends(button string) func(*person) {
	return func(p *person) { p.press("main button", "^"+button+"$") }
}

func respond(p *person) { p.tap("summary", "Respond to post 2") }

// takes is a consultant who begins to answer; it stands at the next look.
func takes(p *person) {
	if p.MustHas("form[action$='/take']") {
		p.press("button", "Take this question")
	}
}

// settle decides at the first look; at the next ones it can be taken back.
func (h cared) settle() func(*person) {
	decided := false
	return func(*person) {
		if !decided {
			h.decide("decided", "^Remove it", "Spam", "")
		}
		decided = true
	}
}
