package directory

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/directory"
	"firstdrops/web/page"
)

// requestView is a request, with the answer as it was typed.
type requestView struct {
	directory.Request
	Typed  string
	Faults map[string]string
}

// requests lists what the viewer wrote to consultants, and what was written to them.
func (p *pages) requests(c echo.Context) error {
	before, err := page.Before(c)
	if err != nil {
		return err
	}
	list, err := p.directory.Contacts(c.Request().Context(), page.Viewer(c), before)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, requestsPage(page.Frame(c, "Contacts"), list))
}

// request shows one; opened by the consultant, it is seen.
func (p *pages) request(c echo.Context) error { return p.showRequest(c, http.StatusOK, requestView{}) }

func (p *pages) showRequest(c echo.Context, status int, view requestView) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	if view.Request, err = p.directory.Open(c.Request().Context(), page.Viewer(c), id); err != nil {
		return err
	}
	return page.Render(c, status, requestPage(page.Frame(c, "Contact"), view))
}

// answering accepts a request or declines it, and leads back to it.
func (p *pages) answering(accepted bool) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := page.ID(c, "id")
		if err != nil {
			return err
		}
		form, err := page.Form(c)
		if err != nil {
			return err
		}
		err = p.directory.Answer(c.Request().Context(), page.Viewer(c), id, accepted, form.Get("reply"))
		if err == nil {
			return page.SeeOther(c, fmt.Sprintf("/contacts/%d", id))
		}
		status, faults, ok := page.Refusal(c, err, "reply")
		if !ok {
			return err
		}
		return p.showRequest(c, status, requestView{Typed: page.Shown(form.Get("reply")), Faults: faults})
	}
}
