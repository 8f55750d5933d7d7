// Package leaving is how people take their words along, and go.
//
// Owns: the pages /settings/export, /settings/leave and /left. Not here: what is copied and what is erased (server/leaving),
// the line on every page of somebody who is about to leave (web/ui).
package leaving

import (
	"firstdrops/server/leaving"
	"firstdrops/web/page"
)

type pages struct{ leaving *leaving.Leaving }

// Mount registers the pages.
func Mount(r *page.Routes, l *leaving.Leaving) {
	p := pages{l}
	r.GET("/settings/export", page.Proved, p.export)
	r.POST("/settings/export", page.Proved, p.askExport)
	r.GET("/settings/export/file", page.Proved, p.exportFile)
	r.GET("/settings/leave", page.Proved, p.leavePage)
	r.POST("/settings/leave", page.Proved, p.leave, "parting")
	r.POST("/settings/leave/stay", page.Members, p.stay)
	r.GET("/left", page.Open, p.left)
}
