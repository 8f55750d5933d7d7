package forum

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// number reads a whole number of a form or an address; empty is 0. There is no post -1, and none of another spelling.
func number(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != s {
		return 0, fault.Missing()
	}
	return int(n), nil
}

// seen puts the faults of hidden fields at the words, where people can see them. The composer gets other hidden fields
// with its answer, so that sending once more is all that there is to do.
func seen(faults map[string]string) map[string]string {
	shown := map[string]string{}
	for field, message := range faults {
		switch {
		case slices.Contains([]string{"title", "body", "language", "specialty", "alias"}, field):
			shown[field] = message
		case faults["body"] == "":
			shown["body"] = message
		}
	}
	return shown
}

// sentCookie tells drafts.js which form has arrived, so that the device lets go of its draft, and of no other.
const sentCookie = "sent"

func markSent(c echo.Context, key uuid.UUID) {
	c.SetCookie(&http.Cookie{ //nolint:gosec // a script reads it: it names a form and opens nothing
		Name: sentCookie, Value: key.String(), Path: "/", MaxAge: 600,
		SameSite: http.SameSiteLaxMode, Secure: page.Secure(c),
	})
}
