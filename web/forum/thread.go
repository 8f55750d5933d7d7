package forum

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

// usualPage is room for a page of 20 posts, in bytes, so that it is seldom moved while it is written.
const usualPage = 32 << 10

// threadView is a page of a thread with the composer below it, and for staff their desk.
type threadView struct {
	forum.Page
	Composer composer
	Desk     desk
}

// thread shows a page of a thread, at its one address.
func (p *pages) thread(c echo.Context) error {
	view, err := p.readThread(c, c.QueryParam("after"))
	if err != nil {
		return err
	}
	if c.Param("slug") != view.Thread.Slug {
		return page.SeeOther(c, turned(view.Page, view.After))
	}
	if view.Composer, err = p.composerFor(c, view.Page); err != nil {
		return err
	}
	body := threadPage(threadFrame(c), view)
	if page.Viewer(c).Guest() {
		return revalidated(c, body)
	}
	return page.Render(c, http.StatusOK, body)
}

func threadFrame(c echo.Context) ui.Frame {
	frame := page.Frame(c, "Thread")
	if !frame.Viewer.Guest() {
		frame.Scripts = []string{"drafts", "thread", "care"}
	}
	return frame
}

// readThread reads the page of a thread that begins after a post.
func (p *pages) readThread(c echo.Context, from string) (threadView, error) {
	id, err := page.ID(c, "id")
	if err != nil {
		return threadView{}, err
	}
	after, err := number(from)
	if err != nil {
		return threadView{}, err
	}
	read := p.forum.Page
	if c.QueryParam("verified") == "1" {
		read = p.forum.Answers
	}
	found, err := read(c.Request().Context(), page.Viewer(c), id, after)
	if err != nil {
		return threadView{}, err
	}
	desk, err := p.deskFor(c, found.Thread)
	return threadView{Page: found, Desk: desk}, err
}

// composerFor is the composer as the address asks for it: empty, with the draft, answering a post or quoting one.
func (p *pages) composerFor(c echo.Context, read forum.Page) (composer, error) {
	k := newComposer(read)
	k.Body, k.Key = read.Draft.Body, uuid.NewString()
	k.DraftedAt = unixMilli(read.Draft.UpdatedAt)
	k.answer(c.QueryParam("reply_to"), read)
	viewer, asked := page.Viewer(c), c.QueryParam("quote")
	if viewer.Guest() || asked == "" {
		return k, nil
	}
	id, ok := idOf(asked)
	if !ok {
		return k, fault.Missing()
	}
	post, err := p.forum.Post(c.Request().Context(), viewer, id)
	if err == nil && post.ThreadID == read.Thread.ID && !post.Hidden() {
		k.quote(post, read)
	}
	return k, err
}

// revalidated answers with a page that the browser may keep, asking each time whether it still holds.
func revalidated(c echo.Context, body templ.Component) error {
	var html bytes.Buffer
	html.Grow(usualPage)
	if err := body.Render(c.Request().Context(), &html); err != nil {
		return fmt.Errorf("rendering the page: %w", err)
	}
	sum := sha256.Sum256(html.Bytes())
	tag := fmt.Sprintf(`W/"%x"`, sum[:16]) // weak: on the way it may be compressed
	header := c.Response().Header()
	header.Set("ETag", tag)
	header.Set(echo.HeaderCacheControl, "private, no-cache")
	if c.Request().Header.Get("If-None-Match") == tag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.HTMLBlob(http.StatusOK, html.Bytes())
}

// pagePath is the address of a page of a thread.
func pagePath(t forum.Thread, after int) string {
	if after == 0 {
		return t.Path()
	}
	return fmt.Sprintf("%s?after=%d", t.Path(), after)
}

// turned is the address of another page of what is read of the thread: of all posts, or of the answers of consultants.
func turned(read forum.Page, after int) string {
	query := url.Values{}
	if after > 0 {
		query.Set("after", strconv.Itoa(after))
	}
	if read.Verified {
		query.Set("verified", "1")
	}
	if len(query) == 0 {
		return read.Thread.Path()
	}
	return read.Thread.Path() + "?" + query.Encode()
}

// pageRef is the address of this page of the thread, ready for one more query field.
func pageRef(p forum.Page) string { return fmt.Sprintf("%s?after=%d", p.Thread.Path(), p.After) }
