package accounts

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	strong "firstdrops/server/platform/password"
	"firstdrops/server/platform/text"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

func (p pages) askToJoin(c echo.Context) error {
	next, _ := page.LocalPath(c.QueryParam("next"))
	way, err := p.joining.Way(c.Request().Context())
	if err != nil {
		return err
	}
	f := form{next: next, way: way, invitation: cut(c.QueryParam("invitation"))}
	return page.Render(c, http.StatusOK, signUpPage(withPasskeys(joinFrame(c)), f, p.passkeys != nil))
}

func (p pages) join(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	show := func(f form) templ.Component { return signUpPage(withPasskeys(joinFrame(c)), f, p.passkeys != nil) }
	if f.way, err = p.joining.Way(c.Request().Context()); err != nil {
		return f.again(c, err, show)
	}
	if hint := text.Hint(f.handle, f.email); hint != "" && f.handleOK != f.handle && !page.WantsJSON(c) && p.accounts.Judge(c.Request().Context(), f.newcomer(c)) == nil {
		f.title, f.faults, f.handleOK = "One look at your name", map[string]string{"handle": hint}, f.handle
		return page.Render(c, http.StatusUnprocessableEntity, show(f))
	}
	session, err := p.signUp(c, f)
	if err != nil {
		f.strength = strong.Strength(password(c), accounts.OwnWords(f.handle, f.email)...)
		return f.again(c, err, show)
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
	return accounts.SignUp{
		Handle: f.handle, Email: f.email, Password: password(c), Rules: f.rules, Invitation: f.invitation, Device: device(c),
	}
}

func joinFrame(c echo.Context) ui.Frame {
	frame := page.Frame(c, "Join")
	frame.Current, frame.Scripts = "join", []string{"password"}
	return frame
}
