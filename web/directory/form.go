package directory

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// shown is what was sent, fit for a page: it goes back with a refused form.
func shown(typed string) string { return strings.ToValidUTF8(typed, "\ufffd") }

// refusal tells whether a refused form should come back with every word in it, and how: with the faults of its fields. What
// is the fault of no field stands at the one that is named here.
func refusal(c echo.Context, err error, field string) (status int, faults map[string]string, ok bool) {
	var no *fault.Error
	if !errors.As(err, &no) || page.WantsJSON(c) {
		return 0, nil, false
	}
	whole := map[string]string{field: no.Message}
	switch no.Kind {
	case fault.Invalid:
		return http.StatusUnprocessableEntity, no.Fields, true
	case fault.TooMany:
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(no.Retry.Seconds())+1))
		return http.StatusTooManyRequests, whole, true
	case fault.Forbidden:
		return http.StatusForbidden, whole, true
	case fault.Conflict:
		return http.StatusConflict, whole, true
	}
	return 0, nil, false
}

// keyOf reads the key that the form was made with; without one, each sending is a request of its own.
func keyOf(form url.Values) (uuid.UUID, error) {
	sent := form.Get("key")
	if sent == "" {
		return uuid.New(), nil
	}
	key, err := uuid.Parse(sent)
	if err != nil {
		return uuid.UUID{}, fault.Field("key", "Part of this form was damaged on the way. Send it once more; your words are kept.")
	}
	return key, nil
}
