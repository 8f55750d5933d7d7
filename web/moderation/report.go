package moderation

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"firstdrops/server/audit"
	"firstdrops/server/moderation"
	"firstdrops/web/page"
)

// reportForm is the page by which something is reported, with what was typed and what is wrong with it.
type reportForm struct {
	moderation.Subject
	At     string // its own address
	Note   string
	Title  string // of the summary of faults
	Faults map[string]string
}

// reporting asks what is wrong; whoever has told already is thanked.
func (p *pages) reporting(kind audit.Kind) echo.HandlerFunc {
	return func(c echo.Context) error {
		target, err := targetOf(c, kind)
		if err != nil {
			return err
		}
		ctx, viewer := c.Request().Context(), page.Viewer(c)
		subject, err := p.moderation.Reportable(ctx, viewer, target)
		if err != nil {
			return err
		}
		reported, err := p.moderation.Reported(ctx, viewer, subject)
		if err != nil {
			return err
		}
		if reported {
			return page.Render(c, http.StatusOK, thanksPage(page.Frame(c, "Thank you"), subject))
		}
		return page.Render(c, http.StatusOK, reportPage(page.Frame(c, "Report"), reportForm{Subject: subject, At: c.Request().URL.Path}))
	}
}

// report takes what somebody reports, and leads to the thanks.
func (p *pages) report(kind audit.Kind) echo.HandlerFunc {
	return func(c echo.Context) error {
		target, err := targetOf(c, kind)
		if err != nil {
			return err
		}
		form, err := page.Form(c)
		if err != nil {
			return err
		}
		err = p.sendReport(c, target, form)
		if err == nil {
			return page.SeeOther(c, c.Request().URL.EscapedPath())
		}
		status, title, faults, ok := typed(c, err)
		if !ok {
			return err
		}
		subject, err := p.moderation.Reportable(c.Request().Context(), page.Viewer(c), target)
		if err != nil {
			return err
		}
		return page.Render(c, status, reportPage(page.Frame(c, "Report"), reportForm{
			Subject: subject, At: c.Request().URL.Path, Note: page.Shown(form.Get("note")), Title: title, Faults: faults,
		}))
	}
}

func (p *pages) sendReport(c echo.Context, target moderation.Target, form url.Values) error {
	viewer := page.Viewer(c)
	if err := p.reports.Take(strconv.FormatInt(viewer.ID, 10)); err != nil {
		return err
	}
	_, err := p.moderation.Report(c.Request().Context(), viewer, target, audit.Reason(form.Get("reason")), form.Get("note"))
	return err
}

// targetOf reads from the address what is reported.
func targetOf(c echo.Context, kind audit.Kind) (moderation.Target, error) {
	t := moderation.Target{Kind: kind, Slug: c.Param("slug")}
	var err error
	switch kind {
	case audit.Person:
		t.Slug = c.Param("handle")
	case audit.Message:
		t.ID, err = page.ID(c, "n")
	case audit.Post, audit.Thread:
		t.ID, err = page.ID(c, "id")
	}
	return t, err
}

// typed tells whether a refused form should come back with every word in it: with the faults of its fields, or with what
// happened as the summary's title.
func typed(c echo.Context, err error) (status int, title string, faults map[string]string, ok bool) {
	const whole = "version" // no field that people fill in
	status, faults, ok = page.Refusal(c, err, whole)
	if title = faults[whole]; title == "" {
		return status, "Nothing was done yet", faults, ok
	}
	return status, title, map[string]string{"": ""}, ok // of no field
}
