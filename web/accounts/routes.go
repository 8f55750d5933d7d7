// Package accounts is how people join, come in and leave by the browser, and how their profiles look.
//
// Owns: the pages /signup, /login and those below it, /logout, /password, /u, /email, of /settings those of security,
// password and sessions, and of /admin those of people, approvals, invitations and settings. Not here: who people are and which
// password is good enough (server/accounts), the session's cookie (web/page).
package accounts

import (
	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/server/signin"
	"firstdrops/web/page"
)

// Deps is what the pages answer from. A profile links to the listing of who has one.
type Deps struct {
	Accounts  *accounts.Accounts
	Signin    *signin.Signin
	Directory *directory.Directory
	Limits    Limits
}

// pages answers with what the domains say.
type pages struct {
	accounts  *accounts.Accounts
	signin    *signin.Signin
	passkeys  *signin.Passkeys // nil where the site can have none
	directory *directory.Directory
	limits    Limits
}

// Mount registers the pages of accounts.
func Mount(r *page.Routes, d Deps) {
	p := pages{accounts: d.Accounts, signin: d.Signin, passkeys: signin.NewPasskeys(d.Signin), directory: d.Directory, limits: d.Limits}
	r.GET("/signup", page.Guests, p.askToJoin)
	r.POST("/signup", page.Guests, p.join)
	r.GET("/login", page.Guests, p.askToSignIn)
	r.POST("/login", page.Guests, p.signIn)
	r.POST("/logout", page.Open, p.signOut)
	r.GET("/login/link/:token", page.Open, p.openLink)
	r.POST("/login/link/:token", page.Open, p.followLink)
	r.GET("/u/:handle", page.Open, p.profile)
	r.GET("/admin/people", page.Administrators, p.people)
	r.POST("/admin/people/:id/role", page.Administrators, p.setRole)

	// factor
	r.GET("/login/2fa", page.Guests, p.askForCode)
	r.POST("/login/2fa", page.Guests, p.takeCode)
	r.GET("/login/again", page.Members, p.askAgain)
	r.POST("/login/again", page.Members, p.proveAgain)
	r.GET(securityPath, page.Proved, p.security)
	r.GET(totpPath, page.Proved, p.setUpCodes)
	r.POST(totpPath, page.Proved, p.beginCodes)
	r.POST(totpPath+"/confirm", page.Proved, p.confirmCodes)
	r.POST(totpPath+"/remove", page.Proved, p.removeCodes)
	r.POST(securityPath+"/recovery", page.Proved, p.renewRecovery)
	// passkey
	p.mountPasskeys(r)
	// letters
	p.mountLetters(r)
	// joining
	p.mountConfirmation(r)
	p.mountJoining(r)

	// groups
	r.GET("/settings/groups", page.Members, p.groups)
	r.POST("/groups/:group/join", page.Members, p.joinGroup)
	r.POST("/groups/:group/leave", page.Members, p.leaveGroup)
	r.GET("/groups/:group", page.Members, p.groupPeople)
	r.POST("/groups/:group/people", page.Members, p.letIn)
	r.POST("/groups/:group/people/:id/remove", page.Members, p.takeOut)
	r.POST("/groups/:group/people/:id/moderator", page.Administrators, p.setGroupModerator)
	r.POST("/groups/:group/people/:id/supporter", page.Members, p.setSupporter)
	r.GET("/admin/groups", page.Administrators, p.arrangedGroups)
	r.POST("/admin/groups", page.Administrators, p.addGroup)
	r.GET("/admin/groups/:group", page.Administrators, p.arrangedGroup)
	r.POST("/admin/groups/:group", page.Administrators, p.changeGroup)
}
