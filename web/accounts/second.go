package accounts

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
	"firstdrops/server/signin"
	"firstdrops/web/page"
)

// askForCode is where somebody stands whose password fitted, and who has a second factor.
func (p pages) askForCode(c echo.Context) error {
	next, _ := page.LocalPath(c.QueryParam("next"))
	waits, err := p.signin.HalfDone(c.Request().Context(), page.Kept(c, halfCookie))
	if err != nil {
		return err
	}
	if !waits {
		return page.SeeOther(c, string(withNext("/login", next)))
	}
	return page.Render(c, http.StatusOK, codePage(signInFrame(c), form{next: next}))
}

func (p pages) takeCode(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	entry, err := p.comeIn(c, func(ctx context.Context, from signin.From) (signin.Entry, error) {
		return p.signin.FinishSignIn(ctx, page.Kept(c, halfCookie), f.code, from)
	})
	if fault.Is(err, fault.Unauthenticated) && page.Kept(c, halfCookie) != "" && !page.WantsJSON(c) {
		page.Keep(c, halfCookie, "", time.Time{})
		f.title = "From the start again, please"
		f.faults = map[string]string{"login": "It took more than ten minutes or five codes, so we ask for everything once more."}
		return page.Render(c, http.StatusUnprocessableEntity, signInPage(withPasskeys(signInFrame(c)), f, p.passkeys != nil))
	}
	if err != nil {
		return f.again(c, err, func(f form) templ.Component { return codePage(signInFrame(c), f) })
	}
	page.Keep(c, halfCookie, "", time.Time{})
	return enter(c, entry, f)
}

// askAgain asks somebody who is signed in to show once more that it is they.
func (p pages) askAgain(c echo.Context) error {
	ways, err := p.signin.Proofs(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	next, _ := page.LocalPath(c.QueryParam("next"))
	return page.Render(c, http.StatusOK, againPage(withPasskeys(page.Frame(c, "Is it you?")), ways, form{next: next}))
}

func (p pages) proveAgain(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	ways, err := p.signin.Proofs(ctx, viewer)
	if err != nil {
		return err
	}
	session, err := p.signin.Prove(ctx, viewer, password(c), f.code)
	if err != nil {
		return f.again(c, err, func(f form) templ.Component { return againPage(withPasskeys(page.Frame(c, "Is it you?")), ways, f) })
	}
	page.SetSession(c, session)
	return page.SeeOther(c, f.afterwards())
}
