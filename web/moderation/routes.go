// Package moderation takes what people report, and shows moderators their desk.
//
// Owns: the addresses /mod, /mod/cases, /decisions/…, /report below everything that can be reported, and /t/…/unmask, with their pages.
// Not here: what becomes of a report and a decision (server/moderation), what staff did (web/audit).
package moderation

import (
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/ratelimit"
	"firstdrops/web/page"
)

// pages are the handlers, with what they need.
type pages struct {
	moderation *moderation.Moderation
	forum      *forum.Forum
	reports    *ratelimit.Limiter // how fast one person may report; nil lets everything pass
}

const cases = "/mod/cases"

// Mount registers the routes. Limited, they slow down whoever reports much more than a person can.
func Mount(r *page.Routes, m *moderation.Moderation, f *forum.Forum, limited bool) {
	p := &pages{moderation: m, forum: f}
	if limited {
		p.reports = ratelimit.New(60, 10*time.Minute)
	}
	for path, kind := range map[string]audit.Kind{
		"/p/:id/report": audit.Post, "/t/:id/report": audit.Thread, "/rooms/:slug/messages/:n/report": audit.Message,
		"/u/:handle/report": audit.Person, "/consultants/:slug/report": audit.Listing,
	} {
		r.GET(path, page.Members, p.reporting(kind))
		r.POST(path, page.Members, p.report(kind), "reason", "note")
	}
	r.GET("/t/:id/unmask", page.Unmaskers, p.unmasking)
	r.POST("/t/:id/unmask", page.Unmaskers, p.unmask, "alias", "reason_code", "note")
	r.GET("/decisions/:id/object", page.Members, p.objecting)
	r.POST("/decisions/:id/object", page.Members, p.object, "note")
	r.GET("/mod", page.Moderators, func(c echo.Context) error { return page.SeeOther(c, cases) })
	r.GET(cases, page.Moderators, p.cases)
	r.GET(cases+"/:id", page.Moderators, p.open)
	r.GET(cases+"/:id/standing", page.Moderators, p.standing)
	r.POST(cases+"/:id/claim", page.Moderators, p.claim, "version")
	r.POST(cases+"/:id/release", page.Moderators, p.release, "version")
	r.POST(cases+"/:id/decide", page.Moderators, p.decide, "action", "reason_code", "note", "until", "category", "version")
	r.POST(cases+"/:id/undo", page.Moderators, p.undo, "version")
}
