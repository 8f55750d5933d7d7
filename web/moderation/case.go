package moderation

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

// cases lists what waits, what the viewer has, or what is closed.
func (p *pages) cases(c echo.Context) error {
	list, err := p.moderation.Cases(c.Request().Context(), page.Viewer(c), moderation.State(c.QueryParam("state")), c.QueryParam("after"))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, casesPage(deskFrame(c), list))
}

func deskFrame(c echo.Context) ui.Frame {
	f := page.Frame(c, "Desk")
	f.Current, f.Scripts = "desk", []string{"desk"}
	return f
}

// caseView is a case as its page shows it, beside the others that wait.
type caseView struct {
	moderation.Page
	Others     moderation.Listing
	Categories []forum.Category // where a thread could go
	Filled     filled
	Title      string // of the summary of faults
	Faults     map[string]string
}

// filled is the form of a decision as somebody filled it in.
type filled struct {
	Action   audit.Verb
	Reason   audit.Reason
	Note     string
	Until    string // unix ms, as it was sent
	Category string
}

// open shows a case.
func (p *pages) open(c echo.Context) error {
	view, err := p.read(c)
	if err != nil {
		return err
	}
	view.Filled.Reason = view.Reason
	return page.Render(c, http.StatusOK, casePage(deskFrame(c), view))
}

func (p *pages) read(c echo.Context) (caseView, error) {
	id, err := page.ID(c, "id")
	if err != nil {
		return caseView{}, err
	}
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	var v caseView
	if v.Page, err = p.moderation.Case(ctx, viewer, id); err != nil {
		return caseView{}, err
	}
	if v.Others, err = p.moderation.Cases(ctx, viewer, moderation.Waiting, ""); err != nil {
		return caseView{}, err
	}
	if v.Kind == audit.Thread {
		v.Categories, err = p.forum.Categories(ctx, viewer)
	}
	return v, err
}

// standing is who has a case now, and whether the page that asks is still true.
func (p *pages) standing(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	at, err := p.moderation.Standing(c.Request().Context(), page.Viewer(c), id)
	if err != nil {
		return err
	}
	known, _ := strconv.Atoi(c.QueryParam("version"))
	return page.Render(c, http.StatusOK, standing(page.Frame(c, ""), at, known))
}

func (p *pages) claim(c echo.Context) error {
	return p.step(c, func(id int64, version int, _ url.Values) error {
		return p.moderation.Claim(c.Request().Context(), page.Viewer(c), id, version)
	})
}

func (p *pages) release(c echo.Context) error {
	return p.step(c, func(id int64, version int, _ url.Values) error {
		return p.moderation.Release(c.Request().Context(), page.Viewer(c), id, version)
	})
}

func (p *pages) undo(c echo.Context) error {
	return p.step(c, func(id int64, version int, _ url.Values) error {
		return p.moderation.Undo(c.Request().Context(), page.Viewer(c), id, version)
	})
}

func (p *pages) decide(c echo.Context) error {
	return p.step(c, func(id int64, version int, form url.Values) error {
		return p.moderation.Decide(c.Request().Context(), page.Viewer(c), id, version, moderation.Decision{
			Action: audit.Verb(form.Get("action")), Reason: audit.Reason(form.Get("reason_code")), Note: form.Get("note"),
			Until: moment(form.Get("until")), Category: form.Get("category"),
		})
	})
}

// step does what the form asks for and leads back to the case. Refused, the case comes back as it is now, with what was
// filled in.
func (p *pages) step(c echo.Context, do func(id int64, version int, form url.Values) error) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	err = do(id, versionOf(form), form)
	if err == nil {
		return page.SeeOther(c, casePath(id))
	}
	status, title, faults, ok := typed(c, err)
	if !ok {
		return err
	}
	view, err := p.read(c)
	if err != nil {
		return err
	}
	view.Title, view.Faults = title, faults
	view.Filled = filled{
		Action: audit.Verb(page.Shown(form.Get("action"))), Reason: audit.Reason(page.Shown(form.Get("reason_code"))), Note: page.Shown(form.Get("note")),
		Until: page.Shown(form.Get("until")), Category: page.Shown(form.Get("category")),
	}
	return page.Render(c, status, casePage(deskFrame(c), view))
}

// versionOf is the version that a form was made on; 0, which no case has, where it cannot be read.
func versionOf(form url.Values) int {
	sent := form.Get("version")
	version, err := strconv.ParseInt(sent, 10, 32)
	if err != nil || strconv.FormatInt(version, 10) != sent {
		return 0
	}
	return int(version)
}

// moment reads unix milliseconds; what is none is the zero time, which does not lie ahead.
func moment(sent string) time.Time {
	ms, err := strconv.ParseInt(sent, 10, 64)
	if err != nil || ms <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func casePath(id int64) string { return cases + "/" + strconv.FormatInt(id, 10) }
