package forum

import (
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// reply takes a reply and leads to where it stands. Refused, it comes back in the composer with every word.
func (p *pages) reply(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	place, err := p.sendReply(c, form)
	if err == nil {
		return page.SeeOther(c, place.Path())
	}
	status, faults, ok := page.Refusal(c, err, "body")
	if !ok {
		return err
	}
	view, err := p.readThread(c, form.Get("after"))
	if err != nil {
		return err
	}
	view.Composer = refusedComposer(view.Page, form, faults)
	return page.Render(c, status, threadPage(threadFrame(c), view))
}

func (p *pages) sendReply(c echo.Context, form url.Values) (forum.Place, error) {
	id, err := page.ID(c, "id")
	if err != nil {
		return forum.Place{}, err
	}
	answer, err := answerOf(id, form)
	if err != nil {
		return forum.Place{}, err
	}
	if err := take(c, p.pace.posts); err != nil {
		return forum.Place{}, err
	}
	place, err := p.forum.Reply(c.Request().Context(), page.Viewer(c), answer)
	if err == nil {
		markSent(c, answer.Key)
	}
	return place, err
}

func answerOf(threadID int64, form url.Values) (forum.Answer, error) {
	key, err := page.Key(form)
	if err != nil {
		return forum.Answer{}, err
	}
	replyTo, err := referred(form, "reply_to")
	if err != nil {
		return forum.Answer{}, err
	}
	quote, err := quoteOf(form)
	return forum.Answer{ThreadID: threadID, Body: form.Get("body"), Key: key, ReplyTo: replyTo, Quote: quote, As: accounts.Label(form.Get("as")), Alias: form.Get("alias")}, err
}

func quoteOf(form url.Values) (forum.Quote, error) {
	id, err := referred(form, "quote_post")
	if err != nil {
		return forum.Quote{}, err
	}
	starts, startErr := number(form.Get("quote_start"))
	ends, endErr := number(form.Get("quote_end"))
	if startErr != nil || endErr != nil {
		return forum.Quote{}, page.Damaged("quote_post")
	}
	return forum.Quote{PostID: id, Starts: starts, Ends: ends}, nil
}

// referred reads the id of a post that the form refers to; empty is none.
func referred(form url.Values, field string) (int64, error) {
	sent := form.Get(field)
	if sent == "" {
		return 0, nil
	}
	id, ok := idOf(sent)
	if !ok {
		return 0, page.Damaged(field)
	}
	return id, nil
}

// idOf reads an id that does not stand in a path.
func idOf(s string) (int64, bool) {
	id, err := strconv.ParseInt(s, 10, 64)
	return id, err == nil && id > 0
}
