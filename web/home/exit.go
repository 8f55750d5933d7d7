package home

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/web/page"
)

// exit is where the quiet way out leads: a page from any kitchen, without a word, a style or a picture of this place. The link
// to it works without JavaScript too; going back then shows the page before, which only js/exit.js can prevent.
// Another site that points at it, with a picture say, makes nobody's drafts go.
func exit(c echo.Context) error {
	if c.Request().Header.Get("Sec-Fetch-Site") != "cross-site" {
		page.Leave(c)
	}
	return page.Render(c, http.StatusOK, exitPage())
}
