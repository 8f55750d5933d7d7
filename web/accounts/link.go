package accounts

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/page"
)

// openLink shows whose a one-time link is. Opening it uses nothing up: previews and scanners do that too.
func (p pages) openLink(c echo.Context) error {
	person, err := p.accounts.SignInLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	page.HideAddress(c)
	return page.Render(c, http.StatusOK, linkPage(signInFrame(c), person, form{}))
}

func (p pages) followLink(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err := p.limits.signIns.Take(page.Network(c)); err != nil {
		return err
	}
	ctx, token := c.Request().Context(), c.Param("token")
	person, err := p.accounts.SignInLink(ctx, token)
	if err != nil {
		return err
	}
	session, err := p.accounts.UseSignInLink(ctx, token, password(c), device(c))
	if err != nil {
		return f.again(c, err, func(f form) templ.Component { return linkPage(signInFrame(c), person, f) })
	}
	return p.changeSession(c, session)
}

// changeSession comes in with a new session in place of the one that this browser may still have.
func (p pages) changeSession(c echo.Context, session accounts.Session) error {
	if err := p.accounts.SignOut(c.Request().Context(), page.Viewer(c)); err != nil {
		return err
	}
	page.SetSession(c, session)
	return page.SeeOther(c, "/")
}
