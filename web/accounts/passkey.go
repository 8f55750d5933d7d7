package accounts

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
	"firstdrops/server/signin"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

// mountPasskeys registers what js/passkey.js asks for, which is answered in JSON, and the page of each passkey.
func (p pages) mountPasskeys(r *page.Routes) {
	r.POST("/login/passkey/begin", page.Guests, p.beginPasskeySignIn, "login", "password", "next")
	r.POST("/login/passkey", page.Guests, p.passkeySignIn, "login", "password", "next", "ceremony", "credential")
	r.POST("/signup/passkey/begin", page.Guests, p.beginPasskeySignUp, "handle", "handle_ok", "email", "password", "invitation", "rules", "next")
	r.POST("/signup/passkey", page.Guests, p.passkeySignUp, "handle", "handle_ok", "email", "password", "invitation", "rules", "next", "ceremony", "credential")
	r.POST("/login/again/passkey/begin", page.Members, p.beginPasskeyProof, "username", "password", "code", "next")
	r.POST("/login/again/passkey", page.Members, p.proveByPasskey, "username", "password", "code", "next", "ceremony", "credential")
	r.POST("/settings/passkeys/begin", page.Proved, p.beginPasskey, "name")
	r.POST("/settings/passkeys", page.Proved, p.addPasskey, "name", "ceremony", "credential")
	r.GET("/settings/passkeys/:id", page.Proved, p.passkey)
	r.POST("/settings/passkeys/:id", page.Proved, p.renamePasskey, "name")
	r.POST("/settings/passkeys/:id/remove", page.Proved, p.removePasskey)
}

func (p pages) beginPasskeySignIn(c echo.Context) error {
	return begin(c, func(ctx context.Context, _ form) (signin.Ceremony, error) {
		if err := p.limits.ceremonies.Take(page.Network(c)); err != nil {
			return signin.Ceremony{}, err
		}
		return p.passkeys.BeginSignIn(ctx)
	})
}

func (p pages) passkeySignIn(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	entry, err := p.comeIn(c, func(ctx context.Context, from signin.From) (signin.Entry, error) {
		return p.passkeys.SignIn(ctx, answered(c), from)
	})
	if err != nil {
		return err
	}
	return goingOn(c, letIn(c, entry, f))
}

func (p pages) beginPasskeySignUp(c echo.Context) error {
	return begin(c, func(ctx context.Context, f form) (signin.Ceremony, error) {
		if hint := text.Hint(f.handle, f.email); hint != "" && f.handleOK != f.handle {
			return signin.Ceremony{}, fault.Field("handle", hint)
		}
		if err := p.limits.ceremonies.Take(page.Network(c)); err != nil {
			return signin.Ceremony{}, err
		}
		return p.passkeys.BeginSignUp(ctx, f.newcomer(c))
	})
}

func (p pages) passkeySignUp(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err := p.limits.signUps.Take(page.Network(c)); err != nil {
		return err
	}
	session, err := p.passkeys.SignUp(c.Request().Context(), f.newcomer(c), answered(c))
	return goOnAs(c, session, f.afterwards(), err)
}

func (p pages) beginPasskeyProof(c echo.Context) error {
	return begin(c, func(ctx context.Context, _ form) (signin.Ceremony, error) {
		return p.passkeys.BeginProof(ctx, page.Viewer(c))
	})
}

func (p pages) proveByPasskey(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	session, err := p.passkeys.Prove(c.Request().Context(), page.Viewer(c), answered(c))
	return goOnAs(c, session, f.afterwards(), err)
}

func (p pages) beginPasskey(c echo.Context) error {
	return begin(c, func(ctx context.Context, _ form) (signin.Ceremony, error) {
		return p.passkeys.BeginAdd(ctx, page.Viewer(c))
	})
}

func (p pages) addPasskey(c echo.Context) error {
	fields, err := page.Form(c)
	if err != nil {
		return err
	}
	name := fields.Get("name")
	if name == "" {
		name = device(c)
	}
	session, err := p.passkeys.Add(c.Request().Context(), page.Viewer(c), name, answered(c))
	return goOnAs(c, session, securityPath, err)
}

// withPasskeys is the frame of a page on which a browser's passkeys may be used.
func withPasskeys(frame ui.Frame) ui.Frame {
	frame.Scripts = append(frame.Scripts, "passkey")
	return frame
}

// begin answers with a challenge, as navigator.credentials wants it, and the token to answer it with.
func begin(c echo.Context, ask func(context.Context, form) (signin.Ceremony, error)) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	ceremony, err := ask(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"ceremony": ceremony.Token, "publicKey": ceremony.Options})
}

// answered is what an authenticator said, from a form that was read.
func answered(c echo.Context) signin.Answer {
	form := c.Request().PostForm
	return signin.Answer{Ceremony: form.Get("ceremony"), Credential: form.Get("credential")}
}

// goOnAs puts a session in the place of the one that the browser has, where a passkey opened one.
func goOnAs(c echo.Context, session accounts.Session, next string, err error) error {
	if err != nil {
		return err
	}
	page.SetSession(c, session)
	return goingOn(c, next)
}

// goingOn tells the script where to go now.
func goingOn(c echo.Context, next string) error {
	return c.JSON(http.StatusOK, map[string]string{"next": next})
}

// passkeysView is what the list of somebody's passkeys shows.
type passkeysView struct {
	offered bool // the site has them
	all     []signin.Passkey
}

func (p pages) passkeysOf(c echo.Context) (passkeysView, error) {
	all, err := p.passkeys.List(c.Request().Context(), page.Viewer(c))
	return passkeysView{offered: p.passkeys != nil, all: all}, err
}

// passkeyView is one passkey, with what was typed and what is wrong with it.
type passkeyView struct {
	signin.Passkey
	faults map[string]string
}

func (v passkeyView) path() string { return "/settings/passkeys/" + strconv.FormatInt(v.ID, 10) }

func (p pages) passkey(c echo.Context) error {
	found, err := p.passkeyAt(c)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, passkeyPage(page.Frame(c, "Passkey"), passkeyView{Passkey: found}))
}

func (p pages) passkeyAt(c echo.Context) (signin.Passkey, error) {
	id, err := page.ID(c, "id")
	if err != nil {
		return signin.Passkey{}, err
	}
	return p.passkeys.Passkey(c.Request().Context(), page.Viewer(c), id)
}

func (p pages) renamePasskey(c echo.Context) error {
	fields, err := page.Form(c)
	if err != nil {
		return err
	}
	found, err := p.passkeyAt(c)
	if err != nil {
		return err
	}
	if err := p.passkeys.Rename(c.Request().Context(), page.Viewer(c), found.ID, fields.Get("name")); err != nil {
		found.Name = page.Shown(fields.Get("name"))
		return passkeyAgain(c, err, found)
	}
	return page.SeeOther(c, securityPath)
}

func (p pages) removePasskey(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	found, err := p.passkeyAt(c)
	if err != nil {
		return err
	}
	session, err := p.passkeys.Remove(c.Request().Context(), page.Viewer(c), found.ID)
	if err != nil {
		return passkeyAgain(c, err, found)
	}
	page.SetSession(c, session)
	return page.SeeOther(c, securityPath)
}

// passkeyAgain shows a passkey that could not be changed, and why.
func passkeyAgain(c echo.Context, err error, found signin.Passkey) error {
	status, faults, ok := page.Refusal(c, err, "remove")
	if !ok {
		return err
	}
	return page.Render(c, status, passkeyPage(page.Frame(c, "Passkey"), passkeyView{Passkey: found, faults: faults}))
}
