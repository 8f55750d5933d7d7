package page

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// answer is a no, ready to be shown: as a page, or as application/problem+json (RFC 9457).
type answer struct {
	Type      string            `json:"type"`
	Title     string            `json:"title"`
	Status    int               `json:"status"`
	Detail    string            `json:"detail"`
	Code      string            `json:"code,omitempty"`
	RequestID string            `json:"request_id"`
	Fields    map[string]string `json:"fields,omitempty"`
	Details   map[string]any    `json:"details,omitempty"`
	retry     time.Duration
	again     *again
}

// Error answers a request whose handler failed. It touches no database, so that it works while that is away, and
// shows nothing of the request's path: all that is missing looks alike.
func Error(err error, c echo.Context) {
	if err == nil || c.Response().Committed {
		return
	}
	a := answerTo(err)
	a.RequestID = RequestID(c)
	if a.Status == http.StatusNotFound {
		Evenly(c, missingStep)
	}
	if a.retry > 0 {
		seconds := int(math.Ceil(a.retry.Seconds()))
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(seconds))
	}
	if failed := a.send(c); failed != nil && !c.Response().Committed {
		http.Error(c.Response(), a.Title, a.Status)
	}
}

// send picks the form of the answer: JSON for whom asked for it, the sign-in page for guests, else a page.
func (a answer) send(c echo.Context) error {
	// What a handler meant for its own answer does not hold for this one.
	c.Response().Header().Del(echo.HeaderCacheControl)
	switch {
	case WantsJSON(c):
		body, err := json.Marshal(a)
		if err != nil {
			return err
		}
		keepPrivate(c)
		return send(c, a.Status, "application/problem+json", body)
	case a.Status == http.StatusUnauthorized:
		return SeeOther(c, signIn(c))
	}
	if a.Status == http.StatusServiceUnavailable {
		a.again = wordsOf(c)
	}
	return Render(c, a.Status, errorPage(Frame(c, a.Title), a))
}

// signIn is the way to the sign-in page, and for a page that was only to be read also the way back.
func signIn(c echo.Context) string {
	if next, ok := LocalPath(c.Request().URL.RequestURI()); ok && reads(c) {
		return "/login?next=" + url.QueryEscape(next)
	}
	return "/login"
}

// answerTo finds the answer for an error, however deep it is wrapped.
func answerTo(err error) answer {
	var refusal *fault.Error
	var status *echo.HTTPError
	switch {
	case errors.As(err, &refusal):
		return refused(refusal)
	case errors.As(err, &status):
		return answerToStatus(status.Code)
	case db.Unavailable(err), errors.Is(err, context.Canceled): // cancelled: the person has gone, and nothing broke
		return refused(Away())
	}
	return internal()
}

// Away is the refusal while the database does not answer.
func Away() *fault.Error { return fault.New(fault.Unavailable, awayWords).Coded("busy") }

// statuses holds the status and the title of each kind.
var statuses = map[fault.Kind]struct {
	status int
	title  string
}{
	fault.Invalid:         {http.StatusUnprocessableEntity, "This needs another look"},
	fault.Unauthenticated: {http.StatusUnauthorized, "Please sign in"},
	fault.Forbidden:       {http.StatusForbidden, "This cannot be done from here"},
	fault.NotFound:        {http.StatusNotFound, "Nothing here"},
	fault.Conflict:        {http.StatusConflict, "Somebody was faster"},
	fault.TooMany:         {http.StatusTooManyRequests, "A little slower, please"},
	fault.Unavailable:     {http.StatusServiceUnavailable, "Back in a moment"},
	fault.TooLarge:        {http.StatusRequestEntityTooLarge, "That is too much at once"},
}

const (
	awayWords     = "We cannot reach what is kept here just now. Nothing that was saved is lost. Please try again in a moment."
	largeWords    = "What you sent is larger than this place takes at once. Please send less; nothing was changed."
	unreadWords   = "We could not read what was sent. Nothing was changed. Please go back and try once more."
	internalWords = "Something broke on our side, not on yours. Nothing that was saved is lost. Please try again; if it happens again, tell us the number below."

	soon = 5 * time.Second
)

// refused is the answer to a refusal.
func refused(e *fault.Error) answer {
	kind, known := statuses[e.Kind]
	if !known {
		return internal()
	}
	a := answer{
		Type: "about:blank", Title: kind.title, Status: kind.status,
		Detail: e.Message, Code: e.Code, Fields: e.Fields, Details: e.Details, retry: e.Retry,
	}
	if a.Code == "" && e.Kind == fault.NotFound {
		a.Code = "not_found"
	}
	if a.retry <= 0 && (e.Kind == fault.TooMany || e.Kind == fault.Unavailable) {
		a.retry = soon
	}
	return a
}

// answerToStatus is the answer where echo itself says no. Its own words are for programmers.
func answerToStatus(status int) answer {
	switch {
	case status == http.StatusNotFound:
		return refused(fault.Missing())
	case status == http.StatusUnauthorized:
		return refused(fault.New(fault.Unauthenticated, "Please sign in first."))
	case status == http.StatusRequestEntityTooLarge:
		return refused(fault.New(fault.TooLarge, largeWords))
	case status == http.StatusTooManyRequests:
		return refused(fault.SlowDown(soon))
	case status == http.StatusServiceUnavailable:
		return refused(Away())
	case status >= 400 && status < 500:
		return answer{Type: "about:blank", Title: statuses[fault.Forbidden].title, Status: status, Detail: unreadWords}
	}
	return internal()
}

func internal() answer {
	return answer{
		Type: "about:blank", Title: "Something went wrong here", Status: http.StatusInternalServerError, Detail: internalWords,
	}
}
