package accounts

import (
	"github.com/labstack/echo/v4"

	"firstdrops/web/page"
)

// system is how forms name the choice to follow the device.
const system = "system"

// chooseTheme keeps the choice of light, on this browser and for a member on all of theirs, and goes back to where it was made.
func (p pages) chooseTheme(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	choice := form.Get("theme")
	if err := page.SetTheme(c, choice); err != nil {
		return err
	}
	if viewer := page.Viewer(c); !viewer.Guest() {
		if err := p.selves.SetTheme(c.Request().Context(), viewer, themeOf(choice)); err != nil {
			return err
		}
	}
	return page.SeeOther(c, page.CameFrom(c))
}

// themeOf is a choice as it is stored.
func themeOf(choice string) string {
	if choice == system {
		return ""
	}
	return choice
}
