package accounts

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/web/page"
	"firstdrops/web/ui"
)

const (
	securityPath = "/settings/security"
	totpPath     = securityPath + "/totp"
)

// security shows how the account is kept. Who has a second factor that this session did not see yet shows it first.
func (p pages) security(c echo.Context) error {
	viewer := page.Viewer(c)
	kept, err := p.signin.Security(c.Request().Context(), viewer)
	if err != nil {
		return err
	}
	if kept.Second && !viewer.SecondFactor {
		return page.SeeOther(c, string(withNext("/login/again", securityPath)))
	}
	passkeys, err := p.passkeysOf(c)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, securityPage(withPasskeys(securityFrame(c)), kept, passkeys))
}

func (p pages) beginCodes(c echo.Context) error {
	if err := p.signin.BeginCodes(c.Request().Context(), page.Viewer(c)); err != nil {
		return err
	}
	return page.SeeOther(c, totpPath)
}

func (p pages) setUpCodes(c echo.Context) error {
	show, err := p.showSecret(c)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, show(form{}))
}

// showSecret shows the secret that waits to be confirmed, as words and as an image for the app's camera.
func (p pages) showSecret(c echo.Context) (func(form) templ.Component, error) {
	secret, err := p.signin.PendingCodes(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return nil, err
	}
	image, err := drawQR(secret.Address)
	if err != nil {
		return nil, err
	}
	return func(f form) templ.Component { return setUpPage(securityFrame(c), secret.Text, image, f) }, nil
}

// confirmCodes answers with the recovery codes themselves: they are shown this once, and kept nowhere to be shown again.
func (p pages) confirmCodes(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	show, err := p.showSecret(c)
	if err != nil {
		return err
	}
	session, codes, err := p.signin.ConfirmCodes(c.Request().Context(), page.Viewer(c), f.code)
	if err != nil {
		return f.again(c, err, show)
	}
	page.SetSession(c, session)
	return page.Render(c, http.StatusOK, recoveryPage(securityFrame(c), codes))
}

func (p pages) removeCodes(c echo.Context) error {
	session, err := p.signin.RemoveCodes(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	page.SetSession(c, session)
	return page.SeeOther(c, securityPath)
}

func (p pages) renewRecovery(c echo.Context) error {
	codes, err := p.signin.RenewRecovery(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, recoveryPage(securityFrame(c), codes))
}

func securityFrame(c echo.Context) ui.Frame {
	frame := page.Frame(c, "Security")
	frame.Current = "me"
	return frame
}
