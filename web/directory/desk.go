package directory

import (
	"net/http"

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
	return p.showVerdict(c, http.StatusOK, func(v *verdictView) {
		v.Number, v.Country = v.Credential.Number, directory.CountryName(v.Credential.Country)
		if v.Credential.Valid(page.Now(c)) {
			v.Expires = v.Credential.LastDay().Format("2006-01-02")
		}
	})
}

func (p *pages) showVerdict(c echo.Context, status int, fill func(v *verdictView)) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	consultant, err := p.directory.Examine(c.Request().Context(), page.Viewer(c), id)
	if err != nil {
		return err
	}
	view := verdictView{Consultant: consultant, Own: directory.MayEdit(page.Viewer(c), consultant)}
	fill(&view)
	frame := page.Frame(c, "Credential")
	frame.Current = "desk"
	return page.Render(c, status, verdictPage(frame, view))
}

// verify finds a credential true and leads back to the desk. Refused, the form comes back with every word.
func (p *pages) verify(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	err = p.directory.Verify(c.Request().Context(), page.Viewer(c), directory.Verification{
		ConsultantID: id, Number: form.Get("number"), Country: form.Get("country"), Expires: form.Get("expires"),
		Seen: directory.Status(form.Get("seen")),
	})
	if err == nil {
		return page.SeeOther(c, deskPath)
	}
	status, faults, ok := refusal(c, err, "number")
	if !ok {
		return err
	}
	return p.showVerdict(c, status, func(v *verdictView) {
		v.Number, v.Country, v.Expires, v.Faults = shown(form.Get("number")), shown(form.Get("country")), shown(form.Get("expires")), faults
	})
}

// refuse says why a credential could not be verified and leads back to the desk.
func (p *pages) refuse(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	reason := audit.Reason(form.Get("reason_code"))
	err = p.directory.Refuse(c.Request().Context(), page.Viewer(c), directory.Refusal{
		ConsultantID: id, Reason: reason, Note: form.Get("note"), Seen: directory.Status(form.Get("seen")),
	})
	if err == nil {
		return page.SeeOther(c, deskPath)
	}
	status, faults, ok := refusal(c, err, "reason_code")
	if !ok {
		return err
	}
	return p.showVerdict(c, status, func(v *verdictView) {
		v.Number, v.Country = v.Credential.Number, directory.CountryName(v.Credential.Country)
		v.Reason, v.Note, v.Faults = reason, shown(form.Get("note")), faults
	})
}
