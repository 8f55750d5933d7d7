package page_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
)

// TestNothingTellsByItsTime how it was looked for: the answer that there is nothing goes out at the next whole step.
func TestNothingTellsByItsTime(t *testing.T) {
	t.Parallel()
	for looked, want := range map[time.Duration]time.Duration{
		0: 5 * time.Millisecond, 4 * time.Millisecond: 5 * time.Millisecond, 7 * time.Millisecond: 10 * time.Millisecond,
	} {
		for accept, method := range map[string]string{"": http.MethodGet, "application/json": http.MethodPost} {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				serve(visit{method: method, target: "/t/7", accept: accept}, func(echo.Context) error {
					time.Sleep(looked)
					return fault.Missing()
				})
				if took := time.Since(begun); took != want {
					t.Errorf("%s: looked for %s and answered after %s, want %s", method, looked, took, want)
				}
			})
		}
	}
}
