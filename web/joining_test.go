package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/joining"
	"firstdrops/server/platform/token"
)

// waiting is a browser of somebody who waits for that.
func (h *house) waiting(name, awaits string) *person {
	h.Helper()
	p := h.member(name)
	h.exec(`UPDATE people SET awaits = ?, email = ? WHERE id = ?`, awaits, name+"@mail.example", p.viewer.ID)
	p.viewer.Awaits = awaits
	return p
}

// letterTo is the token of a letter that asks somebody to confirm their e-mail.
func (h *house) letterTo(personID int64) string {
	h.Helper()
	secret, hash := token.New()
	h.exec(`INSERT INTO email_confirmations (person_id, email, token_hash, expires_at) SELECT id, email, ?, ? FROM people WHERE id = ?`,
		hash, opened.Add(time.Hour), personID)
	return secret
}

// makeLetter is one to dove.
func (s *stage) makeLetter(state string) place {
	s.Helper()
	secret := "no-such"
	if state != missing {
		secret = s.letterTo(s.dove.viewer.ID)
	}
	return place{params: map[string]string{":token": secret}}
}

func (s *stage) makeWaiting(state string) place {
	s.Helper()
	if state == missing {
		return at(999999)
	}
	s.made++
	return at(s.waiting(fmt.Sprintf("waiting-%d", s.made), accounts.AwaitsApproval).viewer.ID)
}

func (s *stage) makeInvitation(state string) place {
	s.Helper()
	if state == missing {
		return at(999999)
	}
	return at(s.invite(s.administrator).ID)
}

// invite makes an invitation for one.
func (h *house) invite(by *person) joining.Invitation {
	h.Helper()
	h.must(h.joining.AddInvitation(h.Context(), by.viewer, "", 1, 7))
	page, err := h.joining.Invitations(h.Context(), by.viewer, 0)
	h.must(err)
	return page.Invitations[0]
}

// joiningEntries are the good forms of those who join, and of administrators who say who may.
func (h *house) joiningEntries() []entry {
	h.Helper()
	ada := h.somebody("ada-at-the-door", accounts.Administrator)
	one, other := h.waiting("finch-one", accounts.AwaitsApproval), h.waiting("finch-two", accounts.AwaitsApproval)
	form := func(pairs ...string) func() url.Values {
		return func() url.Values {
			form := url.Values{}
			for i := 0; i < len(pairs); i += 2 {
				form.Set(pairs[i], strings.ReplaceAll(pairs[i+1], "NAME", uuid.NewString()))
			}
			return form
		}
	}
	none := form()
	at := func(shape string, id int64) string { return fmt.Sprintf(shape, id) }
	return []entry{
		{"/email/confirm/:token", "/email/confirm/" + h.letterTo(one.viewer.ID), true, none, nil, nil},
		{"/email/again", "/email/again", false, none, nil, nil},
		{"/admin/settings", "/admin/settings", false, form("joining", "open"), nil, ada},
		{"/admin/settings/emails", "/admin/settings/emails", false, form("email", "NAME@mail.example", "banned", "1"), []string{"email"}, ada},
		{"/admin/approvals/:id/accept", at("/admin/approvals/%d/accept", one.viewer.ID), false, none, nil, ada},
		{"/admin/approvals/:id/decline", at("/admin/approvals/%d/decline", other.viewer.ID), false, form("reason_code", "spam"), nil, ada},
		{"/admin/invitations", "/admin/invitations", false, form("note", "For a group", "uses", "3", "days", "7"), []string{"note", "uses", "days"}, ada},
		{"/admin/invitations/:id/end", at("/admin/invitations/%d/end", h.invite(ada).ID), false, none, nil, ada},
	}
}

// newcomer is a sign-up without fault.
func newcomer(handle, email string) url.Values {
	return url.Values{"handle": {handle}, "email": {email}, "password": {password}, "rules": {"1"}}
}

// TestNobodyCanTellWhetherAnAddressIsKnown: whoever joins, and asks for the letter again, gets the same for an address that
// is new, somebody's or banned, in each way to join.
func TestNobodyCanTellWhetherAnAddressIsKnown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, owner := h.somebody("ada", accounts.Administrator), h.member("owner")
	h.exec(`UPDATE people SET email = 'known@mail.example', email_confirmed_at = now() WHERE id = ?`, owner.viewer.ID)
	h.must(h.accounts.BanEmail(t.Context(), ada.viewer, "banned@mail.example", true))
	for _, way := range joining.Ways {
		h.joining.By(way, "")
		seen := map[string]string{}
		for email, handle := range map[string]string{"unused@mail.example": "finch", "Known@mail.example": "robin", "banned@mail.example": "heron"} {
			guest, form, all := h.guest(), newcomer(handle+"-"+string(way), email), []string{}
			form.Set("invitation", h.invite(ada).Code)
			for _, a := range []answer{
				guest.post("/signup", form).want(http.StatusSeeOther), guest.get("/"), guest.get("/email/again"),
				guest.post("/email/again", url.Values{}).want(http.StatusSeeOther), guest.get("/email/again?sent=1"),
				h.guest().post("/signup", form), // the handle is taken now, which is no secret
			} {
				typed := strings.NewReplacer(form.Get("handle"), "HANDLE", email, "EMAIL", form.Get("invitation"), "CODE")
				all = append(all, typed.Replace(a.plain()))
			}
			seen[email] = strings.Join(all, "\n")
		}
		for email, got := range seen {
			if got != seen["unused@mail.example"] {
				t.Errorf("%s: %s differs from a new one:\n%s\n%s", way, email, got, seen["unused@mail.example"])
			}
		}
	}
}

// plain is the whole answer without what differs each time: the request's id, the session's secret, names that are free.
func (a answer) plain() string {
	a.Helper()
	header := a.header.Clone()
	for _, name := range []string{"X-Request-Id", "Date", "Content-Length"} {
		header.Del(name)
	}
	for i, cookie := range header.Values("Set-Cookie") {
		name, rest, _ := strings.Cut(cookie, "=")
		_, attributes, _ := strings.Cut(rest, ";")
		header["Set-Cookie"][i] = name + attributes
	}
	return fmt.Sprint(a.status, header, a.withoutID())
}

func TestAMemberConfirmsByTheLetter(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.employ()
	s.joining.By(joining.Confirm, "")
	guest := s.guest()
	guest.post("/signup", newcomer("finch", "finch@mail.example")).want(http.StatusSeeOther)
	if body := guest.get("/").want(http.StatusOK).body; !strings.Contains(body, "Your e-mail is not confirmed yet") || !strings.Contains(body, `href="/email/again"`) {
		t.Error("no word on what is awaited")
	}
	guest.get("/rooms/lounge").want(http.StatusOK)
	thread := s.author.thread("relactation", "Is it too late?", "She is ten weeks old.")
	at := fmt.Sprintf("/t/%d/%s", thread.ID, thread.Slug)
	if body := guest.get(at).want(http.StatusOK).body; !strings.Contains(body, "Please confirm your e-mail first") || !strings.Contains(body, "Send the letter again") || !strings.Contains(body, `name="body"`) {
		t.Error("the composer does not say what is awaited, or is not there to draft in")
	}
	guest.post("/drafts", url.Values{"target": {thread.ReplyTarget()}, "body": {"I was there too."}}).want(http.StatusNoContent)
	if body := guest.get(at).body; !strings.Contains(body, "I was there too.") {
		t.Error("the draft is lost")
	}
	reply := url.Values{"body": {"I was there too."}, "key": {uuid.NewString()}}
	if a := guest.post(fmt.Sprintf("/t/%d/posts", thread.ID), reply).want(http.StatusForbidden); !strings.Contains(a.body, "I was there too.") {
		t.Error("the words are lost")
	}
	s.settle()
	letters, err := s.letters.Letters(10)
	s.must(err)
	i := slices.IndexFunc(letters, func(l string) bool { return strings.Contains(l, "finch@mail.example") })
	if i < 0 {
		t.Fatalf("no letter to them among %q", letters)
	}
	// quoted-printable breaks long lines with "=\r\n"
	_, rest, _ := strings.Cut(strings.ReplaceAll(letters[i], "=\r\n", ""), s.base.String())
	link, _, _ := strings.Cut(rest, "\r\n")
	for _, who := range []*person{s.guest(), guest} { // opening it uses nothing up
		if body := who.get(link).want(http.StatusOK).body; !strings.Contains(body, "finch") {
			t.Error("the page does not say whose it is")
		}
	}
	s.guest().post(link, url.Values{}).want(http.StatusSeeOther)
	s.guest().post(link, url.Values{}).want(http.StatusGone).shows("This link is over")
	guest.post(fmt.Sprintf("/t/%d/posts", thread.ID), reply).want(http.StatusSeeOther)
	if strings.Contains(guest.get("/").body, "not confirmed") {
		t.Error("the banner stays")
	}
}

// TestWhoWaitsToBeLetInSeesWhatGuestsSee of members' places, and drafts in the open ones.
func TestWhoWaitsToBeLetInSeesWhatGuestsSee(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	sol, finch := h.member("sol"), h.waiting("finch", accounts.AwaitsApproval)
	secret := sol.thread("feelings", "CNRY-secret", "CNRY-secret words")
	public := sol.thread("relactation", "Is it too late?", "She is ten weeks old.")
	sol.say("lounge", "CNRY-secret said")
	for _, at := range []string{
		"/", "/c/relactation", "/rooms", "/search?q=CNRY-secret", fmt.Sprintf("/t/%d/%s", public.ID, public.Slug), "/consultants", "/email/again",
	} {
		if a := finch.get(at).want(http.StatusOK); strings.Contains(strings.ReplaceAll(a.body, "q=CNRY-secret", ""), "CNRY-secret s") || !strings.Contains(a.body, "will let you in") {
			t.Errorf("%s shows what is for members, or not what is awaited", at)
		}
	}
	for _, at := range []string{fmt.Sprintf("/t/%d/%s", secret.ID, secret.Slug), "/c/feelings", "/rooms/lounge", "/rooms/lounge/messages", "/c/feelings/new"} {
		finch.get(at).want(http.StatusNotFound)
	}
	finch.post("/drafts", url.Values{"target": {public.ReplyTarget()}, "body": {"I was there too."}}).want(http.StatusNoContent)
	finch.post("/drafts", url.Values{"target": {secret.ReplyTarget()}, "body": {"I was there too."}}).want(http.StatusNotFound)
	ada := h.somebody("ada", accounts.Administrator)
	if body := ada.get("/admin/approvals").want(http.StatusOK).body; !strings.Contains(body, "finch") {
		t.Error("nobody is told that they wait")
	}
	ada.post(fmt.Sprintf("/admin/approvals/%d/decline", finch.viewer.ID), url.Values{}).want(http.StatusUnprocessableEntity)
	ada.post(fmt.Sprintf("/admin/approvals/%d/accept", finch.viewer.ID), url.Values{}).want(http.StatusSeeOther)
	finch.get("/rooms/lounge").want(http.StatusOK)
	if body := ada.get("/mod/audit").want(http.StatusOK).body; !strings.Contains(body, "let in") {
		t.Error("the record does not say it")
	}
}

// unseen are the forms that somebody may send who waits: what others see is not among them.
var unseen = []string{
	"/login/again", "/login/again/passkey/begin", "/login/again/passkey", "/drafts", "/words", "/notifications/seen", "/logout", "/theme", "/t/:id/watch", "/email/again", "/t/:id/report", "/p/:id/report",
	"/u/:handle/report", "/rooms/:slug/messages/:n/report", "/consultants/:slug/report", "/decisions/:id/object", "/groups/:group/leave",
}

// TestWhoWaitsWritesNothingThatOthersSee, whatever they wait for and whichever form they send.
func TestWhoWaitsWritesNothingThatOthersSee(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	entries := h.entries(river, thread)
	for _, awaits := range []string{accounts.AwaitsLetter, accounts.AwaitsApproval} {
		finch := h.waiting("finch-"+awaits, awaits)
		refused := 0
		for _, e := range entries {
			if e.guests || e.staff != nil || slices.Contains(unseen, e.pattern) || strings.HasPrefix(e.pattern, "/settings/") {
				continue
			}
			before := h.counts()
			switch a := finch.post(e.at, e.fields()); a.status {
			case http.StatusForbidden, http.StatusNotFound:
				refused++
			default:
				t.Errorf("%s, who awaits %s: %d to %q", e.pattern, awaits, a.status, a.header.Get("Location"))
			}
			if after := h.counts(); after != before {
				t.Errorf("%s, who awaits %s, stored %s, before %s", e.pattern, awaits, after, before)
			}
		}
		if refused < 6 {
			t.Errorf("%s: only %d forms were tried", awaits, refused)
		}
	}
}

func TestOneJoinsWithAnInvitation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.somebody("ada", accounts.Administrator)
	ada.post("/admin/settings", url.Values{"joining": {"invite"}}).want(http.StatusSeeOther)
	if body := h.guest().post("/signup", newcomer("finch", "a@mail.example")).want(http.StatusUnprocessableEntity).body; !strings.Contains(body, `id="invitation-fault"`) {
		t.Error("nobody asks for the invitation")
	}
	code := h.invite(ada).Code
	if body := ada.get("/admin/invitations").want(http.StatusOK).body; !strings.Contains(body, h.base.String()+"/signup?invitation="+code) {
		t.Error("the list does not give its address")
	}
	if fields := h.guest().get("/signup?invitation=" + code).want(http.StatusOK).fields(); fields["invitation"] != code {
		t.Errorf("the form is filled with %q", fields["invitation"])
	}
	form := newcomer("finch", "a@mail.example")
	form.Set("invitation", code)
	h.guest().post("/signup", form).want(http.StatusSeeOther)
	form.Set("handle", "robin")
	h.guest().post("/signup", form).want(http.StatusUnprocessableEntity)
	h.member("wren").get("/admin/invitations").want(http.StatusNotFound)
	h.joining.By(joining.Open, "")
	if body := ada.get("/admin/settings").want(http.StatusOK).body; !strings.Contains(body, "FIRSTDROPS_JOIN") || strings.Contains(body, `type="radio"`) {
		t.Error("the page does not say that it is fixed")
	}
	ada.post("/admin/settings", url.Values{"joining": {"invite"}}).want(http.StatusForbidden)
}

func TestANameThatLooksRealIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	form := newcomer("Emma-Smith", "a@mail.example")
	a := h.guest().post("/signup", form).want(http.StatusUnprocessableEntity)
	if fields := a.fields(); !strings.Contains(a.body, "looks like a real name") || fields["handle"] != "Emma-Smith" || fields["email"] != "a@mail.example" {
		t.Errorf("no hint, or the words are lost: %v", fields)
	}
	wrong := newcomer("Emma-Smith", "no e-mail")
	if a := h.guest().post("/signup", wrong).want(http.StatusUnprocessableEntity); strings.Contains(a.body, "looks like a real name") {
		t.Error("the hint stands in front of what is wrong")
	}
	form.Set("handle_ok", a.fields()["handle_ok"])
	h.guest().post("/signup", form).want(http.StatusSeeOther)
	h.guest().post("/signup", newcomer("emma1987", "a@mail.example"), "Accept", "application/json").want(http.StatusSeeOther)
	for _, handle := range []string{"river7", "parent-12", "tester_3"} {
		h.guest().post("/signup", newcomer(handle, handle+"@example.org")).want(http.StatusSeeOther)
	}
}

// TestARefusedFormSaysHowGoodThePasswordWas, which it does not give back.
func TestARefusedFormSaysHowGoodThePasswordWas(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	form := newcomer("x", "a@mail.example")
	if body := h.guest().post("/signup", form).want(http.StatusUnprocessableEntity).body; !strings.Contains(body, "What you typed was strong") || strings.Contains(body, password) {
		t.Error("nothing is said of the password, or it came back")
	}
}

// TestWhoIsBannedIsWrittenNowhere: only a hash is kept, and what was done is in the audit.
func TestWhoIsBannedIsWrittenNowhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.somebody("ada", accounts.Administrator)
	ada.post("/admin/settings/emails", url.Values{"email": {"loud@mail.example"}, "banned": {"1"}}).want(http.StatusSeeOther)
	ada.post("/admin/settings/emails", url.Values{"email": {"loud"}, "banned": {"1"}}).want(http.StatusUnprocessableEntity)
	var kept string
	h.must(h.db.NewRaw(`SELECT string_agg(b::text, ' ') FROM banned_emails b`).Scan(t.Context(), &kept))
	page, err := audit.New(h.db).Page(t.Context(), 0)
	h.must(err)
	if kept == "" || strings.Contains(kept, "loud") || len(page.Entries) != 1 || page.Entries[0].Kind != audit.BannedEmail {
		t.Errorf("kept %q, audit %+v", kept, page.Entries)
	}
}
