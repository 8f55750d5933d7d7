package forum

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

const queuePath = "/questions"

// queueView is a page of the consultants' queue, and what of it was asked for.
type queueView struct {
	Filter forum.Topic
	forum.Questions
}

// questions shows the questions that wait for a consultant, and those that were answered.
func (p *pages) questions(c echo.Context) error {
	view := queueView{Filter: forum.Topic{
		Language: c.QueryParam("language"), Specialty: accounts.Specialty(c.QueryParam("specialty")),
	}}
	var err error
	view.Questions, err = p.forum.Questions(c.Request().Context(), page.Viewer(c), view.Filter, c.QueryParam("after"))
	if err != nil {
		return err
	}
	frame := page.Frame(c, "Questions")
	frame.Current = "questions"
	return page.Render(c, http.StatusOK, questionsPage(frame, view))
}

// Further is the address of the next page.
func (v queueView) Further() string {
	query := url.Values{"after": {v.Next}}
	if v.Filter.Language != "" {
		query.Set("language", v.Filter.Language)
	}
	if v.Filter.Specialty != "" {
		query.Set("specialty", string(v.Filter.Specialty))
	}
	return queuePath + "?" + query.Encode()
}

// taking lets a consultant take a thread or let go of it, and leads back to it.
func (p *pages) taking(do func(context.Context, accounts.Viewer, int64) (forum.Thread, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := page.Form(c); err != nil {
			return err
		}
		id, err := page.ID(c, "id")
		if err != nil {
			return err
		}
		thread, err := do(c.Request().Context(), page.Viewer(c), id)
		if err != nil {
			return err
		}
		return page.SeeOther(c, thread.Path())
	}
}

// topicOf reads what the asker of a thread chose to tell.
func topicOf(form url.Values) forum.Topic {
	return forum.Topic{Language: form.Get("language"), Specialty: accounts.Specialty(form.Get("specialty"))}
}

// mayTake says whether a consultant who reads the thread could answer it now.
func mayTake(viewer accounts.Viewer, t forum.Thread, now time.Time) bool {
	return viewer.Label == accounts.IBCLC && t.AuthorID != viewer.ID && forum.MayAnswer(viewer, t) && !viewer.Muted(now)
}

// takerWords say who is writing an answer; empty where nobody is.
func takerWords(k forum.Take, viewer accounts.Viewer, now time.Time) string {
	switch {
	case !k.Held(now):
		return ""
	case k.TakerID == viewer.ID:
		return "You have taken it"
	}
	return k.TakerName + " is answering"
}

// fact is something that the asker chose to tell, in words.
type fact struct{ words, lang string }

// facts are those of a topic; the name of a language is in that language.
func facts(t forum.Topic) []fact {
	var told []fact
	if words := ui.LanguageWords(t.Language); words != "" {
		told = append(told, fact{words, t.Language})
	}
	if words := ui.SpecialtyWords(t.Specialty); words != "" {
		told = append(told, fact{words, "en"})
	}
	return told
}
