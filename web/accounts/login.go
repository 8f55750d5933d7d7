package accounts

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

func (p pages) askToSignIn(c echo.Context) error {
	next, _ := page.LocalPath(c.QueryParam("next"))
	return page.Render(c, http.StatusOK, signInPage(signInFrame(c), form{next: next, reset: c.QueryParam("reset") != ""}))
}

func (p pages) signIn(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	session, err := p.openSession(c, f)
	if err != nil {
		return f.again(c, err, func(f form) templ.Component { return signInPage(signInFrame(c), f) })
	}
	page.SetSession(c, session)
	return page.SeeOther(c, f.afterwards())
}

func (p pages) openSession(c echo.Context, f form) (accounts.Session, error) {
	if err := p.limits.signIns.Take(page.Network(c)); err != nil {
		return accounts.Session{}, err
	}
	return p.signin.SignIn(c.Request().Context(), f.login, password(c), device(c))
}

func signInFrame(c echo.Context) ui.Frame {
	frame := page.Frame(c, "Sign in")
	frame.Current = "login"
	return frame
}

// withNext is a path that remembers where to go afterwards.
func withNext(path, next string) templ.SafeURL {
	if next != "" {
		path += "?next=" + url.QueryEscape(next)
	}
	return templ.SafeURL(path)
}
