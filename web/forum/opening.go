package forum

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// openingForm is the form for a new thread, with what was typed and what is wrong with it.
type openingForm struct {
	Category  forum.Category
	DraftedAt int64 // as in composer
	Refused   bool
	Title     string
	Body      string
	Key       string
	Topic     forum.Topic
	As        accounts.Label
	Alias     string
	Faults    map[string]string
}

// begun is what somebody has typed who may not write now.
func (o openingForm) begun() string { return strings.TrimSpace(o.Title + "\n\n" + o.Body) }

// opening shows the form for a new thread, with the draft where there is one.
func (p *pages) opening(c echo.Context) error {
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	category, err := p.forum.Category(ctx, viewer, c.Param("category"))
	if err != nil {
		return err
	}
	draft, err := p.forum.OpeningDraft(ctx, viewer, category)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, openingPage(writingFrame(c), openingForm{
		Category: category, DraftedAt: unixMilli(draft.UpdatedAt), Title: draft.Title, Body: draft.Body, Key: uuid.NewString(),
	}))
}

// start begins a thread and leads to it. Refused, the form comes back with every word.
func (p *pages) start(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	thread, err := p.sendOpening(c, form)
	if err == nil {
		return page.SeeOther(c, thread.Path())
	}
	status, faults, ok := page.Refusal(c, err, "body")
	if !ok {
		return err
	}
	category, err := p.forum.Category(c.Request().Context(), page.Viewer(c), c.Param("category"))
	if err != nil {
		return err
	}
	back := openingForm{
		Category: category, Refused: true, Title: page.Shown(form.Get("title")), Body: page.Shown(form.Get("body")), Key: page.Shown(form.Get("key")),
		Topic: topicOf(form), As: accounts.Label(form.Get("as")), Alias: page.Shown(form.Get("alias")), Faults: seen(faults),
	}
	if faults["key"] != "" || back.Key == "" {
		back.Key = uuid.NewString()
	}
	return page.Render(c, status, openingPage(writingFrame(c), back))
}

func (p *pages) sendOpening(c echo.Context, form url.Values) (forum.Thread, error) {
	key, err := page.Key(form)
	if err != nil {
		return forum.Thread{}, err
	}
	if err := take(c, p.pace.threads); err != nil {
		return forum.Thread{}, err
	}
	thread, err := p.forum.Start(c.Request().Context(), page.Viewer(c), forum.Opening{
		Category: c.Param("category"), Title: form.Get("title"), Body: form.Get("body"), Key: key,
		Topic: topicOf(form), As: accounts.Label(form.Get("as")), Alias: form.Get("alias"),
	})
	if err == nil {
		markSent(c, key)
	}
	return thread, err
}
