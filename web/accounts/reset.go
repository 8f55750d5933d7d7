package accounts

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/token"
	"firstdrops/web/page"
)

const forgotPath = "/password/forgot"

// mountLetters registers how people get a new password, and what becomes of their sessions.
func (p pages) mountLetters(r *page.Routes) {
	r.GET(forgotPath, page.Open, p.forgot)
	r.POST(forgotPath, page.Open, p.askReset, "email")
	r.GET("/password/reset/:token", page.Open, p.openReset)
	r.POST("/password/reset/:token", page.Open, p.useReset, "username", "password")
	r.GET("/settings/password", page.Proved, p.askPassword)
	r.POST("/settings/password", page.Proved, p.changePassword, "username", "password")
	r.GET(emailPath, page.Proved, p.email)
	r.POST(emailPath, page.Proved, p.changeEmail, "email")
	r.GET(sessionsPath, page.Members, p.sessions)
	r.POST(sessionsPath+"/:id/end", page.Members, p.endSession)
	r.POST(sessionsPath+"/end", page.Members, p.endOtherSessions)
}

func (p pages) forgot(c echo.Context) error {
	return page.Render(c, http.StatusOK, forgotPage(page.Frame(c, "A new password"), form{}, c.QueryParam("sent") != ""))
}

// askReset answers the same, whoever's the address is, and as fast: the letter is written later.
func (p pages) askReset(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err = p.limits.resets.Take(page.Network(c)); err == nil {
		err = p.signin.AskReset(c.Request().Context(), f.email)
	}
	if err != nil {
		return f.again(c, err, func(f form) templ.Component { return forgotPage(page.Frame(c, "A new password"), f, false) })
	}
	return page.SeeOther(c, forgotPath+"?sent=1")
}

// openReset shows the form of a letter's link. Opening it uses nothing up: previews and scanners do that too.
func (p pages) openReset(c echo.Context) error {
	handle, err := p.signin.ResetOf(c.Request().Context(), c.Param("token"))
	if fault.Is(err, fault.NotFound) {
		return p.resetIsOver(c)
	}
	if err != nil {
		return err
	}
	page.HideAddress(c)
	return page.Render(c, http.StatusOK, resetPage(page.Frame(c, "A new password"), handle, form{}))
}

func (p pages) useReset(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err := p.limits.resets.Take(page.Network(c)); err != nil {
		return err
	}
	ctx, secret := c.Request().Context(), c.Param("token")
	handle, err := p.signin.ResetOf(ctx, secret)
	if err == nil {
		err = p.signin.UseReset(ctx, secret, password(c))
	}
	if fault.Is(err, fault.NotFound) {
		return p.resetIsOver(c)
	}
	if err != nil {
		page.HideAddress(c)
		return f.again(c, err, func(f form) templ.Component { return resetPage(page.Frame(c, "A new password"), handle, f) })
	}
	return page.SeeOther(c, "/login?reset=1")
}

// resetIsOver offers another letter in place of a link that was used, is over or never was: all alike. What does not even look
// like one is missing, as any address is that nothing has.
func (p pages) resetIsOver(c echo.Context) error {
	if _, ok := token.Hash(c.Param("token")); !ok || page.WantsJSON(c) {
		return fault.Missing()
	}
	return page.Render(c, http.StatusGone, forgotPage(page.Frame(c, "This link is over"), form{over: true}, false))
}
