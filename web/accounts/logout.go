package accounts

import (
	"github.com/labstack/echo/v4"

	"firstdrops/web/page"
)

// signOut ends the session and leaves nothing on the device: phones are shared, and what was read and
// typed here must not wait there for the next person. Drafts come back from the server at the next
// sign-in. Cookies are not cleared as a whole, so that the chosen light stays.
func (p pages) signOut(c echo.Context) error {
	if err := p.accounts.SignOut(c.Request().Context(), page.Viewer(c)); err != nil {
		return err
	}
	page.ClearSession(c)
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return page.SeeOther(c, "/")
}
