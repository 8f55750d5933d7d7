// Package page is the glue between echo and what people see: who asks, how an answer is rendered, how an error
// becomes a page, which guard stands before a route.
//
// Owns: cookies, answers and errors of the whole site. Not here: how things look (web/ui), what is true (server).
package page

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/ui"
)

// Site is what every answer knows about the site itself.
type Site struct {
	Base   *url.URL         // the one public origin
	Static string           // where static files are: "/static/<hash>"
	Now    func() time.Time // the clock
}

const (
	siteKey   = "page.site"
	viewerKey = "page.viewer"
	begunKey  = "page.begun"
)

// SetSite tells the request's answers about the site; a middleware does it before anything else.
func SetSite(c echo.Context, s *Site) {
	c.Set(siteKey, s)
	c.Set(begunKey, time.Now())
}

func site(c echo.Context) *Site { return c.Get(siteKey).(*Site) }

// SetViewer tells who asks; a middleware does it once for each request.
func SetViewer(c echo.Context, v accounts.Viewer) { c.Set(viewerKey, v) }

// Viewer is who asks: a guest until somebody says otherwise.
func Viewer(c echo.Context) accounts.Viewer {
	v, _ := c.Get(viewerKey).(accounts.Viewer)
	return v
}

// Now is the moment by the site's clock, in the viewer's time zone.
func Now(c echo.Context) time.Time { return site(c).Now().In(Viewer(c).Location()) }

// Secure reports whether people reach the site by https, so that cookies may ask for it.
func Secure(c echo.Context) bool { return site(c).Base.Scheme == "https" }

// Origin is the site's one public origin, for addresses that people copy.
func Origin(c echo.Context) string { return site(c).Base.String() }

// RequestID names the request in the log and on an error page.
func RequestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// Frame is the layout's frame for this request; title is neutral.
func Frame(c echo.Context, title string) ui.Frame {
	s := site(c)
	return ui.Frame{
		Title:   title,
		Viewer:  Viewer(c),
		Theme:   Theme(c),
		Static:  s.Static,
		Now:     Now(c),
		Reduced: Viewer(c).ReducedData || c.Request().Header.Get("Save-Data") == "on",
		Left:    hasLeft(c),
	}
}

// buffers hold pages while they are rendered; a page has a few dozen kilobytes, so they are worth keeping.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render answers with a page. It is rendered before the first byte leaves, so that a fault in it can still
// become an error page. What a person sees is kept by no cache unless the handler said so before.
func Render(c echo.Context, status int, body templ.Component) error {
	html := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(html)
	html.Reset()
	// The request's deadline is for what waits. Rendering does not, and the page that says it took too long comes after it.
	ctx := context.WithoutCancel(c.Request().Context())
	if err := body.Render(ctx, html); err != nil {
		return fmt.Errorf("rendering the page: %w", err)
	}
	keepPrivate(c)
	return send(c, status, echo.MIMETextHTMLCharsetUTF8, html.Bytes())
}

// keepPrivate keeps the answer out of every cache, unless the handler chose otherwise.
func keepPrivate(c echo.Context) {
	if header := c.Response().Header(); header.Get(echo.HeaderCacheControl) == "" {
		header.Set(echo.HeaderCacheControl, "private, no-store")
	}
}

// send answers with body, and to HEAD with its headers only.
func send(c echo.Context, status int, contentType string, body []byte) error {
	if c.Request().Method == http.MethodHead {
		c.Response().Header().Set(echo.HeaderContentType, contentType)
		return c.NoContent(status)
	}
	return c.Blob(status, contentType, body)
}

// HideAddress keeps the address of a page out of every Referer where it is a secret: that of a letter's link. The origin stays
// in it: without any, browsers that send no Sec-Fetch-Site could not send the page's own form.
func HideAddress(c echo.Context) {
	c.Response().Header().Set(echo.HeaderReferrerPolicy, "strict-origin")
}

// SeeOther sends the browser to a path of this site after a form was taken.
func SeeOther(c echo.Context, path string) error {
	keepPrivate(c)
	return c.Redirect(http.StatusSeeOther, path)
}
