package main

import (
	"net"
	"testing"

	"github.com/go-rod/rod/lib/proto"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
)

// startNamed runs a node that people reach by a name, as passkeys want it, and gives its address.
func startNamed(t *testing.T, settings map[string]string) string {
	t.Helper()
	address := freeAddress(t)
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	site := "http://localhost:" + port
	startNode(t, address, site, settings)
	return site
}

// phone gives somebody a device that keeps passkeys and knows who holds it.
func (p *person) phone() proto.WebAuthnAuthenticatorID {
	p.t.Helper()
	if err := (proto.WebAuthnEnable{}).Call(p); err != nil {
		p.t.Fatal(err)
	}
	added, err := proto.WebAuthnAddVirtualAuthenticator{Options: &proto.WebAuthnVirtualAuthenticatorOptions{
		Protocol: proto.WebAuthnAuthenticatorProtocolCtap2, Transport: proto.WebAuthnAuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}}.Call(p)
	if err != nil {
		p.t.Fatal(err)
	}
	return added.AuthenticatorID
}

// TestAPasskeyInABrowser is somebody's way without a password: they join, come back, prove again and change phones.
func TestAPasskeyInABrowser(t *testing.T) {
	t.Parallel()
	target := testdb.Target(t)
	wren := visit(t, chromium(t), startNamed(t, map[string]string{"DATABASE_URL": target.URL()}))
	first := wren.phone()

	wren.open("/signup")
	wren.says("[data-passkey] button", "passkey").MustClick()
	wren.says("#handle-fault", "3 to 24")
	wren.says("#rules-fault", "house rules")
	wren.field("^A name to be known by").MustInput("wren")
	wren.field("^E-mail").MustInput("wren@example.org")
	wren.find("[name=rules]").MustClick()
	wren.press("button", "Join with a passkey instead")
	wren.says(".nav", "wren")

	wren.press("button", "Sign out")
	wren.open("/login?next=/rules") // where the browser suggests the passkey, and this phone takes it at once
	wren.says("h1", "House rules")
	wren.says(".nav", "wren")

	wren.press("button", "Sign out")
	wren.MustEvalOnNewDocument(`PublicKeyCredential.isConditionalMediationAvailable = async () => false`)
	wren.open("/login?next=/rules")
	wren.press("button", "Sign in with a passkey")
	wren.says("h1", "House rules")
	wren.says(".nav", "wren")

	execute(t, target, "UPDATE sessions SET proved_at = now() - interval '1 hour'")
	wren.open("/settings/security")
	wren.says("h1", "Is it you")
	wren.press("button", "Go on with a passkey")
	wren.says("h1", "Security")
	wren.changePhones(first)

	wren.press("button", "Sign out")
	wren.open("/login")
	wren.press("button", "Sign in with a passkey")
	wren.says(".nav", "wren")
}

// changePhones adds the passkey of another phone and removes the first, which until then is the only way in.
func (p *person) changePhones(first proto.WebAuthnAuthenticatorID) {
	p.t.Helper()
	p.says("[data-passkey] button", "Add a passkey").MustClick()
	p.says("[role=status]", "has a passkey for you here already")
	p.press(".rows a", "^Chrome on")
	p.press("button", "Remove this passkey")
	p.says("[role=alert]", "only way to come in")

	if err := (proto.WebAuthnRemoveVirtualAuthenticator{AuthenticatorID: first}).Call(p); err != nil {
		p.t.Fatal(err)
	}
	second := p.phone()
	p.open("/settings/security")
	p.field("^A name for a new one").MustInput("My new phone")
	p.verifies(second, false)
	p.tap("button", "Add a passkey")
	p.says("[role=status]", "cancelled")
	p.verifies(second, true)
	p.press("button", "Add a passkey")
	p.says(".rows", "My new phone")

	p.press(".rows a", "^Chrome on")
	p.field("^Name").MustSelectAllText().MustInput("The old phone")
	p.press("button", "Rename")
	p.press(".rows a", "The old phone")
	p.press("button", "Remove this passkey")
	p.says(".rows", "My new phone")
	if left := p.MustElements(".rows a"); len(left) != 1 {
		p.t.Errorf("%d passkeys are left", len(left))
	}
}

// verifies lets a phone know who holds it, or not.
func (p *person) verifies(phone proto.WebAuthnAuthenticatorID, knows bool) {
	p.t.Helper()
	if err := (proto.WebAuthnSetUserVerified{AuthenticatorID: phone, IsUserVerified: knows}).Call(p); err != nil {
		p.t.Fatal(err)
	}
}

// execute changes the database behind the site's back.
func execute(t *testing.T, target db.Target, query string) {
	t.Helper()
	database := db.Open(target.WithPool(1))
	defer func() { _ = database.Close() }()
	if _, err := database.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

// TestWithoutPasskeys: a browser that has none, and a site that can have none, are joined with a password.
func TestWithoutPasskeys(t *testing.T) {
	t.Parallel()
	target := testdb.Target(t)
	address := freeAddress(t)
	startNode(t, address, "http://"+address, map[string]string{"DATABASE_URL": target.URL()})
	sol := visit(t, chromium(t), "http://"+address)
	sol.join("sol")
	sol.open("/settings/security")
	sol.says("section", "reached by a number instead of a name")

	sol.site = startNamed(t, map[string]string{"DATABASE_URL": target.URL()})
	sol.MustEvalOnNewDocument(`delete window.PublicKeyCredential`)
	sol.join("sol-too")
	sol.open("/settings/security")
	sol.says("section", "takes a browser that has passkeys")
	for _, button := range sol.MustElements("[data-passkey] button") {
		if button.MustVisible() {
			t.Error("a passkey is offered")
		}
	}
}
