package page

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
)

// Refusal tells whether a refused form should come back with every word in it, and how: with the faults of its fields. What
// is the fault of no field stands at the one that is named here. A program that asked for JSON has its words still.
func Refusal(c echo.Context, err error, field string) (status int, faults map[string]string, ok bool) {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || WantsJSON(c) {
		return 0, nil, false
	}
	switch refusal.Kind {
	case fault.Invalid:
		return http.StatusUnprocessableEntity, refusal.Fields, true
	case fault.TooMany:
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(refusal.Retry.Seconds())+1))
	case fault.Forbidden, fault.Conflict:
	default:
		return 0, nil, false
	}
	return statuses[refusal.Kind].status, map[string]string{field: refusal.Message}, true
}

// Shown is what was typed, fit for a page: it goes back with a refused form.
func Shown(typed string) string { return strings.ToValidUTF8(typed, "\ufffd") }

// Key reads the key that a form was made with. A form without one is taken as sent for the first time.
func Key(form url.Values) (uuid.UUID, error) {
	sent := form.Get("key")
	if sent == "" {
		return uuid.New(), nil
	}
	key, err := uuid.Parse(sent)
	if err != nil {
		return uuid.UUID{}, Damaged("key")
	}
	return key, nil
}

// Damaged is the refusal of a form with a hidden field that no page of ours had.
func Damaged(field string) error {
	return fault.Field(field, "This form was damaged on its way. Please send it once more.")
}
