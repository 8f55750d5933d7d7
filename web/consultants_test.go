package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/directory"
)

// listed is the slug of the consultant whom the routes are tried with.
const listed = "june-oudeveld"

// application is the form of somebody who can be listed under this name.
func application(name string) url.Values {
	return url.Values{
		"name": {name}, "text": {"Relactation and supplementers.\nNo hurry."}, "fees": {"€ 85 a visit"}, "telehealth": {"1"}, "home": {"1"},
		"city1": {"Utrecht"}, "country1": {"Netherlands"}, "accepting1": {"1"}, "city2": {""}, "country2": {""},
		"language": {"nl", "tr"}, "specialty": {"relactation"}, "accepting": {"1"}, "waiting": {"about three weeks"},
		"type": {"ibclc"}, "number": {"L-" + name}, "country": {"NL"},
	}
}

// listing applies for somebody by the form and has an administrator verify it, for a year. The slug says the name.
func (h *house) listing(ada, who *person, slug string) directory.Consultant {
	h.Helper()
	form := application(strings.ToUpper(strings.ReplaceAll(slug, "-", " ")))
	who.post("/consultants/apply", form).want(http.StatusSeeOther)
	c, err := h.directory.ConsultantOf(h.Context(), ada.viewer, who.viewer.ID)
	h.must(err)
	ada.post(fmt.Sprintf("/mod/consultants/%d/verify", c.ID), url.Values{
		"number": form["number"], "country": {"Netherlands"}, "expires": {opened.AddDate(1, 0, 0).Format(time.DateOnly)},
	}).want(http.StatusSeeOther)
	c, err = h.directory.ConsultantOf(h.Context(), ada.viewer, who.viewer.ID)
	h.must(err)
	return c
}

// request is one that somebody wrote to a consultant; it gives its address.
func (p *person) request(c directory.Consultant, message string) string {
	p.Helper()
	return p.post(c.Path()+"/contact", url.Values{"message": {message}, "consent": {"1"}, "key": {uuid.NewString()}}).to()
}

// consultantEntries are the good forms of the directory, each on a listing of its own.
func (h *house) consultantEntries(river *person) []entry {
	h.Helper()
	ada, june, sol := h.somebody("ada-verifies", accounts.Administrator), h.member("june-edits"), h.member("sol-answers")
	edited, asked := h.listing(ada, june, "edited-one"), h.listing(ada, sol, listed)
	waits := h.member("wren-waits")
	waits.post("/consultants/apply", application("Waits To Be Checked")).want(http.StatusSeeOther)
	waiting, err := h.directory.ConsultantOf(h.Context(), ada.viewer, waits.viewer.ID)
	h.must(err)
	accept, decline := river.request(asked, "Please accept."), river.request(asked, "Please decline.")
	form := func(values url.Values) func() url.Values {
		return func() url.Values {
			fresh := url.Values{}
			for field, value := range values {
				fresh[field] = append([]string{}, value...)
			}
			if fresh.Has("key") {
				fresh.Set("key", uuid.NewString())
			}
			return fresh
		}
	}
	words := []string{"name", "text", "fees", "waiting", "number", "country", "city1", "country1"}
	verify := fmt.Sprintf("/mod/consultants/%d/verify", waiting.ID)
	refuse := fmt.Sprintf("/mod/consultants/%d/refuse", waiting.ID)
	return []entry{
		{pattern: "/consultants/apply", at: "/consultants/apply", fields: form(application("River To Be")), kept: words},
		{pattern: "/consultants/:slug/edit", at: edited.Path() + "/edit", fields: form(application("Edited One")), kept: words, staff: june},
		{pattern: "/consultants/:slug/confirm", at: edited.Path() + "/confirm", fields: form(url.Values{}), staff: june},
		{pattern: "/consultants/:slug/accepting", at: edited.Path() + "/accepting", fields: form(url.Values{"accepting": {"0"}, "waiting": {"some weeks"}}), kept: []string{"waiting"}, staff: june},
		{pattern: "/consultants/:slug/contact", at: asked.Path() + "/contact", fields: form(url.Values{"message": {"Some words."}, "consent": {"1"}, "key": {""}}), kept: []string{"message"}},
		{pattern: "/contacts/:id/accept", at: accept + "/accept", fields: form(url.Values{"reply": {"Some words."}}), kept: []string{"reply"}, staff: sol},
		{pattern: "/contacts/:id/decline", at: decline + "/decline", fields: form(url.Values{"reply": {"Some words."}}), kept: []string{"reply"}, staff: sol},
		{
			pattern: "/mod/consultants/:id/verify", at: verify, staff: ada, kept: []string{"number", "country", "expires"},
			fields: form(url.Values{"number": {"L-1"}, "country": {"NL"}, "expires": {"2027-05-01"}, "seen": {"pending"}}),
		},
		{
			pattern: "/mod/consultants/:id/refuse", at: refuse, staff: ada, kept: []string{"note"},
			fields: form(url.Values{"reason_code": {"other"}, "note": {"The registry has no such number."}, "seen": {"pending"}}),
		},
	}
}

// TestAConsultantAppliesAndIsFound walks from an application by its form to a card with a label.
func TestAConsultantAppliesAndIsFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, maya, june, guest := h.somebody("ada", accounts.Administrator), h.somebody("maya", accounts.Moderator), h.member("june"), h.guest()
	guest.get("/consultants").want(http.StatusOK).shows("Nobody is listed here yet")
	june.get("/consultants/apply").want(http.StatusOK).shows("Be listed as a consultant")
	bad := application("June Oudeveld")
	bad.Set("number", "Л-1")
	refused := june.post("/consultants/apply", bad).want(http.StatusUnprocessableEntity)
	refused.shows("letters from A to Z")
	if back := refused.fields(); back["name"] != "June Oudeveld" || back["number"] != "Л-1" || strings.Count(refused.body, " checked") != 7 {
		t.Errorf("the form came back as %v, with %d boxes ticked", back, strings.Count(refused.body, " checked"))
	}
	to := june.post("/consultants/apply", application("June Oudeveld")).to()
	june.get(to).want(http.StatusOK).shows("It is not in the list yet")
	june.post("/consultants/apply", application("June Two")).want(http.StatusConflict).shows("You have a listing already")
	if at := june.get("/consultants/apply").to(); at != to {
		t.Errorf("applying again leads to %s", at)
	}
	guest.get(to).want(http.StatusNotFound)
	guest.get("/consultants").want(http.StatusOK).shows("Nobody is listed here yet")

	desk := maya.get("/mod/consultants").want(http.StatusOK)
	desk.shows("Waits to be checked")
	if strings.Contains(desk.body, "L-June") || strings.Contains(desk.body, "/mod/consultants/1") {
		t.Error("a moderator's desk holds the number, or leads to it")
	}
	maya.get("/mod/consultants/1").want(http.StatusNotFound)
	ada.get("/mod/consultants").want(http.StatusOK).shows("June Oudeveld")
	verdict := ada.get("/mod/consultants/1").want(http.StatusOK)
	verdict.shows("L-June Oudeveld")
	verdict.form("/mod/consultants/1/verify").send("expires", "2026-04-30").want(http.StatusUnprocessableEntity).shows("This day is past")
	if at := verdict.form("/mod/consultants/1/verify").send("expires", "2029-03-31").to(); at != "/mod/consultants" {
		t.Errorf("verifying leads to %s", at)
	}
	verdict.form("/mod/consultants/1/refuse").choose("reason_code", "other").want(http.StatusConflict).shows("judged in the meantime")
	maya.get("/mod/audit").want(http.StatusOK)

	list := guest.get("/consultants?place=Utrecht&km=25&telehealth=1&language=tr&specialty=relactation&accepting=1&q=supplementers").want(http.StatusOK)
	for _, words := range []string{
		"Within 25 km of Utrecht", "Nearest first. Nobody pays to be higher.", "June Oudeveld", "Verified IBCLC", "€ 85 a visit", "Less than 1 km away",
		"Utrecht, Netherlands, accepting since 1 May", "At your home, by video", "Nederlands, Türkçe", "Credential valid to March 2029", "Accepting now",
		"Confirmed 1 May, by June", "Ask June", "Listings that nobody confirms for 120 days are hidden",
	} {
		list.shows(words)
	}
	guest.get("/consultants?q=zeppelin").want(http.StatusOK).shows("Nobody is listed for all that you chose")
	guest.get("/consultants?place=Atlantis").want(http.StatusOK).shows("We cannot measure how far")
	guest.get("/consultants?q=suplementers").want(http.StatusOK).shows("These have")
	guest.get("/u/june").want(http.StatusOK).shows("The listing of June Oudeveld")
	if strings.Contains(guest.get(to).body+list.body+june.get(to).body, "L-June") {
		t.Error("a page tells the number")
	}
}

// TestStrangeSearchesOfConsultants are answered on the page.
func TestStrangeSearchesOfConsultants(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	guest := h.guest()
	for _, q := range []string{"'", "%", `\`, "(((", "\x00", "\xff\xfe", strings.Repeat("words ", 2000)} {
		for _, field := range []string{"q", "place"} {
			guest.get("/consultants?" + url.Values{field: {q}}.Encode()).want(http.StatusOK)
		}
	}
	guest.get("/consultants?q=" + strings.Repeat("words+", 2000)).want(http.StatusOK).shows("The first ones were looked for")
	for _, query := range []string{"km=0", "km=x", "km=1001", "km=-1", "language=xx", "specialty=knitting", "after=x"} {
		guest.get("/consultants?" + query).want(http.StatusNotFound)
	}
}

// TestAnEndedCredentialIsSaidPlainly, without the label, and out of the list.
func TestAnEndedCredentialIsSaidPlainly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, june := h.somebody("ada", accounts.Administrator), h.member("june")
	c := h.listing(ada, june, listed)
	h.exec(`UPDATE credentials SET expires_at = '2026-04-01'`)
	page := h.guest().get(c.Path()).want(http.StatusOK)
	page.shows("Credential ended in March 2026; not verified now")
	page.shows("nobody can write to them")
	if strings.Contains(page.body, "label-ibclc") || strings.Contains(h.guest().get("/consultants").body, c.Path()+`"`) {
		t.Error("it wears the label still, or stands in the list")
	}
	june.get(c.Path()).want(http.StatusOK).shows("because your credential has ended")
}

// TestAListingHasWhatItsConsultantAnswered, for who may read it.
func TestAListingHasWhatItsConsultantAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, june, sol := h.somebody("ada", accounts.Administrator), h.member("june"), h.member("sol")
	c := h.listing(ada, june, listed)
	june.viewer.Label = accounts.IBCLC
	june.reply(sol.thread("relactation", "Is it too late?", "Ten weeks."), "No.")
	june.reply(sol.thread("feelings", "So very tired", "Again."), "Yes.")
	if body := h.guest().get(c.Path()).want(http.StatusOK).text(); !strings.Contains(body, "Is it too late?") || strings.Contains(body, "So very tired") {
		t.Errorf("a guest reads %s", body)
	}
	sol.get(c.Path()).want(http.StatusOK).shows("So very tired")
}

// TestAConsultantKeepsTheListing: changes, confirms, says whom they take.
func TestAConsultantKeepsTheListing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, june, wren := h.somebody("ada", accounts.Administrator), h.member("june"), h.member("wren")
	c := h.listing(ada, june, listed)
	edit := june.get(c.Path() + "/edit").want(http.StatusOK)
	if back := edit.fields(); back["number"] != "L-JUNE OUDEVELD" || back["city1"] != "Utrecht" || back["country1"] != "Netherlands" || back["country"] != "Netherlands" {
		t.Errorf("the form holds %v", back)
	}
	wren.get(c.Path() + "/edit").want(http.StatusForbidden)
	form := application("JUNE OUDEVELD")
	form.Set("text", "Twins, mostly.")
	june.post(c.Path()+"/edit", form).want(http.StatusSeeOther)
	h.guest().get(c.Path()).want(http.StatusOK).shows("Twins, mostly.")
	own := june.get(c.Path()).want(http.StatusOK)
	own.form(c.Path()+"/accepting").send("waiting", "two months").want(http.StatusSeeOther)
	h.guest().get("/consultants").want(http.StatusOK).shows("Waiting list, two months")
	own.form(c.Path() + "/confirm").send().want(http.StatusSeeOther)
	june.post(c.Path()+"/accepting", url.Values{"waiting": {"a\nb"}}).want(http.StatusUnprocessableEntity).shows("It is in the list")
	wren.post(c.Path()+"/confirm", url.Values{}).want(http.StatusForbidden)
}

// TestARequestStaysBetweenTwo: no byte of it reaches anybody else.
func TestARequestStaysBetweenTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, maya, june, sol := h.somebody("ada", accounts.Administrator), h.somebody("maya", accounts.Moderator), h.member("june"), h.member("sol")
	c := h.listing(ada, june, listed)
	const secret, reply = "Vermilion teapots in the attic", "Obsidian ladders on Thursday"
	back := sol.post(c.Path()+"/contact", url.Values{"message": {secret}, "key": {uuid.NewString()}}).want(http.StatusUnprocessableEntity)
	back.shows("Please say that the consultant may read this")
	if back.fields()["message"] != secret {
		t.Error("the words did not come back")
	}
	at := sol.request(c, secret)
	sol.get(at).want(http.StatusOK).shows("Sent")
	june.get("/contacts").want(http.StatusOK).shows("sol wrote to you")
	opened := june.get(at).want(http.StatusOK)
	opened.shows(secret)
	sol.get(at).want(http.StatusOK).shows("Seen")
	opened.form(at+"/accept").send("reply", reply).want(http.StatusSeeOther)
	sol.get(at).want(http.StatusOK).shows(reply)
	june.post(at+"/decline", url.Values{}).want(http.StatusConflict).shows("Your first answer stands")

	for _, who := range []*person{h.guest(), h.member("wren"), maya, ada} {
		for _, r := range h.routes() {
			if r.method != http.MethodGet || strings.HasPrefix(r.pattern, "/ws") {
				continue
			}
			address := strings.NewReplacer(":id", "1", ":slug", listed, ":category", "house", ":handle", "june", ":n", "1", ":token", "x", "*", "x").Replace(r.pattern)
			if body := who.get(address).body; strings.Contains(body, secret) || strings.Contains(body, reply) {
				t.Errorf("%s by %q holds it", address, who.viewer.Handle)
			}
		}
		if body := who.get("/search?q=vermilion").body; strings.Contains(body, "teapots") {
			t.Error("a search finds it")
		}
		if body := who.get("/consultants?q=vermilion").body; strings.Contains(body, "teapots") {
			t.Error("the list finds it")
		}
		if !who.viewer.Guest() {
			who.get(at).want(http.StatusNotFound)
			who.post(at+"/accept", url.Values{}).want(http.StatusNotFound)
		}
	}
	var jobs string
	h.must(h.db.NewRaw(`SELECT string_agg(args::text, ' ') FROM river_job`).Scan(t.Context(), &jobs))
	for name, where := range map[string]string{"the log": h.log.String() + asideLog.String(), "a job": jobs} {
		if strings.Contains(where, "teapots") || strings.Contains(where, "ladders") {
			t.Errorf("%s holds it", name)
		}
	}
}

// TestTheMutedReadWhyTheyCannotAsk, with what they typed.
func TestTheMutedReadWhyTheyCannotAsk(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, sol := h.somebody("ada", accounts.Administrator), h.member("sol")
	c := h.listing(ada, h.member("june"), listed)
	h.exec(`UPDATE people SET muted_until = ? WHERE id = ?`, opened.Add(time.Hour), sol.viewer.ID)
	sol.get(c.Path()).want(http.StatusOK).shows("A moderator has asked you to pause")
	refused := sol.post(c.Path()+"/contact", url.Values{"message": {"My words."}, "consent": {"1"}, "key": {uuid.NewString()}}).want(http.StatusForbidden)
	if refused.fields()["message"] != "My words." {
		t.Error("the words are lost")
	}
}

// TestThePageOfConsultantsTakesFourStatementsAtMost, with the viewer.
func TestThePageOfConsultantsTakesFourStatementsAtMost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, sol := h.somebody("ada", accounts.Administrator), h.member("sol")
	for i := range 5 {
		h.listing(ada, h.member(fmt.Sprintf("member-%d", i)), listed+strings.Repeat("-x", i))
	}
	for at, most := range map[string]int64{"/consultants": 2, "/consultants?place=Utrecht": 2, "/consultants?q=suplementers": 4, "/consultants/" + listed: 3} {
		for range 2 { // prepared the first time
			before := h.db.Statements()
			sol.get(at).want(http.StatusOK)
			if took := h.db.Statements() - before; took > most {
				t.Errorf("%s takes %d statements", at, took)
			}
		}
	}
}
