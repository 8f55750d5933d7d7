package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"firstdrops/server/platform/testdb"
)

// secure sets up codes from an app, by the pages, and gives the app's secret and the recovery codes.
func (p *person) secure() (secret string, recovery []string) {
	p.t.Helper()
	p.open("/settings/security")
	p.press("button", "^Set it up$")
	if shown := p.find("main svg[role='img']").MustShape().Box(); shown.Width < 180 || shown.Height < 180 {
		p.t.Errorf("a camera is shown %v by %v", shown.Width, shown.Height)
	}
	secret = strings.ReplaceAll(p.find("main code").MustText(), " ", "")
	p.find("#code").MustInput(codeAt(p.t, secret, 0))
	p.press("button", "^Turn it on$")
	p.says("h1", "^Your recovery codes$")
	recovery = regexp.MustCompile(`(?:\d{4} ){4}\d{4}`).FindAllString(p.find("main").MustText(), -1)
	p.press("a", "^I have them$")
	p.says("main", "It is set up")
	return secret, recovery
}

// codeAt is what an app with this secret shows so many steps from now.
func codeAt(t *testing.T, secret string, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// TestSecondStep is the whole way of a second factor in a browser: set up, asked for, used once, and replaced by paper.
func TestSecondStep(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	startNode(t, address, "http://"+address, map[string]string{"DATABASE_URL": testdb.Target(t).URL()})
	wren := visit(t, chromium(t), "http://"+address)
	wren.join("wren")
	secret, recovery := wren.secure()
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes", len(recovery))
	}
	comeTo := func() {
		t.Helper()
		wren.open("/")
		wren.press("button", "^Sign out$")
		wren.open("/login?next=%2Fsettings%2Fsecurity")
		wren.find("#login").MustInput("wren")
		wren.find("#password").MustInput("four words that only wren knows")
		wren.submit("main form [class~=btn-main]")
		wren.says("h1", "^One more step$")
	}
	enter := func(code string) {
		t.Helper()
		wren.find("#code").MustSelectAllText().MustInput(code)
		wren.submit("main form [class~=btn-main]")
	}
	comeTo()
	wren.open("/notifications")
	wren.says("h1", "^Sign in$") // half a sign-in opens nothing
	wren.open("/login/2fa?next=%2Fsettings%2Fsecurity")
	code := codeAt(t, secret, 1) // of the next half minute: the one before confirmed it
	enter(code)
	wren.says("main", "10 of 10 are left")

	comeTo()
	enter(code)
	wren.says(".errors", "does not fit")
	enter(recovery[6])
	wren.says("main", "9 of 10 are left")
	comeTo()
	enter(recovery[6])
	wren.says(".errors", "does not fit")
	enter(recovery[7])
	wren.says("main", "8 of 10 are left")
}
