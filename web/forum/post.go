package forum

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/forum"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

// post leads from a post's lasting address to the page where it stands.
func (p *pages) post(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	place, err := p.forum.Place(c.Request().Context(), page.Viewer(c), id)
	if err != nil {
		return err
	}
	return page.SeeOther(c, place.Path())
}

// editForm is the form for changing a post: the words as the person has them, and where those that stand are others,
// the ones that stand.
type editForm struct {
	Post    forum.Post // as it stands
	Refused bool
	Body    string
	Version int // the version that the words will replace
	Stale   bool
	Key     string
	Faults  map[string]string
}

// Target names the words on the device. The version that they were changed from is kept with them, so that they never
// replace words which their author has not seen.
func (e editForm) Target() string { return fmt.Sprintf("e:%d", e.Post.ID) }

// begun is what somebody has typed who may not change the post now.
func (e editForm) begun() string {
	if e.Refused {
		return e.Body
	}
	return ""
}

func writingFrame(c echo.Context) ui.Frame {
	frame := page.Frame(c, "Writing")
	frame.Scripts = []string{"drafts", "care"}
	return frame
}

// ownPost reads the post of the address for whoever wrote it.
func (p *pages) ownPost(c echo.Context) (forum.Post, error) {
	id, err := page.ID(c, "id")
	if err != nil {
		return forum.Post{}, err
	}
	return p.forum.OwnPost(c.Request().Context(), page.Viewer(c), id)
}

// editablePost is ownPost while it may be changed.
func (p *pages) editablePost(c echo.Context) (forum.Post, error) {
	id, err := page.ID(c, "id")
	if err != nil {
		return forum.Post{}, err
	}
	return p.forum.EditablePost(c.Request().Context(), page.Viewer(c), id)
}

// editing shows the form for changing a post.
func (p *pages) editing(c echo.Context) error {
	post, err := p.editablePost(c)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, editPage(writingFrame(c), editForm{
		Post: post, Body: post.Body, Version: post.Version, Key: uuid.NewString(),
	}))
}

// edit takes a post's new words. Where the post has changed since they were begun, both texts come back: the person's
// in the form, which now replaces the version that stands, and the one that stands beside it.
func (p *pages) edit(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	place, err := p.sendEdit(c, form)
	if err == nil {
		return page.SeeOther(c, place.Path())
	}
	status, faults, ok := page.Refusal(c, err, "body")
	if !ok {
		return err
	}
	post, err := p.ownPost(c)
	if err != nil {
		return err
	}
	return page.Render(c, status, editPage(writingFrame(c), editForm{
		Post: post, Refused: true, Body: page.Shown(form.Get("body")), Version: post.Version, Key: uuid.NewString(),
		Stale: status == http.StatusConflict, Faults: seen(faults),
	}))
}

func (p *pages) sendEdit(c echo.Context, form url.Values) (forum.Place, error) {
	id, err := page.ID(c, "id")
	if err != nil {
		return forum.Place{}, err
	}
	version, err := number(form.Get("version"))
	if err != nil || version == 0 {
		return forum.Place{}, page.Damaged("version")
	}
	if err := take(c, p.pace.posts); err != nil {
		return forum.Place{}, err
	}
	place, err := p.forum.Edit(c.Request().Context(), page.Viewer(c), forum.Revision{PostID: id, Version: version, Body: form.Get("body")})
	if key, broken := page.Key(form); err == nil && broken == nil {
		markSent(c, key)
	}
	return place, err
}

// deleting asks once more before a post is taken away.
func (p *pages) deleting(c echo.Context) error {
	post, err := p.ownPost(c)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, deletePage(page.Frame(c, "Taking a post away"), post))
}

// delete takes a post away and leads to where it stood.
func (p *pages) delete(c echo.Context) error {
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	place, err := p.forum.Delete(c.Request().Context(), page.Viewer(c), id)
	if err != nil {
		return err
	}
	return page.SeeOther(c, place.Path())
}
