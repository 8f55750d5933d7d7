// Package notify shows people what they were told.
//
// Owns: the page /notifications. Not here: who is told of what (server/notify), the bell (web/ui and js/bell.js).
package notify

import (
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/web/page"
)

type pages struct {
	notify     *notify.Notify
	forum      *forum.Forum
	moderation *moderation.Moderation
	directory  *directory.Directory
}

// Mount registers the page, and the form that marks what stands on it as seen.
func Mount(r *page.Routes, n *notify.Notify, f *forum.Forum, m *moderation.Moderation, d *directory.Directory) {
	p := pages{n, f, m, d}
	r.GET("/notifications", page.Members, p.notices)
	r.POST("/notifications/seen", page.Members, p.seen, "upto", "from")
}
