package moderation

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/moderation"
	"firstdrops/web/page"
)

// unmaskForm is the page by which staff look who writes under an alias, with what was typed and what is wrong with it.
type unmaskForm struct {
	moderation.Alias
	Reason audit.Reason
	Note   string
	Title  string // of the summary of faults
	Faults map[string]string
	Person accounts.Person // who it is, once
}

// unmasking asks why.
func (p *pages) unmasking(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	alias, err := p.moderation.Alias(c.Request().Context(), page.Viewer(c), id, c.QueryParam("alias"))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, unmaskPage(page.Frame(c, "Another name"), unmaskForm{Alias: alias}))
}

// unmask says who it is: in its answer, and on no page that could be opened again.
func (p *pages) unmask(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	ctx, viewer, name := c.Request().Context(), page.Viewer(c), form.Get("alias")
	back := unmaskForm{Reason: audit.Reason(page.Shown(form.Get("reason_code"))), Note: page.Shown(form.Get("note"))}
	if back.Alias, err = p.moderation.Alias(ctx, viewer, id, name); err != nil {
		return err
	}
	status := http.StatusOK
	if back.Person, err = p.moderation.Unmask(ctx, viewer, id, name, back.Reason, form.Get("note")); err != nil {
		var ok bool
		if status, back.Title, back.Faults, ok = typed(c, err); !ok {
			return err
		}
	}
	return page.Render(c, status, unmaskPage(page.Frame(c, "Another name"), back))
}
