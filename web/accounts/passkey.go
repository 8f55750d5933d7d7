package accounts

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/signin"
	"firstdrops/web/page"
)

// mountPasskeys registers what js/passkey.js asks for, which is answered in JSON, and the page of each passkey.
func (p pages) mountPasskeys(r *page.Routes) {
	r.POST("/login/passkey/begin", page.Guests, p.beginPasskeySignIn)
	r.POST("/login/passkey", page.Guests, p.passkeySignIn)
	r.POST("/signup/passkey/begin", page.Guests, p.beginPasskeySignUp)
	r.POST("/signup/passkey", page.Guests, p.passkeySignUp)
	r.POST("/settings/passkeys/begin", page.Proved, p.beginPasskey)
	r.POST("/settings/passkeys", page.Proved, p.addPasskey)
	r.GET("/settings/passkeys/:id", page.Proved, p.passkey)
	r.POST("/settings/passkeys/:id", page.Proved, p.renamePasskey)
	r.POST("/settings/passkeys/:id/remove", page.Proved, p.removePasskey)
}

func (p pages) beginPasskeySignIn(c echo.Context) error {
	if err := p.limits.ceremonies.Take(page.Network(c)); err != nil {
		return err
	}
	ceremony, err := p.passkeys.BeginSignIn(c.Request().Context())
	return begun(c, ceremony, err)
}

func (p pages) passkeySignIn(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err := p.limits.signIns.Take(page.Network(c)); err != nil {
		return err
	}
	session, err := p.passkeys.SignIn(c.Request().Context(), answered(c), device(c))
	if err != nil {
		return err
	}
	return cameIn(c, session, f.afterwards())
}

func (p pages) beginPasskeySignUp(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err := p.limits.ceremonies.Take(page.Network(c)); err != nil {
		return err
	}
	ceremony, err := p.passkeys.BeginSignUp(c.Request().Context(), f.newcomer(c))
	return begun(c, ceremony, err)
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
	if err != nil {
		return err
	}
	return cameIn(c, session, f.afterwards())
}

func (p pages) beginPasskey(c echo.Context) error {
	ceremony, err := p.passkeys.BeginAdd(c.Request().Context(), page.Viewer(c))
	return begun(c, ceremony, err)
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
	if err := p.passkeys.Add(c.Request().Context(), page.Viewer(c), name, answered(c)); err != nil {
		return err
	}
	return goingOn(c, securityPath)
}

// begun answers with a challenge, as navigator.credentials wants it, and the token to answer it with.
func begun(c echo.Context, ceremony signin.Ceremony, err error) error {
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

func cameIn(c echo.Context, session accounts.Session, next string) error {
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
	return p.changePasskey(c, page.Shown(fields.Get("name")), func(id int64) error {
		return p.passkeys.Rename(c.Request().Context(), page.Viewer(c), id, fields.Get("name"))
	})
}

func (p pages) removePasskey(c echo.Context) error {
	return p.changePasskey(c, "", func(id int64) error {
		return p.passkeys.Remove(c.Request().Context(), page.Viewer(c), id)
	})
}

// changePasskey does something to a passkey, and shows it again, with the name that was typed, where that is refused.
func (p pages) changePasskey(c echo.Context, typed string, change func(id int64) error) error {
	found, err := p.passkeyAt(c)
	if err != nil {
		return err
	}
	err = change(found.ID)
	if err == nil {
		return page.SeeOther(c, securityPath)
	}
	status, faults, ok := page.Refusal(c, err, "remove")
	if !ok {
		return err
	}
	if typed != "" || faults["name"] != "" {
		found.Name = typed
	}
	return page.Render(c, status, passkeyPage(page.Frame(c, "Passkey"), passkeyView{Passkey: found, faults: faults}))
}
