package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"firstdrops/server/chat"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// ack is the answer to a program: the message is committed.
type ack struct {
	N   int64 `json:"n"`
	Seq int64 `json:"seq"`
	At  int64 `json:"at"` // unix ms
	Dup bool  `json:"dup,omitempty"`
	// Its author may be in danger, and should be shown who can help.
	Care bool `json:"care,omitempty"`
}

// send takes a message, from a form or as JSON. Said once more with the same cmid it is the same message.
func (p *pages) send(c echo.Context) error {
	line, err := lineOf(c)
	if err != nil {
		return p.refuse(c, line, err, false)
	}
	said, err := p.chat.Send(c.Request().Context(), page.Viewer(c), line)
	switch {
	case err != nil:
		return p.refuse(c, line, err, said.Crisis)
	case page.WantsJSON(c):
		return sendJSON(c, ack{N: said.N, Seq: said.Seq, At: said.At.UnixMilli(), Dup: said.Dup, Care: said.Crisis})
	case said.Crisis:
		return page.SeeOther(c, roomPath(line.Room)+"?care=1#"+helpAnchor)
	}
	return page.SeeOther(c, fmt.Sprintf("%s#m-%d", roomPath(line.Room), said.N))
}

// lineOf reads what is to be said.
func lineOf(c echo.Context) (chat.Line, error) {
	kind, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if err != nil {
		return chat.Line{}, echo.ErrUnsupportedMediaType
	}
	switch kind {
	case echo.MIMEApplicationForm:
		return formLine(c)
	case echo.MIMEApplicationJSON:
		return jsonLine(c)
	}
	return chat.Line{}, echo.ErrUnsupportedMediaType
}

func formLine(c echo.Context) (chat.Line, error) {
	form, err := page.Form(c)
	if err != nil {
		return chat.Line{}, err
	}
	line := chat.Line{Room: c.Param("slug"), CMID: form.Get("cmid"), Body: form.Get("body")}
	sent := form.Get("re")
	if sent == "" {
		return line, nil
	}
	if line.Re, err = number(sent); err != nil {
		return line, badFrame("re", "The message that this answers could not be read. Please choose it once more.")
	}
	return line, nil
}

func jsonLine(c echo.Context) (chat.Line, error) {
	line := chat.Line{Room: c.Param("slug")}
	data, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return chat.Line{}, page.Unread(err)
	}
	fields := map[string]any{"cmid": &line.CMID, "body": &line.Body, "re": &line.Re}
	if !utf8.Valid(data) || !readOnce(data, fields) {
		return chat.Line{}, badFrame("body", "This could not be understood.")
	}
	return line, nil
}

// readOnce reads an object into these fields, and reports whether it is one with no others, and with none of them twice: a form
// is held to the same.
func readOnce(data []byte, fields map[string]any) bool {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if begins, err := decoder.Token(); err != nil || begins != json.Delim('{') {
		return false
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return false
		}
		field, known := fields[name.(string)]
		if !known || decoder.Decode(field) != nil {
			return false
		}
		delete(fields, name.(string))
	}
	_, ended := decoder.Token()
	_, more := decoder.Token()
	return ended == nil && errors.Is(more, io.EOF)
}

// refusals are the statuses under which the room comes back with every word still in its composer.
var refusals = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.Forbidden:   http.StatusForbidden,
	fault.NotFound:    http.StatusNotFound,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// refuse says why a message was not taken. A program has its words still; a person finds them in the composer, and where
// they may be in danger the help above it.
func (p *pages) refuse(c echo.Context, line chat.Line, err error, care bool) error {
	var refusal *fault.Error
	if page.WantsJSON(c) || !errors.As(err, &refusal) || refusals[refusal.Kind] == 0 {
		return err
	}
	view, broken := p.read(c)
	if broken != nil {
		return p.closed(c, broken, line.Body)
	}
	view.Care = care
	view.Say.Body, view.Say.Fault = line.Body, refusal.Message
	if line.Re > 0 {
		if view.Say.Answer, broken = p.answer(c, view, line.Re); broken != nil {
			return broken
		}
	}
	if refusal.Retry > 0 {
		seconds := math.Ceil(refusal.Retry.Round(time.Millisecond).Seconds())
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(seconds)))
	}
	return page.Render(c, refusals[refusal.Kind], roomPage(roomFrame(c, view), view))
}
