package main

import (
	"cmp"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-rod/rod"

	"firstdrops/server/platform/db"
)

// peopled is a house whose people see to their accounts, with whom it takes to look at it.
type peopled struct {
	cared
	invited *person // stands before a door that needs an invitation
	halfway *person // has given a password, and no code yet
	iris    *person // awaits her letter
	heath   *person // waits to be let in
	bryn    *person // is to moderate, and has no second step
	elm     *person // is about to leave
	dove    *person // has a passkey, looks after a group, and writes under another name
	teal    *person // would rather not meet rook

	data                    string // the folder in which letters are kept, and files
	masked                  string // the thread that dove wrote under another name
	passkey, confirm, reset string // where dove's passkey is seen to, and where letters lead
}

// another is what dove is called in one thread.
const another = "Moss-41"

// people adds to a house that is cared for those who come, go and keep themselves safe. A second door asks for invitations.
func people(t *testing.T, browser *rod.Browser, target db.Target, h cared, data string) peopled {
	t.Helper()
	p := peopled{cared: h, data: data}
	p.arrive(t, browser, target)
	p.invited = visit(t, browser, startNamed(t, map[string]string{"DATABASE_URL": target.URL(), "FIRSTDROPS_DATA": data, "FIRSTDROPS_JOIN": "invite"}))
	p.halfway = visit(t, browser, h.guest.site)
	p.halfway.signIn("sol")
	p.halfway.says("h1", "^One more step$")
	visit(t, browser, h.guest.site).signIn("wren")
	p.write()
	p.keep()
	p.gather()
	p.part()
	return p
}

// arrive has each come in as people joined at the time.
func (h *peopled) arrive(t *testing.T, browser *rod.Browser, target db.Target) {
	t.Helper()
	for _, newcomer := range []struct {
		who         **person
		handle, way string
	}{
		{&h.iris, "iris", "confirm"}, {&h.heath, "heath", "approve"}, {&h.bryn, "bryn", "open"}, {&h.elm, "elm", "open"},
		{&h.dove, "dove", "open"}, {&h.teal, "teal", "open"},
	} {
		h.ada.post("/admin/settings", url.Values{"joining": {newcomer.way}})
		*newcomer.who = visit(t, browser, h.guest.site)
		(*newcomer.who).join(newcomer.handle)
	}
	h.ada.post("/admin/invitations", url.Values{"note": {"The Thursday group"}, "uses": {"3"}, "days": {"7"}})
	execute(t, target, "UPDATE people SET role = 'moderator' WHERE handle = 'bryn'")
}

// write lets words stand under another name, and be answered.
func (h *peopled) write() {
	h.masked = h.dove.post("/c/feelings/threads", url.Values{
		"title": {"I have told nobody that I stopped"}, "body": {"My sister knows this place, so I write it here under a name that is nobody's."}, "alias": {another},
	})
	h.wren.post(strings.Join(strings.Split(h.masked, "/")[:3], "/")+"/posts", url.Values{"body": {"Now you have told us. I am glad."}})
	h.dove.post("/settings", url.Values{
		"name": {"Dove in the attic"}, "pronouns": {"they, them"}, "feeding": {"chestfeeding"}, "way": {"inducing", "adoptive"},
		"way_line": {"Week nine, and the first wet flange."}, "visibility": {"public"}, "language": {"en"},
	})
}

// gather makes groups; dove looks after one of them.
func (h *peopled) gather() {
	for slug, about := range map[string][]string{
		"adoptive-parents": {"Adoptive parents", "For who waits for a child, or holds one at last."}, "night-shift": {"Night shift", "For who pumps at work, at night."},
	} {
		h.ada.post("/admin/groups", url.Values{"slug": {slug}, "name": {about[0]}, "about": {about[1]}, "open": {"1"}, "grants": {"1"}})
	}
	h.ada.post("/groups/adoptive-parents/people", url.Values{"handle": {"dove"}})
	h.ada.open("/groups/adoptive-parents")
	h.ada.press("button", "^Make a moderator")
	h.dove.post("/groups/adoptive-parents/people", url.Values{"handle": {"nell"}})
	h.nell.post("/groups/night-shift/join", nil)
}

// keep has dove set up codes, add a passkey and confirm an e-mail, so that a letter can bring a new password.
func (h *peopled) keep() {
	h.dove.secure()
	h.dove.phone()
	h.dove.open("/settings/security")
	h.dove.press("button", "Add a passkey")
	h.passkey = h.dove.find("[aria-labelledby=passkeys] .rows a").MustProperty("pathname").Str()
	h.confirm = h.letter("iris", "/email/confirm/")
	h.dove.open(h.letter("dove", "/email/confirm/"))
	h.dove.press("button", "^Yes, it is mine$")
	h.guest.post("/password/forgot", url.Values{"email": {"dove@example.org"}})
	h.reset = h.letter("dove", "/password/reset/")
}

// part has people leave, take a copy of what is theirs, or meet no more.
func (h *peopled) part() {
	h.elm.open("/settings/leave")
	h.elm.field("^Keep my words").MustClick()
	h.elm.press("button", "^Leave, and sign me out everywhere$")
	h.elm.signIn("elm")
	h.teal.post("/u/rook/block", nil)
	h.teal.post(strings.Join(strings.Split(h.masked, "/")[:3], "/")+"/block", url.Values{"name": {another}})
	h.teal.post("/settings/export", nil)
	eventually(h.teal.t, patience, "the copy", func() bool {
		h.teal.open("/settings/export")
		return h.teal.MustHasR("h2", "^Your copy is ready$")
	})
}

// signIn types the name and the password with which join joined.
func (p *person) signIn(handle string) {
	p.t.Helper()
	p.open("/login")
	p.find("#login").MustInput(handle)
	p.find("#password").MustInput("four words that only " + handle + " knows")
	p.submit("main form [class~=btn-main]")
}

// letter waits for one to somebody with a link that begins so, and gives the path that it leads to.
func (h *peopled) letter(handle, begins string) string {
	h.guest.t.Helper()
	link := regexp.MustCompile(regexp.QuoteMeta(begins) + `[\w-]+`)
	path := ""
	eventually(h.guest.t, patience, "a letter to "+handle+" that leads to "+begins, func() bool {
		names, _ := filepath.Glob(filepath.Join(h.data, "mail", "*.eml"))
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				h.guest.t.Fatal(err)
			}
			if unfolded := strings.ReplaceAll(string(content), "=\r\n", ""); strings.Contains(unfolded, handle+"@example.org") {
				path = cmp.Or(path, link.FindString(unfolded))
			}
		}
		return path != ""
	})
	return path
}

// accountScreens are those on which people come in, keep themselves safe, and leave.
func accountScreens(h peopled) []screen {
	return append(append(h.door(), h.own()...), h.administered()...)
}

func (h peopled) door() []screen {
	guest, invited := h.guest, h.invited
	typed := func(p *person) {
		p.find("#handle").MustInput("AnnaBergstrom")
		p.find("#email").MustInput("anna.bergstrom@example.org")
		p.find("#password").MustInput("four words that only anna knows")
		p.find("[name=rules]").MustClick()
		sends("Join")(p)
	}
	return []screen{
		guest.sees("signup-faults", "/signup", sends("Join")), guest.sees("signup-hint", "/signup", typed),
		invited.sees("signup-invited", "/signup?invitation=abc"), invited.sees("signup-invited-faults", "/signup", sends("Join")),
		guest.sees("login-faults", "/login", sends("Sign in")), h.halfway.sees("second-step", "/login/2fa"), h.halfway.sees("second-step-faults", "/login/2fa", sends("Sign in")),
		guest.sees("forgot", "/password/forgot"), guest.sees("forgot-faults", "/password/forgot", sends("Send a letter")), guest.sees("forgot-sent", "/password/forgot?sent=1"),
		guest.sees("reset", h.reset), guest.sees("reset-faults", h.reset, sends("Set this password")), guest.sees("reset-over", "/password/reset/none"),
		guest.sees("email-confirm", h.confirm), guest.sees("email-confirm-over", "/email/confirm/none"),
		guest.sees("exit", "/exit"), guest.sees("left", "/left"),
	}
}

func (h peopled) own() []screen {
	nell, wren, dove, teal := h.nell, h.wren, h.dove, h.teal
	thread := strings.Join(strings.Split(h.masked, "/")[:3], "/")
	misplaced := func(p *person) {
		p.find("[name=zone]").MustSelectAllText().MustInput("The attic")
		sends("Save")(p)
	}
	unnamed := func(p *person) {
		p.MustEval(`() => { document.querySelector("[name=name]").value = "" }`)
		sends("Rename")(p)
	}
	return []screen{
		nell.sees("settings-faults", "/settings", misplaced), dove.sees("settings-filled", "/settings"), dove.sees("settings-saved", "/settings", sends("Save")),
		dove.sees("security-passkeys", "/settings/security"), dove.sees("passkey", h.passkey), dove.sees("passkey-faults", h.passkey, unnamed),
		dove.sees("prove-again-passkey", "/login/again"), h.sol.sees("prove-again-code", "/login/again"), h.sol.sees("prove-again-faults", "/login/again", sends("Go on")),
		h.sol.sees("codes-faults", "/settings/security", func(p *person) { p.press("button", "^Set it up on another phone$") }, sends("Turn it on")),
		wren.sees("sessions", "/settings/sessions"), dove.sees("sessions-one", "/settings/sessions"),
		nell.sees("blocks-empty", "/settings/blocks"), teal.sees("blocks", "/settings/blocks"), teal.sees("profile-apart", "/u/rook"), h.rook.sees("profile-not-met", "/u/teal"),
		wren.sees("groups", "/settings/groups"), nell.sees("groups-mine", "/settings/groups"), dove.sees("group", "/groups/adoptive-parents"), dove.sees("group-faults", "/groups/adoptive-parents", sends("Let in")),
		nell.sees("export", "/settings/export"), teal.sees("export-ready", "/settings/export"),
		nell.sees("leave", "/settings/leave"), nell.sees("leave-faults", "/settings/leave", sends("Leave, and sign me out everywhere")), h.elm.sees("leaving", "/settings/leave"), h.elm.sees("leaving-home", "/"),
		wren.sees("email", "/settings/email"), wren.sees("email-faults", "/settings/email", sends("Send a letter there")), dove.sees("email-sent", "/settings/email?sent=1"),
		wren.sees("password", "/settings/password"), wren.sees("password-faults", "/settings/password", sends("Set this password")),
		h.sol.sees("alias", "/t/1/alias"), h.sol.sees("alias-faults", "/t/1/alias", sends("Write here under this name")), dove.sees("thread-masked-own", h.masked),
		nell.sees("thread-masked", h.masked), nell.sees("block-alias", thread+"/block?name="+another), nell.sees("thread-under-another-name", "/c/feelings/new", otherName),
		nell.sees("profile-way", "/u/dove"), nell.sees("profile-can-block", "/u/wren"),
		h.iris.sees("awaits-letter", "/"), h.iris.sees("awaits-letter-thread", "/t/1"), h.iris.sees("awaits-letter-room", "/rooms/lounge"), h.iris.sees("awaits-letter-new", "/c/relactation/new"),
		h.heath.sees("awaits-approval", "/"), h.bryn.sees("second-step-missing", "/"),
	}
}

func otherName(p *person) { p.tap("summary", "under another name") }

func (h peopled) administered() []screen {
	ada := h.ada
	unmask := strings.Join(strings.Split(h.masked, "/")[:3], "/") + "/unmask?alias=" + another
	looks := func(p *person) {
		p.field("^Why").MustSelect("Unkind or hurtful")
		p.field("^What you need it for").MustInput("Two reports name the same words elsewhere.")
		sends("Show me who it is")(p)
	}
	return []screen{
		ada.sees("admin-settings-faults", "/admin/settings", sends("Send it no letters")), ada.sees("admin-invitations-faults", "/admin/invitations", sends("Make an invitation")),
		ada.sees("admin-approvals-faults", "/admin/approvals", func(p *person) { p.press("button", "^Do not let in heath$") }),
		ada.sees("admin-groups", "/admin/groups"), ada.sees("admin-groups-faults", "/admin/groups", sends("Add the group")), ada.sees("admin-group", "/admin/groups/adoptive-parents"),
		ada.sees("group-staff", "/groups/adoptive-parents"), ada.sees("thread-masked-staff", h.masked),
		ada.sees("unmask", unmask), ada.sees("unmask-faults", unmask, sends("Show me who it is")), ada.sees("unmasked", unmask, looks),
		ada.sees("recovery", "/settings/security", sends("Make ten new ones")),
	}
}
