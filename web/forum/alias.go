package forum

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// aliasWords say what another name does, to whoever is about to take one.
const aliasWords = "All you write in this thread stands under this name, also what you wrote before. It cannot be taken back. " +
	"What others wrote stays, also where they named you. Else other people cannot find out who you are; moderators can, if they give a reason, and it is written down."

// aliasForm is the page for taking another name in a thread, with what was typed and what is wrong with it.
type aliasForm struct {
	Thread forum.Thread
	Typed  string
	Faults map[string]string
}

// masking shows the form; whoever has a name in the thread already is led there.
func (p *pages) masking(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	read, err := p.forum.Page(c.Request().Context(), page.Viewer(c), id, 0)
	if err != nil {
		return err
	}
	if read.Alias != "" {
		return page.SeeOther(c, read.Thread.Path())
	}
	return page.Render(c, http.StatusOK, aliasPage(page.Frame(c, "Another name"), aliasForm{Thread: read.Thread}))
}

// mask takes another name and leads back to the thread. Refused, it comes back with what was typed.
func (p *pages) mask(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	thread, err := p.forum.TakeAlias(ctx, viewer, id, form.Get("alias"))
	if err == nil {
		return page.SeeOther(c, thread.Path())
	}
	status, faults, ok := page.Refusal(c, err, "alias")
	if !ok {
		return err
	}
	if thread, err = p.forum.Thread(ctx, viewer, id); err != nil {
		return err
	}
	return page.Render(c, status, aliasPage(page.Frame(c, "Another name"), aliasForm{Thread: thread, Typed: page.Shown(form.Get("alias")), Faults: faults}))
}

// blockPath is where a viewer asks not to meet a post's alias.
func blockPath(p forum.Post) string {
	return fmt.Sprintf("/t/%d/block?name=%s", p.ThreadID, url.QueryEscape(p.AuthorName))
}

// unmaskPath is where staff look who writes under a post's alias.
func unmaskPath(p forum.Post) string {
	return fmt.Sprintf("/t/%d/unmask?alias=%s", p.ThreadID, url.QueryEscape(p.AuthorName))
}
