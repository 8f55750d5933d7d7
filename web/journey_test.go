package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestJourneyWithoutScripts is two people's way through the house, by the links and forms of its pages alone.
func TestJourneyWithoutScripts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	river, sol := h.joins("river"), h.joins("sol")

	form := river.get("/c/relactation/new").want(http.StatusOK).form("/c/relactation/threads")
	empty := form.send("title", "Is it too late?").want(http.StatusUnprocessableEntity)
	thread := empty.form("/c/relactation/threads").send("body", "She is ten weeks old.\n\nHas *anybody* been here?").follow()
	thread.shows("Is it too late?", "She is ten weeks old.")

	listed := sol.get("/c/relactation").want(http.StatusOK)
	read := sol.get(listed.link("Is it too late?")).want(http.StatusOK)
	replied := read.form(replyAction(read)).send("body", "I have. It took six weeks.").follow()
	replied.shows("I have. It took six weeks.")

	quoting := river.get(river.get(thread.at).want(http.StatusOK).lastLink("Quote")).want(http.StatusOK)
	composer := quoting.form(replyAction(quoting))
	if !strings.Contains(composer.values.Get("body"), "> I have. It took six weeks.") {
		t.Errorf("the quote is not in the composer: %q", composer.values.Get("body"))
	}
	quoted := composer.send("body", composer.values.Get("body")+"\n\nThank you.").follow()
	quoted.shows("Thank you.", "Quoted words from", "sol, post 2")

	river.changesAndTakesAway(quoted)
	sol.get(thread.at).want(http.StatusOK).lacks("Thank you.")

	river.get("/").want(http.StatusOK).form("/logout").send().follow().shows("Sign in")
	if again := river.get("/c/relactation/new"); again.to() != "/login?next=%2Fc%2Frelactation%2Fnew" {
		t.Errorf("signed out, writing leads to %s", again.to())
	}
	river.signsIn("river").shows("Start a thread")
}

// joins signs somebody up, with a first try that is refused.
func (h *house) joins(name string) *person {
	h.Helper()
	p := h.guest()
	first := p.get(p.get("/").want(http.StatusOK).link("Join")).want(http.StatusOK).form("/signup")
	again := first.send("handle", name, "email", name+"@mail.example", "password", "short").want(http.StatusUnprocessableEntity)
	second := again.form("/signup")
	if second.values.Get("handle") != name || second.values.Get("email") != name+"@mail.example" || second.values.Get("password") != "" {
		h.Errorf("after a refusal the form holds %v", second.values)
	}
	second.send("password", password, "rules", "1").follow().shows(name)
	return p
}

// signsIn comes back to where signing in was asked for.
func (p *person) signsIn(name string) answer {
	p.Helper()
	asked := p.get(p.get("/c/relactation/new").to()).want(http.StatusOK)
	asked.form("/login").send("login", name, "password", "not the password").want(http.StatusUnprocessableEntity)
	return asked.form("/login").send("login", name, "password", password).follow()
}

// changesAndTakesAway changes the newest post in one window, then in another one that still has the old words, and takes
// it away in the end.
func (p *person) changesAndTakesAway(thread answer) {
	p.Helper()
	window := p.get(thread.lastLink("Change it")).want(http.StatusOK)
	other := p.get(window.at).want(http.StatusOK)
	window.form(window.at).send("body", "Thank you, both of you.").follow().shows("Thank you, both of you.", "edited")

	stale := other.form(other.at).send("body", "Thank you so much.").want(http.StatusConflict)
	stale.shows("Thank you so much.", "Thank you, both of you.")
	stale.form(other.at).send("body", "Thank you so much, both of you.").follow().shows("Thank you so much, both of you.")

	sure := p.get(p.get(thread.at).want(http.StatusOK).lastLink("Take it away")).want(http.StatusOK)
	sure.form(sure.at).send().follow().lacks("Thank you so much")
}

// replyAction is where the composer of a thread's page goes.
func replyAction(thread answer) string {
	parts := strings.Split(thread.at, "/")
	return "/t/" + parts[2] + "/posts"
}

func (a answer) shows(texts ...string) {
	a.Helper()
	shown := a.text()
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			a.Errorf("%s does not show %q\n%.3000s", a.asked, text, shown)
		}
	}
}

func (a answer) lacks(texts ...string) {
	a.Helper()
	shown := a.text()
	for _, text := range texts {
		if strings.Contains(shown, text) {
			a.Errorf("%s still shows %q", a.asked, text)
		}
	}
}
