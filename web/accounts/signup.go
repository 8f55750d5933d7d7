package accounts

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

func (p pages) askToJoin(c echo.Context) error {
	next, _ := page.LocalPath(c.QueryParam("next"))
	return page.Render(c, http.StatusOK, signUpPage(joinFrame(c), form{next: next}, p.passkeys != nil))
}

func (p pages) join(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	session, err := p.signUp(c, f)
	if err != nil {
		return f.again(c, err, func(f form) templ.Component { return signUpPage(joinFrame(c), f, p.passkeys != nil) })
	}
	page.SetSession(c, session)
	return page.SeeOther(c, f.afterwards())
}

func (p pages) signUp(c echo.Context, f form) (accounts.Session, error) {
	if err := p.limits.signUps.Take(page.Network(c)); err != nil {
		return accounts.Session{}, err
	}
	return p.accounts.SignUp(c.Request().Context(), f.newcomer(c))
}

// newcomer is who was typed, to join by whatever proof.
func (f form) newcomer(c echo.Context) accounts.SignUp {
	return accounts.SignUp{Handle: f.handle, Email: f.email, Password: password(c), Rules: f.rules, Device: device(c)}
}

func joinFrame(c echo.Context) ui.Frame {
	frame := page.Frame(c, "Join")
	frame.Current, frame.Scripts = "join", []string{"passkey"}
	return frame
}
