package moderation

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/moderation"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// objectForm is the page by which somebody asks for another look, with what they wrote and what is wrong with it.
type objectForm struct {
	moderation.Verdict
	Note   string
	Title  string // of the summary of faults
	Faults map[string]string
}

// objecting shows what was decided, and asks why they see it differently.
func (p *pages) objecting(c echo.Context) error {
	verdict, err := p.verdict(c)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, objectPage(page.Frame(c, "Another look"), objectForm{Verdict: verdict}))
}

// verdict is the decision in the address, where it is about the viewer.
func (p *pages) verdict(c echo.Context) (moderation.Verdict, error) {
	id, err := page.ID(c, "id")
	if err != nil {
		return moderation.Verdict{}, err
	}
	verdicts, err := p.moderation.Verdicts(c.Request().Context(), page.Viewer(c), []int64{id})
	if err != nil {
		return moderation.Verdict{}, err
	}
	verdict, known := verdicts[id]
	if !known {
		return moderation.Verdict{}, fault.Missing()
	}
	return verdict, nil
}

// object takes what somebody writes against a decision, and leads back to it.
func (p *pages) object(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	err = p.moderation.Object(c.Request().Context(), page.Viewer(c), id, form.Get("note"))
	if err == nil {
		return page.SeeOther(c, c.Request().URL.EscapedPath())
	}
	status, title, faults, ok := typed(c, err)
	if !ok {
		return err
	}
	verdict, err := p.verdict(c)
	if err != nil {
		return err
	}
	return page.Render(c, status, objectPage(page.Frame(c, "Another look"), objectForm{
		Verdict: verdict, Note: page.Shown(form.Get("note")), Title: title, Faults: faults,
	}))
}
