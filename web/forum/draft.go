package forum

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// saveDraft keeps what a person has typed so far; the page does it while they type.
func (p *pages) saveDraft(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	if err := take(c, p.pace.drafts); err != nil {
		return err
	}
	draft := forum.Draft{Target: form.Get("target"), Title: form.Get("title"), Body: form.Get("body")}
	if err := p.forum.SaveDraft(c.Request().Context(), page.Viewer(c), draft); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
