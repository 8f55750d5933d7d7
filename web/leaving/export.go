package leaving

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/leaving"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

const exportPath = "/settings/export"

func (p pages) export(c echo.Context) error { return p.showExport(c, http.StatusOK, nil) }

func (p pages) showExport(c echo.Context, status int, faults map[string]string) error {
	e, err := p.leaving.Export(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	return page.Render(c, status, exportPage(page.Frame(c, "A copy of what is yours"), e, faults))
}

func (p pages) askExport(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	err := p.leaving.AskExport(c.Request().Context(), page.Viewer(c))
	if status, faults, ok := page.Refusal(c, err, "export"); ok {
		return p.showExport(c, status, faults)
	}
	if err != nil {
		return err
	}
	return page.SeeOther(c, exportPath)
}

// fileTime is how long a large copy may take on its way, beyond what a page may.
const fileTime = 15 * time.Minute

func (p pages) exportFile(c echo.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), fileTime)
	defer cancel()
	file, _, err := p.leaving.OpenExport(ctx, page.Viewer(c))
	if fault.Is(err, fault.NotFound) {
		return page.SeeOther(c, exportPath) // which says how far it is
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "application/zip")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="first-drops.zip"`)
	header.Set(echo.HeaderCacheControl, "private, no-store")
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	// Where the writer has no deadline of its own, nothing has to be moved.
	_ = http.NewResponseController(c.Response().Writer).SetWriteDeadline(time.Now().Add(fileTime))
	_, err = io.Copy(c.Response(), file)
	return err
}

// untilWords say how long a copy can be fetched.
func untilWords(e leaving.Export) string { return dayWords(e.ExpiresAt) }

func dayWords(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") + " UTC" }
