package chat

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"firstdrops/server/chat"
	"firstdrops/web/page"
)

// place is a room as a list shows it.
type place struct {
	chat.Room
	Here int // how many people are in it; guests are not told
}

func (p place) path() string { return roomPath(p.Slug) }

// words say what goes on in a room: "7 here · 4 new".
func (p place) words() string {
	var words []string
	if p.Here > 0 {
		words = append(words, strconv.Itoa(p.Here)+" here")
	}
	if fresh := p.Unread(); fresh > 0 {
		words = append(words, strconv.FormatInt(fresh, 10)+" new")
	}
	if len(words) == 0 {
		return "Quiet just now"
	}
	return strings.Join(words, " · ")
}

// rooms lists the rooms: to members with who is there and what is new, to others by name only.
func (p *pages) rooms(c echo.Context) error {
	places, err := p.places(c)
	if err != nil {
		return err
	}
	f := page.Frame(c, "Rooms")
	f.Current = "rooms"
	if !f.Viewer.Admitted() {
		return page.Render(c, http.StatusOK, closedRoomsPage(f, places))
	}
	return page.Render(c, http.StatusOK, roomsPage(f, places))
}

func (p *pages) places(c echo.Context) ([]place, error) {
	viewer := page.Viewer(c)
	rooms, err := p.chat.Rooms(c.Request().Context(), viewer)
	if err != nil {
		return nil, err
	}
	places := make([]place, 0, len(rooms))
	for _, room := range rooms {
		here := 0
		if viewer.Admitted() {
			here = p.chat.Present(room.Slug).Count
		}
		places = append(places, place{room, here})
	}
	return places, nil
}

func roomPath(slug string) string { return "/rooms/" + slug }
