package page

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
)

// proofLife is how long a proof of who somebody is holds for sensitive changes.
const proofLife = 15 * time.Minute

// askAgain sends somebody who would see or change what is sensitive to prove that it is they, and back. A form that was sent
// cannot be sent on: its words stay on the page that it came from.
func askAgain(c echo.Context) error {
	if c.Request().Method == http.MethodPost || WantsJSON(c) {
		return fault.New(fault.Forbidden, "Please show once more that it is you: open this page anew, and we ask for it. Nothing was changed.").Coded("prove")
	}
	return SeeOther(c, "/login/again?next="+url.QueryEscape(c.Request().URL.RequestURI()))
}
