package accounts

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

func (p pages) profile(c echo.Context) error {
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	person, err := p.accounts.Person(ctx, viewer, c.Param("handle"))
	if err != nil {
		return err
	}
	listing, err := p.directory.ConsultantOf(ctx, viewer, person.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	frame := page.Frame(c, "Profile")
	if frame.Viewer.ID == person.ID {
		frame.Current = "me"
	}
	return page.Render(c, http.StatusOK, profilePage(frame, person, listing))
}

// readers say to somebody who reads their profile.
var readers = map[accounts.Visibility]string{
	accounts.ForEverybody: "This is all that others see here.",
	accounts.ForMembers:   "This is all that members see here. Who is not signed in sees your name, your label and what you do here.",
	accounts.ForNobody:    "Only you see all of this. Others see your name, your label and what you do here.",
}

// roleWords say what somebody does here.
var roleWords = map[accounts.Role]string{
	accounts.Member:        "Member",
	accounts.Consultant:    "Consultant",
	accounts.Moderator:     "Moderator",
	accounts.Administrator: "Administrator",
}
