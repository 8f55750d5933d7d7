package accounts

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/web/page"
)

const emailPath = "/settings/email"

// emailView is somebody's own address, and the form for another.
type emailView struct {
	form
	current   string
	confirmed bool
	sent      bool // they just asked for another
}

func (p pages) email(c echo.Context) error {
	view, err := p.readEmail(c)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, emailPage(page.Frame(c, "Your e-mail"), view))
}

func (p pages) readEmail(c echo.Context) (emailView, error) {
	current, confirmed, err := p.accounts.Email(c.Request().Context(), page.Viewer(c))
	return emailView{current: current, confirmed: confirmed, sent: c.QueryParam("sent") != ""}, err
}

// changeEmail answers the same, whoever's the address is: the letter says the rest.
func (p pages) changeEmail(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err = p.limits.resets.Take(page.Network(c)); err == nil {
		err = p.accounts.ChangeEmail(c.Request().Context(), page.Viewer(c), f.email)
	}
	if err == nil {
		return page.SeeOther(c, emailPath+"?sent=1")
	}
	view, failed := p.readEmail(c)
	if failed != nil {
		return failed
	}
	return f.again(c, err, func(f form) templ.Component {
		view.form = f
		return emailPage(page.Frame(c, "Your e-mail"), view)
	})
}
