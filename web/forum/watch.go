package forum

import (
	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// watch has the person told of replies in a thread, or no longer, and leads back to the page of it that they read.
func (p *pages) watch(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	after, err := number(form.Get("after"))
	if err != nil {
		return err
	}
	on := form.Get("on")
	if on != "0" && on != "1" {
		return fault.Field("on", "Please choose whether you want to be told.")
	}
	thread, err := p.forum.Watch(c.Request().Context(), page.Viewer(c), id, on == "1")
	if err != nil {
		return err
	}
	return page.SeeOther(c, pagePath(thread, after))
}
