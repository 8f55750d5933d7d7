package accounts

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/web/page"
)

func (p pages) askPassword(c echo.Context) error {
	return page.Render(c, http.StatusOK, passwordPage(page.Frame(c, "Your password"), form{}))
}

// changePassword goes on with a new session: the cookie that this browser had is dead.
func (p pages) changePassword(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	session, err := p.signin.ChangePassword(c.Request().Context(), page.Viewer(c), password(c), device(c))
	if err != nil {
		return f.again(c, err, func(f form) templ.Component { return passwordPage(page.Frame(c, "Your password"), f) })
	}
	page.SetSession(c, session)
	return page.SeeOther(c, "/settings/security")
}
