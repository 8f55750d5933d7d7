package main

import (
	"net"
	"testing"

	"github.com/go-rod/rod/lib/proto"

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

// TestAPasskeyInABrowser joins with one instead of a password and comes back by it.
func TestAPasskeyInABrowser(t *testing.T) {
	t.Parallel()
	wren := visit(t, chromium(t), startNamed(t, map[string]string{"DATABASE_URL": testdb.Target(t).URL()}))
	wren.phone()

	wren.open("/signup")
	wren.says("[data-passkey] button", "passkey").MustClick()
	wren.says("#handle-fault", "3")
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
}
