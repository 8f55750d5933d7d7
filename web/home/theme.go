package home

import (
	"github.com/labstack/echo/v4"

	"firstdrops/web/page"
)

// chooseTheme keeps the choice of light and goes back to where it was made.
func chooseTheme(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	if err := page.SetTheme(c, form.Get("theme")); err != nil {
		return err
	}
	return page.SeeOther(c, page.CameFrom(c))
}
