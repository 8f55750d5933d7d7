package directory

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/audit"
	"firstdrops/server/directory"
	"firstdrops/web/page"
)

// deskPath is where staff see how credentials stand.
const deskPath = "/mod/consultants"

// verdictView is a consultant whose credential is judged, and the forms as they were sent.
type verdictView struct {
	directory.Consultant
	Number  string
	Country string
	Expires string
	Reason  audit.Reason
	Note    string
	Faults  map[string]string
	Own     bool // the viewer's own listing, on which somebody else decides
}

// desk lists the consultants with how their credentials stand, for staff.
func (p *pages) desk(c echo.Context) error {
	list, err := p.directory.Desk(c.Request().Context(), page.Viewer(c), c.QueryParam("after"))
	if err != nil {
		return err
	}
	frame := page.Frame(c, "Credentials")
	frame.Current = "desk"
	return page.Render(c, http.StatusOK, deskPage(frame, list))
}

// examine shows one credential with its number. That somebody looked is written down.
func (p *pages) examine(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	consultant, err := p.directory.Examine(c.Request().Context(), page.Viewer(c), id)
	if err != nil {
		return err
	}
	k := consultant.Credential
	view := verdictView{Consultant: consultant, Number: k.Number, Country: directory.CountryName(k.Country)}
	if k.Valid(page.Now(c)) {
		view.Expires = k.LastDay().Format(time.DateOnly)
	}
	return showVerdict(c, http.StatusOK, view)
}

func showVerdict(c echo.Context, status int, view verdictView) error {
	view.Own = directory.MayEdit(page.Viewer(c), view.Consultant)
	frame := page.Frame(c, "Credential")
	frame.Current = "desk"
	return page.Render(c, status, verdictPage(frame, view))
}

// verify finds a credential true and leads back to the desk.
func (p *pages) verify(c echo.Context) error {
	return p.judge(c, "number", func(id int64, form url.Values) (verdictView, error) {
		err := p.directory.Verify(c.Request().Context(), page.Viewer(c), directory.Verification{
			ConsultantID: id, Number: form.Get("number"), Country: form.Get("country"), Expires: form.Get("expires"),
			Seen: directory.Status(form.Get("seen")),
		})
		return verdictView{Number: page.Shown(form.Get("number")), Country: page.Shown(form.Get("country")), Expires: page.Shown(form.Get("expires"))}, err
	})
}

// refuse says why a credential could not be verified and leads back to the desk.
func (p *pages) refuse(c echo.Context) error {
	return p.judge(c, "reason_code", func(id int64, form url.Values) (verdictView, error) {
		reason := audit.Reason(form.Get("reason_code"))
		err := p.directory.Refuse(c.Request().Context(), page.Viewer(c), directory.Refusal{
			ConsultantID: id, Reason: reason, Note: form.Get("note"), Seen: directory.Status(form.Get("seen")),
		})
		return verdictView{Reason: reason, Note: page.Shown(form.Get("note"))}, err
	})
}

// judge does what a form asks for and leads back to the desk. Refused, the form comes back with every word, and without the
// number that is stored: to look at that is an act of its own.
func (p *pages) judge(c echo.Context, field string, do func(id int64, form url.Values) (verdictView, error)) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	view, err := do(id, form)
	if err == nil {
		return page.SeeOther(c, deskPath)
	}
	status, faults, ok := page.Refusal(c, err, field)
	if !ok {
		return err
	}
	view.Faults = faults
	if view.Consultant, err = p.directory.ConsultantByID(c.Request().Context(), page.Viewer(c), id); err != nil {
		return err
	}
	return showVerdict(c, status, view)
}
