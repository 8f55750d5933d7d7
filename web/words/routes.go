// Package words tells people, while they write, what the house has to say about their words, and shows staff all that it
// would say.
//
// Owns: the addresses /words and /mod/words. Not here: which words those are (server/words), the notes under what is written (web/forum).
package words

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/moderation"
	"firstdrops/server/platform/ratelimit"
	"firstdrops/server/words"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

// pages are the handlers, with what they need.
type pages struct {
	words      *words.Words
	moderation *moderation.Moderation
	pace       *ratelimit.Limiter // nil lets everything pass
}

// Mount registers the routes. Limited, they slow down whoever asks much more often than a person types.
func Mount(r *page.Routes, w *words.Words, m *moderation.Moderation, limited bool) {
	p := &pages{words: w, moderation: m}
	if limited {
		p.pace = ratelimit.New(600, 10*time.Minute)
	}
	r.POST("/words", page.Members, p.notices, "title", "body")
	r.GET(rulesPath, page.Moderators, p.rules)
	r.POST(rulesPath+"/:id/approve", page.Administrators, p.approve, "version")
}

// notices answers with the notes of care for what is typed so far, as a fragment of a page, or with nothing. Nothing of
// what was typed is kept.
func (p *pages) notices(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	if err := p.pace.Take(strconv.FormatInt(page.Viewer(c).ID, 10)); err != nil {
		return err
	}
	found, err := p.words.Notices(c.Request().Context(), form.Get("title")+"\n\n"+form.Get("body"))
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	return page.Render(c, http.StatusOK, ui.CareNotes(found))
}
