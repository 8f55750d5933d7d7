package page

import (
	"time"

	"github.com/labstack/echo/v4"
)

// The steps in which answers go out that must not tell by their time what they looked at. A step is longer than such a look
// takes by far, and shorter than a person notices.
const (
	missingStep = 5 * time.Millisecond  // what is hidden is found before it is withheld, what is not there is not
	SearchStep  = 50 * time.Millisecond // a word that stands only where the viewer may not read is weighed, another is not
)

// Evenly waits until a whole number of steps has gone by since the request came.
func Evenly(c echo.Context, step time.Duration) {
	begun := c.Get(begunKey).(time.Time)
	time.Sleep(step - time.Since(begun)%step)
}
