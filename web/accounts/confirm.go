package accounts

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/token"
	"firstdrops/web/page"
)

const (
	letterPath    = "/email/again"
	confirmedPath = "/email/confirmed"
)

// mountConfirmation registers the pages by which an e-mail becomes somebody's.
func (p pages) mountConfirmation(r *page.Routes) {
	r.GET("/email/confirm/:token", page.Open, p.openLetter)
	r.POST("/email/confirm/:token", page.Open, p.confirm)
	r.GET(confirmedPath, page.Open, p.confirmed)
	r.GET(letterPath, page.Members, p.askForLetter)
	r.POST(letterPath, page.Members, p.sendLetter)
}

// openLetter asks whoever came by a letter's link whether the address is theirs. Opening it uses nothing up: mail scanners do
// that too.
func (p pages) openLetter(c echo.Context) error {
	handle, err := p.accounts.Confirmation(c.Request().Context(), c.Param("token"))
	if err != nil {
		return letterIsOver(c, err)
	}
	page.HideAddress(c)
	return page.Render(c, http.StatusOK, confirmPage(page.Frame(c, "Confirm your e-mail"), handle))
}

func (p pages) confirm(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	if err := p.accounts.Confirm(c.Request().Context(), c.Param("token")); err != nil {
		return letterIsOver(c, err)
	}
	return page.SeeOther(c, confirmedPath)
}

// letterIsOver says what to do in place of a link that was used, is over or never was: all alike. What does not even look like
// one is missing, as any address is that nothing has.
func letterIsOver(c echo.Context, err error) error {
	if _, ok := token.Hash(c.Param("token")); !ok || !fault.Is(err, fault.NotFound) || page.WantsJSON(c) {
		return err
	}
	page.HideAddress(c)
	return page.Render(c, http.StatusGone, letterOverPage(page.Frame(c, "This link is over")))
}

func (p pages) confirmed(c echo.Context) error {
	return page.Render(c, http.StatusOK, confirmedPage(page.Frame(c, "E-mail confirmed")))
}

// askForLetter offers to send the letter once more, and says afterwards what to expect.
func (p pages) askForLetter(c echo.Context) error {
	return page.Render(c, http.StatusOK, letterPage(page.Frame(c, "Your letter"), c.QueryParam("sent") == "1"))
}

func (p pages) sendLetter(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	if err := p.accounts.ConfirmationAgain(c.Request().Context(), page.Viewer(c)); err != nil {
		return err
	}
	return page.SeeOther(c, letterPath+"?sent=1")
}
