package accounts

import (
	"context"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/signin"
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
	token := c.Param("token")
	var person accounts.Person
	entry, err := p.comeIn(c, func(ctx context.Context, from signin.From) (_ signin.Entry, err error) {
		if person, err = p.accounts.SignInLink(ctx, token); err != nil {
			return signin.Entry{}, err
		}
		return p.signin.UseLink(ctx, token, password(c), from)
	})
	if err != nil {
		return f.again(c, err, func(f form) templ.Component { return linkPage(signInFrame(c), person, f) })
	}
	if err := p.accounts.SignOut(c.Request().Context(), page.Viewer(c)); err != nil { // whom this browser may still have
		return err
	}
	return enter(c, entry, f)
}
