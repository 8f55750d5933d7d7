// Package accounts is how people join, come in and leave by the browser, and how their profiles look.
//
// Owns: the pages /signup, /login, /logout, /login/link, /u and /admin/people. Not here: who people are and which
// password is good enough (server/accounts), the session's cookie (web/page).
package accounts

import (
	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/groups"
	"firstdrops/server/signin"
	"firstdrops/web/page"
)

// Deps is what the pages answer from. A profile links to the listing of who has one.
type Deps struct {
	Accounts  *accounts.Accounts
	Signin    *signin.Signin
	Groups    *groups.Groups
	Directory *directory.Directory
	Forum     *forum.Forum
	Limits    Limits
}

// pages answers with what the domains say.
type pages struct {
	accounts  *accounts.Accounts
	signin    *signin.Signin
	circles   *groups.Groups
	directory *directory.Directory
	forum     *forum.Forum
	limits    Limits
}

// Mount registers the pages of accounts.
func Mount(r *page.Routes, d Deps) {
	p := pages{accounts: d.Accounts, signin: d.Signin, circles: d.Groups, directory: d.Directory, forum: d.Forum, limits: d.Limits}
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

	// blocks
	r.POST("/u/:handle/block", page.Members, p.block)
	r.GET("/t/:id/block", page.Members, p.askAliasBlock)
	r.POST("/t/:id/block", page.Members, p.blockAlias)
	r.GET("/settings/blocks", page.Members, p.blocks)
	r.POST("/settings/blocks/:id/end", page.Members, p.unblock)

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
