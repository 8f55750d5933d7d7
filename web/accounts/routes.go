// Package accounts is how people join, come in and leave by the browser, how their profiles look, and what they choose for
// themselves.
//
// Owns: the pages /signup, /login and those below it, /logout, /password, /u, /email, /theme, /settings, and of /admin those
// of people, approvals, invitations, groups and settings. Not here: who people are (server/accounts), which password is good
// enough (server/platform/password), the session's cookie (web/page).
package accounts

import (
	"firstdrops/server/accounts"
	"firstdrops/server/accounts/settings"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/groups"
	"firstdrops/server/joining"
	"firstdrops/server/signin"
	"firstdrops/web/page"
)

// Deps is what the pages answer from. A profile links to the listing of who has one.
type Deps struct {
	Accounts  *accounts.Accounts
	Settings  *settings.Settings
	Signin    *signin.Signin
	Groups    *groups.Groups
	Joining   *joining.Joining
	Directory *directory.Directory
	Forum     *forum.Forum
	Limits    Limits
}

// pages answers with what the domains say.
type pages struct {
	accounts  *accounts.Accounts
	selves    *settings.Settings
	signin    *signin.Signin
	circles   *groups.Groups
	joining   *joining.Joining
	passkeys  *signin.Passkeys // nil where the site can have none
	directory *directory.Directory
	forum     *forum.Forum
	limits    Limits
}

// Mount registers the pages of accounts.
func Mount(r *page.Routes, d Deps) {
	p := pages{accounts: d.Accounts, selves: d.Settings, signin: d.Signin, circles: d.Groups, joining: d.Joining, passkeys: signin.NewPasskeys(d.Signin), directory: d.Directory, forum: d.Forum, limits: d.Limits}
	r.GET("/signup", page.Guests, p.askToJoin)
	r.POST("/signup", page.Guests, p.join, "handle", "handle_ok", "email", "password", "invitation", "rules", "next")
	r.GET("/login", page.Guests, p.askToSignIn)
	r.POST("/login", page.Guests, p.signIn, "login", "password", "next")
	r.POST("/logout", page.Open, p.signOut)
	r.GET("/login/link/:token", page.Open, p.openLink)
	r.POST("/login/link/:token", page.Open, p.followLink, "username", "password")
	r.GET("/u/:handle", page.Open, p.profile)
	// self
	r.GET("/settings", page.Members, p.settings)
	r.POST("/settings", page.Members, p.saveSettings, "name", "pronouns", "feeding", "way...", "way_line", "visibility", "language", "zone", "theme", "reduced_data")
	r.POST("/theme", page.Open, p.chooseTheme, "theme")
	r.GET("/admin/people", page.Administrators, p.people)
	r.POST("/admin/people/:id/role", page.Administrators, p.setRole, "role", "q", "after")

	// factor
	r.GET("/login/2fa", page.Guests, p.askForCode)
	r.POST("/login/2fa", page.Guests, p.takeCode, "code", "next")
	r.GET("/login/again", page.Members, p.askAgain)
	r.POST("/login/again", page.Members, p.proveAgain, "username", "password", "code", "next")
	r.GET(securityPath, page.Proved, p.security)
	r.GET(totpPath, page.Proved, p.setUpCodes)
	r.POST(totpPath, page.Proved, p.beginCodes)
	r.POST(totpPath+"/confirm", page.Proved, p.confirmCodes, "code")
	r.POST(totpPath+"/remove", page.Proved, p.removeCodes)
	r.POST(securityPath+"/recovery", page.Proved, p.renewRecovery)
	// passkey
	p.mountPasskeys(r)
	// groups
	p.mountGroups(r)
	// letters
	p.mountLetters(r)
	// joining
	p.mountConfirmation(r)
	p.mountJoining(r)
	// blocks
	r.POST("/u/:handle/block", page.Members, p.block)
	r.GET("/t/:id/block", page.Members, p.askAliasBlock)
	r.POST("/t/:id/block", page.Members, p.blockAlias, "name")
	r.GET("/settings/blocks", page.Members, p.blocks)
	r.POST("/settings/blocks/:id/end", page.Members, p.unblock)
}
