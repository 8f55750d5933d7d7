// Package home shows what belongs to no single domain: the front page, the help lines, the house rules, the
// choice of light.
//
// Owns: /, /help/now, /rules, /theme. Not here: what stands on the front page, which is the domains' own.
package home

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// How many threads the front page lists.
const (
	shownWaiting = 4
	shownLatest  = 6
)

type home struct {
	forum *forum.Forum
	chat  *chat.Chat
}

// Mount registers the pages.
func Mount(r *page.Routes, f *forum.Forum, c *chat.Chat) {
	h := home{f, c}
	r.GET("/", page.Open, h.front)
	r.GET("/help/now", page.Open, helpNow)
	r.GET("/rules", page.Open, rules)
	r.POST("/theme", page.Open, chooseTheme)
}

// front is what the front page shows to one viewer.
type front struct {
	categories []forum.Category
	latest     []forum.Thread
	waiting    []forum.Thread // members only
	rooms      []room
}

// room is a live room as the front page names it.
type room struct {
	chat.Room
	here int // how many are in it; guests are not told
}

// lit reports whether somebody is in.
func (r room) lit() bool { return r.here > 0 }

// lit are the rooms with somebody in them now.
func (p front) lit() []room {
	return slices.DeleteFunc(slices.Clone(p.rooms), func(r room) bool { return !r.lit() })
}

func (h home) front(c echo.Context) error {
	shown, err := h.read(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	f := page.Frame(c, "Home")
	f.Current = "home"
	if f.Viewer.Guest() {
		return page.Render(c, http.StatusOK, doorPage(f, shown))
	}
	f.Scripts = []string{"home"}
	return page.Render(c, http.StatusOK, frontPage(f, shown))
}

// read asks each domain for its part.
func (h home) read(ctx context.Context, viewer accounts.Viewer) (p front, err error) {
	if p.categories, err = h.forum.Categories(ctx, viewer); err != nil {
		return front{}, err
	}
	if p.latest, err = h.forum.Latest(ctx, viewer, shownLatest); err != nil {
		return front{}, err
	}
	rooms, err := h.chat.Rooms(ctx, viewer)
	if err != nil {
		return front{}, err
	}
	for _, r := range rooms {
		here := 0
		if viewer.Admitted() {
			here = h.chat.Present(r.Slug).Count
		}
		p.rooms = append(p.rooms, room{r, here})
	}
	if viewer.Guest() {
		return p, nil
	}
	p.waiting, err = h.forum.Waiting(ctx, viewer, shownWaiting)
	return p, err
}

func rules(c echo.Context) error {
	return page.Render(c, http.StatusOK, rulesPage(page.Frame(c, "House rules")))
}

const membersOnly = " · members only"

// place is where a thread stands, and who can read it there.
func place(t forum.Thread) string {
	if t.MembersOnly() {
		return t.CategoryName + membersOnly
	}
	return t.CategoryName
}

// about says what a category is for, and who can read it.
func about(c forum.Category) string {
	if c.MembersOnly() {
		return c.About + membersOnly
	}
	return c.About
}

// greeting is one way to say hello, for the hours in which it is true.
type greeting struct {
	from, until string // hours of the reader's clock: from included, until not
	words       string
}

// greetings are written here and chosen by js/home.js, for only the reader's own clock knows the hour.
func greetings(name string, company bool) []greeting {
	night := "The lamp is on, " + name
	if company {
		night = "You are not the only one awake, " + name
	}
	return []greeting{
		{"5", "12", "Good morning, " + name},
		{"12", "18", "Good afternoon, " + name},
		{"18", "23", "Good evening, " + name},
		{"23", "5", night},
	}
}

// company says in words how full the rooms are.
func (p front) company() string {
	switch lit := len(p.lit()); lit {
	case 0:
		return "The rooms are quiet just now. Somebody has to be first."
	case 1:
		return "Somebody is in one of the rooms just now."
	default:
		return fmt.Sprintf("There are people in %d of the rooms just now.", lit)
	}
}
