package accounts

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/page"
)

const sessionsPath = "/settings/sessions"

func (p pages) sessions(c echo.Context) error {
	sessions, err := p.accounts.Sessions(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, sessionsPage(page.Frame(c, "Sessions"), sessions))
}

// endSession signs one device out; where it is this one, nothing stays on it.
func (p pages) endSession(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	viewer := page.Viewer(c)
	if id == viewer.SessionID {
		return p.signOut(c)
	}
	if err := p.accounts.EndSession(c.Request().Context(), viewer, id); err != nil {
		return err
	}
	return page.SeeOther(c, sessionsPath)
}

func (p pages) endOtherSessions(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	if err := p.accounts.EndOtherSessions(c.Request().Context(), page.Viewer(c)); err != nil {
		return err
	}
	return page.SeeOther(c, sessionsPath)
}

// deviceWords name a session, also one that began before anybody noted with what.
func deviceWords(s accounts.SignedIn) string {
	if s.Device == "" {
		return "A browser"
	}
	return s.Device
}

// endWords tell the buttons of several alike devices apart for those who hear them.
func endWords(s accounts.SignedIn) string {
	return fmt.Sprintf("Sign out %s, signed in on %s", deviceWords(s), s.BegunAt.Format("2 January, 15:04"))
}
