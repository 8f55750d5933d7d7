package chat

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"firstdrops/server/chat"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

const arrangePath = "/admin/rooms"

// roomForm is what is said about a room, as it was typed, with what is wrong with it.
type roomForm struct {
	slug                         string
	name, about, topic, position string
	faults                       map[string]string
}

// roomFields are the fields in their order, for the summary of faults.
var roomFields = []string{"slug", "name", "about", "topic", "position"}

func formOf(r chat.Room) roomForm {
	return roomForm{slug: r.Slug, name: r.Name, about: r.About, topic: r.Topic, position: strconv.Itoa(r.Position)}
}

func readRoom(form url.Values) roomForm {
	typed := func(field string) string { return page.Shown(form.Get(field)) }
	return roomForm{slug: typed("slug"), name: typed("name"), about: typed("about"), topic: typed("topic"), position: typed("position")}
}

func (f roomForm) room() chat.Room {
	position, _ := strconv.Atoi(f.position) // what is no number is no place: the domain says so
	return chat.Room{Slug: f.slug, Name: f.name, About: f.about, Topic: f.topic, Position: position}
}

// again gives the form back with its faults; other errors pass.
func (f roomForm) again(c echo.Context, err error, show func(roomForm) error) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid || page.WantsJSON(c) {
		return err
	}
	f.faults = refusal.Fields
	return show(f)
}

// arranged lists the rooms for administrators, with the form of a new one.
func (p *pages) arranged(c echo.Context) error { return p.showRooms(c, http.StatusOK, roomForm{}) }

func (p *pages) showRooms(c echo.Context, status int, f roomForm) error {
	rooms, err := p.chat.Rooms(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	if f.faults == nil && len(rooms) > 0 {
		f.position = strconv.Itoa(rooms[len(rooms)-1].Position + 1)
	}
	return page.Render(c, status, roomsArranged(page.Frame(c, "Arrange rooms"), rooms, f))
}

// addRoom opens a room.
func (p *pages) addRoom(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	f := readRoom(form)
	if err := p.chat.AddRoom(c.Request().Context(), page.Viewer(c), f.room()); err != nil {
		return f.again(c, err, func(f roomForm) error { return p.showRooms(c, http.StatusUnprocessableEntity, f) })
	}
	return page.SeeOther(c, arrangePath)
}

// arrangedRoom shows what is said about a room.
func (p *pages) arrangedRoom(c echo.Context) error {
	room, err := p.chat.Room(c.Request().Context(), page.Viewer(c), c.Param("slug"))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, roomArranged(page.Frame(c, "Arrange rooms"), formOf(room)))
}

// changeRoom takes what is said about a room anew.
func (p *pages) changeRoom(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	f := readRoom(form)
	f.slug = c.Param("slug")
	if err := p.chat.ChangeRoom(c.Request().Context(), page.Viewer(c), f.room()); err != nil {
		return f.again(c, err, func(f roomForm) error {
			return page.Render(c, http.StatusUnprocessableEntity, roomArranged(page.Frame(c, "Arrange rooms"), f))
		})
	}
	return page.SeeOther(c, arrangePath)
}
