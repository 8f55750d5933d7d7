package chat

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/platform/fault"
	"firstdrops/server/words"
	"firstdrops/web/page"
	"firstdrops/web/ui"
)

// roomView is a room as its page shows it: at its newest messages with the composer, or at earlier ones to read.
type roomView struct {
	chat.Room
	Places   []place
	Presence chat.Presence
	Page     chat.Page
	Rows     []row
	Past     bool // earlier messages: nothing arrives here, and there is no composer
	Say      composer
	Help     words.Notice // for who may be in danger; without a title there is none
	Care     bool         // it is for the reader, now
}

// composer is the form at the end of a room, with what was typed and what is wrong with it.
type composer struct {
	CMID   string // this form's message; sent twice it is one message
	Quick  string // the same for the words of one tap
	Body   string
	Fault  string
	Muted  string // why and until when nothing is taken; empty where they may write
	Again  bool   // because a letter has not been answered, which can be sent again
	Answer *answered
}

// room shows a room at its newest messages, or where the address asks.
func (p *pages) room(c echo.Context) error {
	view, err := p.read(c)
	if err != nil {
		return p.closed(c, err, "")
	}
	view.Care = c.QueryParam("care") == "1"
	if re, err := number(c.QueryParam("re")); err == nil && re > 0 {
		if view.Say.Answer, err = p.answer(c, view, re); err != nil {
			return err
		}
	}
	return page.Render(c, http.StatusOK, roomPage(roomFrame(c, view), view))
}

// read gathers the room, its neighbours and a stretch of its messages.
func (p *pages) read(c echo.Context) (roomView, error) {
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	var v roomView
	var err error
	if v.Room, err = p.chat.Room(ctx, viewer, c.Param("slug")); err != nil {
		return v, err
	}
	span, err := spanOf(c)
	if err != nil {
		return v, err
	}
	if v.Page, err = p.chat.History(ctx, viewer, v.Slug, span); err != nil {
		return v, err
	}
	if v.Places, err = p.places(c); err != nil {
		return v, err
	}
	for i := range v.Places {
		if v.Places[i].Slug == v.Slug {
			v.Places[i].ReadN = v.Places[i].LastN // what is new here is on the page
		}
	}
	v.Presence = p.chat.Present(v.Slug)
	v.Presence.Count = max(v.Presence.Count, 1) // whoever asks is here
	v.Past = span != (chat.Span{}) && v.last() < v.Page.LastN
	v.Rows = rowsOf(v.Page.Messages, reader{viewer.ID, v.Slug, v.ReadN, page.Now(c)})
	v.Say = composer{CMID: uuid.NewString(), Quick: uuid.NewString()}
	if refusal := viewer.Refusal(page.Now(c)); refusal != nil {
		v.Say.Muted, v.Say.Again = refusal.Error(), viewer.Awaits == accounts.AwaitsLetter
	}
	v.Help, err = p.chat.Help(ctx)
	return v, err
}

// closed shows somebody to whom the rooms are closed for now why that is, with what they typed. Other errors pass.
func (p *pages) closed(c echo.Context, err error, typed string) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Forbidden || page.WantsJSON(c) {
		return err
	}
	f := page.Frame(c, "Room")
	f.Current = "rooms"
	return page.Render(c, http.StatusForbidden, suspendedPage(f, refusal.Message, typed))
}

func roomFrame(c echo.Context, v roomView) ui.Frame {
	f := page.Frame(c, "Room")
	f.Current, f.Body, f.Bare = "rooms", "in-room", true
	if !v.Past {
		f.Scripts = []string{"room"}
	}
	return f
}

// answer finds the message that is about to be answered; nil where it is not there.
func (p *pages) answer(c echo.Context, v roomView, n int64) (*answered, error) {
	viewer := page.Viewer(c)
	found := v.Page.Messages
	if len(found) == 0 || n < found[0].N {
		near, err := p.chat.History(c.Request().Context(), viewer, v.Slug, chat.Span{Around: n, Limit: 1})
		if err != nil {
			return nil, err
		}
		found = near.Messages
	}
	for _, m := range found {
		if m.N == n && !m.Deleted {
			a := answeredBy(m, viewer.ID)
			return &a, nil
		}
	}
	return nil, nil
}

func (v roomView) first() int64 {
	if len(v.Page.Messages) == 0 {
		return 0
	}
	return v.Page.Messages[0].N
}

func (v roomView) last() int64 {
	if len(v.Page.Messages) == 0 {
		return 0
	}
	return v.Page.Messages[len(v.Page.Messages)-1].N
}

func (v roomView) path() string         { return roomPath(v.Slug) }
func (v roomView) messagesPath() string { return v.path() + "/messages" }

// earlier is the page of messages before this one; later the one after it.
func (v roomView) earlier() string { return fmt.Sprintf("%s?before=%d", v.path(), v.first()) }
func (v roomView) later() string {
	return fmt.Sprintf("%s?after=%d#m-%d", v.path(), v.last(), v.last()+1)
}
