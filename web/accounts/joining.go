package accounts

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"firstdrops/server/audit"
	"firstdrops/server/joining"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

const (
	settingsPath    = "/admin/settings"
	emailsPath      = settingsPath + "/emails"
	approvalsPath   = "/admin/approvals"
	invitationsPath = "/admin/invitations"
)

// mountJoining registers the pages by which administrators say who joins.
func (p pages) mountJoining(r *page.Routes) {
	r.GET(settingsPath, page.Administrators, p.houseSettings)
	r.POST(settingsPath, page.Administrators, p.choose, "joining")
	r.POST(emailsPath, page.Administrators, p.ban, "email", "banned")
	r.GET(approvalsPath, page.Administrators, p.approvals)
	r.POST(approvalsPath+"/:id/accept", page.Administrators, p.accept)
	r.POST(approvalsPath+"/:id/decline", page.Administrators, p.decline, "reason_code")
	r.GET(invitationsPath, page.Administrators, p.invitations)
	r.POST(invitationsPath, page.Administrators, p.invite, "note", "uses", "days")
	r.POST(invitationsPath+"/:id/end", page.Administrators, p.endInvitation)
}

// refused shows a form again whose fields have faults; other errors pass.
func refused(c echo.Context, err error, show func(status int, faults map[string]string) error) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid || page.WantsJSON(c) {
		return err
	}
	return show(http.StatusUnprocessableEntity, refusal.Fields)
}

// joiningView is what administrators choose, with what was typed.
type joiningView struct {
	way    joining.Way
	fixed  bool // by whoever runs the house
	email  string
	faults map[string]string
}

func (p pages) houseSettings(c echo.Context) error { return p.showSettings(c, http.StatusOK, "", nil) }

func (p pages) showSettings(c echo.Context, status int, email string, faults map[string]string) error {
	way, err := p.joining.Way(c.Request().Context())
	if err != nil {
		return err
	}
	chosen := joiningView{way, p.joining.Fixed(), email, faults}
	return page.Render(c, status, houseSettingsPage(page.Frame(c, "Settings"), chosen))
}

// choose takes how people join from now on.
func (p pages) choose(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	err = p.joining.Choose(c.Request().Context(), page.Viewer(c), joining.Way(form.Get("joining")))
	if err != nil {
		return refused(c, err, func(status int, faults map[string]string) error { return p.showSettings(c, status, "", faults) })
	}
	return page.SeeOther(c, settingsPath)
}

// ban keeps letters from an address, or lets them go there again.
func (p pages) ban(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	err = p.accounts.BanEmail(c.Request().Context(), page.Viewer(c), form.Get("email"), form.Get("banned") != "0")
	if err != nil {
		return refused(c, err, func(status int, faults map[string]string) error {
			return p.showSettings(c, status, page.Shown(form.Get("email")), faults)
		})
	}
	return page.SeeOther(c, settingsPath)
}

// approvals lists those who wait to be let in.
func (p pages) approvals(c echo.Context) error { return p.showApprovals(c, http.StatusOK, 0, nil) }

func (p pages) showApprovals(c echo.Context, status int, faulty int64, faults map[string]string) error {
	after, err := after(c)
	if err != nil {
		return err
	}
	list, err := p.joining.Approvals(c.Request().Context(), page.Viewer(c), after)
	if err != nil {
		return err
	}
	return page.Render(c, status, approvalsPage(page.Frame(c, "Approvals"), list, faulty, faults["reason_code"]))
}

// after reads the id that a page of a list begins after; 0 where the address names none.
func after(c echo.Context) (int64, error) {
	if text := c.QueryParam("after"); text != "" {
		return page.ParseID(text)
	}
	return 0, nil
}

func (p pages) accept(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	if err := p.joining.Accept(c.Request().Context(), page.Viewer(c), id); err != nil {
		return err
	}
	return page.SeeOther(c, approvalsPath)
}

func (p pages) decline(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	err = p.joining.Decline(c.Request().Context(), page.Viewer(c), id, audit.Reason(form.Get("reason_code")))
	if err != nil {
		return refused(c, err, func(status int, faults map[string]string) error { return p.showApprovals(c, status, id, faults) })
	}
	return page.SeeOther(c, approvalsPath)
}

// invitationForm is a new invitation as it was typed.
type invitationForm struct {
	note, uses, days string
	faults           map[string]string
}

func (p pages) invitations(c echo.Context) error {
	return p.showInvitations(c, http.StatusOK, invitationForm{uses: "1", days: "14"})
}

func (p pages) showInvitations(c echo.Context, status int, f invitationForm) error {
	before, err := page.Before(c)
	if err != nil {
		return err
	}
	list, err := p.joining.Invitations(c.Request().Context(), page.Viewer(c), before)
	if err != nil {
		return err
	}
	return page.Render(c, status, invitationsPage(page.Frame(c, "Invitations"), list, f, page.Origin(c)))
}

func (p pages) invite(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	typed := func(field string) string { return page.Shown(form.Get(field)) }
	f := invitationForm{note: typed("note"), uses: typed("uses"), days: typed("days")}
	uses, _ := strconv.Atoi(f.uses) // what is no number is too few: the domain says so
	days, _ := strconv.Atoi(f.days)
	if err := p.joining.AddInvitation(c.Request().Context(), page.Viewer(c), form.Get("note"), uses, days); err != nil {
		return refused(c, err, func(status int, faults map[string]string) error {
			f.faults = faults
			return p.showInvitations(c, status, f)
		})
	}
	return page.SeeOther(c, invitationsPath)
}

func (p pages) endInvitation(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	if err := p.joining.EndInvitation(c.Request().Context(), page.Viewer(c), id); err != nil {
		return err
	}
	return page.SeeOther(c, invitationsPath)
}
