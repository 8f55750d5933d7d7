package accounts

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/signin"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

func (p pages) askToSignIn(c echo.Context) error {
	next, _ := page.LocalPath(c.QueryParam("next"))
	f := form{next: next, reset: c.QueryParam("reset") != ""}
	return page.Render(c, http.StatusOK, signInPage(withPasskeys(signInFrame(c)), f, p.passkeys != nil))
}

func (p pages) signIn(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	entry, err := p.comeIn(c, func(ctx context.Context, from signin.From) (signin.Entry, error) {
		return p.signin.SignIn(ctx, f.login, password(c), from)
	})
	if err != nil {
		return f.again(c, err, func(f form) templ.Component { return signInPage(withPasskeys(signInFrame(c)), f, p.passkeys != nil) })
	}
	return enter(c, entry, f)
}

// comeIn proves who somebody is, by a proof that a network may try only so often.
func (p pages) comeIn(c echo.Context, prove func(context.Context, signin.From) (signin.Entry, error)) (signin.Entry, error) {
	network := page.Network(c)
	if err := p.limits.signIns.Take(network); err != nil {
		return signin.Entry{}, err
	}
	return prove(c.Request().Context(), signin.From{Device: device(c), Network: network, Known: page.Kept(c, deviceCookie)})
}

// The cookies of signing in, beside the session's.
const (
	deviceCookie = "device"  // makes a browser a known device
	halfCookie   = "halfway" // between the password and the code
)

// enter leads somebody in: to the code that is still asked for, to the second factor that their role waits for, or to where
// they wanted to go.
func enter(c echo.Context, entry signin.Entry, f form) error {
	return page.SeeOther(c, letIn(c, entry, f))
}

// letIn is enter without going there.
func letIn(c echo.Context, entry signin.Entry, f form) (next string) {
	if half := entry.Half; half.Token != "" {
		page.Keep(c, halfCookie, half.Token, half.Expires)
		return string(withNext("/login/2fa", f.next))
	}
	page.SetSession(c, entry.Session)
	page.Keep(c, deviceCookie, entry.Known.Token, entry.Known.Expires)
	if entry.Person.Withheld() {
		return securityPath
	}
	return f.afterwards()
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
