// Package directory shows consultants, takes their applications, and carries requests between two people.
//
// Owns: the addresses /consultants/…, /contacts/… and /mod/consultants/…, and their pages. Not here: who is listed, what is
// true of a credential and who may read a request (server/directory), reports of a listing (web/moderation).
package directory

import (
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/platform/ratelimit"
	"firstdrops/web/page"
)

// pages are the handlers, with what they need.
type pages struct {
	directory *directory.Directory
	forum     *forum.Forum
	pace      pace
}

// pace is how fast one person may write and search; a nil limiter lets everything pass.
type pace struct{ listings, contacts, searches *ratelimit.Limiter }

// Mount registers the directory's routes. Limited, they slow down whoever does much more than a person can.
func Mount(r *page.Routes, d *directory.Directory, f *forum.Forum, limited bool) {
	p := &pages{directory: d, forum: f}
	if limited {
		p.pace = pace{
			listings: ratelimit.New(40, 10*time.Minute),
			contacts: ratelimit.New(20, time.Hour),
			searches: ratelimit.New(60, time.Minute),
		}
	}
	r.GET("/consultants", page.Open, p.list)
	r.GET("/consultants/apply", page.Members, p.applying)
	r.POST("/consultants/apply", page.Members, p.apply, listingFields...)
	r.GET("/consultants/:slug", page.Open, p.consultant)
	r.GET("/consultants/:slug/edit", page.Members, p.editing)
	r.POST("/consultants/:slug/edit", page.Members, p.edit, listingFields...)
	r.POST("/consultants/:slug/confirm", page.Members, p.confirm)
	r.POST("/consultants/:slug/accepting", page.Members, p.accepting, "accepting", "waiting")
	r.POST("/consultants/:slug/contact", page.Members, p.contact, "message", "consent", "key")
	r.GET("/contacts", page.Members, p.requests)
	r.GET("/contacts/:id", page.Members, p.request)
	r.POST("/contacts/:id/accept", page.Members, p.answering(true), "reply")
	r.POST("/contacts/:id/decline", page.Members, p.answering(false), "reply")
	r.GET("/mod/consultants", page.Moderators, p.desk)
	r.GET("/mod/consultants/:id", page.Administrators, p.examine)
	r.POST("/mod/consultants/:id/verify", page.Administrators, p.verify, "number", "country", "expires", "seen")
	r.POST("/mod/consultants/:id/refuse", page.Administrators, p.refuse, "reason_code", "note", "seen")
}

// take spends one of the person's tokens; guests at one place share theirs.
func take(c echo.Context, l *ratelimit.Limiter) error {
	if viewer := page.Viewer(c); !viewer.Guest() {
		return l.Take(strconv.FormatInt(viewer.ID, 10))
	}
	return l.Take(page.Network(c))
}
