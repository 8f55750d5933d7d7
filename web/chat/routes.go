// Package chat shows the rooms and takes what people say in them by HTTP.
//
// Owns: /rooms, /admin/rooms and what is below them. Not here: who may be in a room and in which order things are said
// (server/chat), the sockets over which a room lives (web/live), what the page does with them (static/js/room.js).
package chat

import (
	"firstdrops/server/chat"
	"firstdrops/web/page"
)

// pages are the handlers, with what they need.
type pages struct{ chat *chat.Chat }

// Mount registers the rooms' routes. To guests a room is not there, so reading one is open to all: the domain
// answers. Only the list names the rooms to everybody.
func Mount(r *page.Routes, c *chat.Chat) {
	p := &pages{chat: c}
	r.GET("/rooms", page.Open, p.rooms)
	r.GET("/rooms/:slug", page.Open, p.room)
	r.GET("/rooms/:slug/messages", page.Open, p.messages)
	r.POST("/rooms/:slug/messages", page.Members, p.send, "cmid", "body", "re")
	r.GET(arrangePath, page.Administrators, p.arranged)
	r.POST(arrangePath, page.Administrators, p.addRoom, "slug", "name", "about", "topic", "position")
	r.GET(arrangePath+"/:slug", page.Administrators, p.arrangedRoom)
	r.POST(arrangePath+"/:slug", page.Administrators, p.changeRoom, "name", "about", "topic", "position")
}
