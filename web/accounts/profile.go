package accounts

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/page"
)

func (p pages) profile(c echo.Context) error {
	person, err := p.accounts.Person(c.Request().Context(), page.Viewer(c), c.Param("handle"))
	if err != nil {
		return err
	}
	frame := page.Frame(c, "Profile")
	if frame.Viewer.ID == person.ID {
		frame.Current = "me"
	}
	return page.Render(c, http.StatusOK, profilePage(frame, person))
}

// roleWords say what somebody does here.
var roleWords = map[accounts.Role]string{
	accounts.Member:        "Member",
	accounts.Consultant:    "Consultant",
	accounts.Moderator:     "Moderator",
	accounts.Administrator: "Administrator",
}
