package chat

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"firstdrops/server/chat"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// codeBadFrame is the protocol's word for a request that cannot be read.
const codeBadFrame = "bad_frame"

// history is a stretch of a room as JSON.
type history struct {
	Messages []chat.WireMessage `json:"messages"` // in rising order of n
	LastN    int64              `json:"last_n"`
	More     bool               `json:"more"` // in the direction that was asked for
}

// messages gives a stretch of a room to programs. A browser that asks for a page is sent to the room.
func (p *pages) messages(c echo.Context) error {
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	room, err := p.chat.Room(ctx, viewer, c.Param("slug"))
	if err != nil {
		return err
	}
	if !page.WantsJSON(c) {
		return page.SeeOther(c, roomPath(room.Slug))
	}
	span, err := spanOf(c)
	if err != nil {
		return err
	}
	read, err := p.chat.History(ctx, viewer, room.Slug, span)
	if err != nil {
		return err
	}
	answer := history{Messages: make([]chat.WireMessage, 0, len(read.Messages)), LastN: read.LastN, More: read.More}
	for _, m := range read.Messages {
		answer.Messages = append(answer.Messages, m.Wire(viewer.ID))
	}
	return sendJSON(c, answer)
}

// sendJSON answers with something that is only for who asked.
func sendJSON(c echo.Context, answer any) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "private, no-store")
	return c.JSON(http.StatusOK, answer)
}

// spanOf reads which stretch is asked for: at most one of before, after and around.
func spanOf(c echo.Context) (chat.Span, error) {
	var span chat.Span
	asked := 0
	for name, n := range map[string]*int64{"before": &span.Before, "after": &span.After, "around": &span.Around} {
		sent := c.QueryParam(name)
		if sent == "" {
			continue
		}
		var err error
		if *n, err = number(sent); err != nil {
			return chat.Span{}, badFrame(name, "This is no number of a message.")
		}
		asked++
	}
	if asked > 1 {
		return chat.Span{}, badFrame("before", "Only one of before, after and around can be asked for.")
	}
	if sent := c.QueryParam("limit"); sent != "" {
		limit, err := strconv.ParseInt(sent, 10, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range is the largest or the smallest
			return chat.Span{}, badFrame("limit", "This is no number of messages.")
		}
		span.Limit = int(min(max(limit, 1), math.MaxInt32)) // the room clamps it to its own
	}
	return span, nil
}

// number reads a positive decimal number in its one spelling.
func number(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil && (n <= 0 || strconv.FormatInt(n, 10) != s) {
		err = strconv.ErrSyntax
	}
	return n, err
}

func badFrame(field, message string) error {
	return fault.Field(field, message).Coded(codeBadFrame)
}
