// Package accounts is how people join, come in and leave by the browser, and how their profiles look.
//
// Owns: the pages /signup, /login, /logout, /login/link, /u and /admin/people. Not here: who people are and which
// password is good enough (server/accounts), the session's cookie (web/page).
package accounts

import (
	"firstdrops/server/accounts"
	"firstdrops/server/directory"
	"firstdrops/web/page"
)

// pages answers with what the domain says.
type pages struct {
	accounts  *accounts.Accounts
	directory *directory.Directory
	limits    Limits
}

// Mount registers the pages of accounts. A profile links to the listing of who has one.
func Mount(r *page.Routes, a *accounts.Accounts, d *directory.Directory, limits Limits) {
	p := pages{accounts: a, directory: d, limits: limits}
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
}
