// Package forum shows threads and takes what people write in them.
//
// Owns: the addresses /c/…, /t/…, /p/…, /questions, /drafts, /search and /admin/categories, and their pages. Not here: who may
// read or write what, and what a post becomes (server/forum), what a search finds
// (server/search).
package forum

import (
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/forum"
	"firstdrops/server/platform/ratelimit"
	"firstdrops/server/search"
	"firstdrops/web/page"
)

// pages are the handlers, with what they need.
type pages struct {
	forum *forum.Forum
	find  *search.Search
	pace  pace
}

// pace is how fast one person may write and search; a nil limiter lets everything pass.
type pace struct{ threads, posts, reactions, drafts, searches *ratelimit.Limiter }

// Mount registers the forum's routes. Limited, they slow down whoever writes much more than a person can.
func Mount(r *page.Routes, f *forum.Forum, s *search.Search, limited bool) {
	p := &pages{forum: f, find: s}
	if limited {
		p.pace = pace{
			threads:   ratelimit.New(40, 10*time.Minute),
			posts:     ratelimit.New(120, 10*time.Minute),
			reactions: ratelimit.New(240, 10*time.Minute),
			drafts:    ratelimit.New(600, 10*time.Minute),
			searches:  ratelimit.New(60, time.Minute),
		}
	}
	r.GET("/c/:category", page.Open, p.category)
	r.GET("/c/:category/new", page.Members, p.opening)
	r.POST("/c/:category/threads", page.Members, p.start, "title", "body", "key", "tags", "language", "specialty", "as", "alias")
	r.GET("/t/:id", page.Open, p.thread)
	r.GET("/t/:id/:slug", page.Open, p.thread)
	r.POST("/t/:id/posts", page.Members, p.reply, "body", "key", "after", "reply_to", "quote_post", "quote_start", "quote_end", "as", "alias")
	r.POST("/t/:id/watch", page.Members, p.watch, "on", "after")
	r.GET("/t/:id/alias", page.Members, p.masking)
	r.POST("/t/:id/alias", page.Members, p.mask, "alias")
	r.POST("/t/:id/pin", page.Moderators, p.moderating(f.Pin), "reason_code", "note", "category")
	r.POST("/t/:id/unpin", page.Moderators, p.moderating(f.Unpin), "reason_code", "note", "category")
	r.POST("/t/:id/lock", page.Moderators, p.moderating(f.Lock), "reason_code", "note", "category")
	r.POST("/t/:id/unlock", page.Moderators, p.moderating(f.Unlock), "reason_code", "note", "category")
	r.POST("/t/:id/hide", page.Moderators, p.moderating(f.Hide), "reason_code", "note", "category")
	r.POST("/t/:id/restore", page.Moderators, p.moderating(f.Restore), "reason_code", "note", "category")
	r.POST("/t/:id/move", page.Moderators, p.move, "reason_code", "note", "category")
	r.GET("/p/:id", page.Open, p.post)
	r.GET("/p/:id/edit", page.Members, p.editing)
	r.POST("/p/:id/edit", page.Members, p.edit, "body", "version", "key")
	r.GET("/p/:id/delete", page.Members, p.deleting)
	r.POST("/p/:id/delete", page.Members, p.delete)
	r.POST("/p/:id/react", page.Members, p.react, "kind", "on")
	r.GET("/questions", page.Consultants, p.questions)
	r.POST("/t/:id/take", page.Consultants, p.taking(f.Take))
	r.POST("/t/:id/untake", page.Consultants, p.taking(f.Untake))
	r.POST("/drafts", page.Members, p.saveDraft, "target", "title", "body")
	r.GET("/search", page.Open, p.search)
	r.GET(arrangePath, page.Administrators, p.arranged)
	r.POST(arrangePath, page.Administrators, p.addCategory, "slug", "name", "about", "audience", "position")
	r.GET(arrangePath+"/:category", page.Administrators, p.arrangedCategory)
	r.POST(arrangePath+"/:category", page.Administrators, p.changeCategory, "name", "about", "audience", "position")
}

// take spends one of the person's tokens.
func take(c echo.Context, l *ratelimit.Limiter) error {
	return l.Take(strconv.FormatInt(page.Viewer(c).ID, 10))
}
