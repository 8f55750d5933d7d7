package page_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"firstdrops/web/page"
)

func TestFormReadsWhatWasSentAsAForm(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	for _, sent := range []struct {
		kind, body, words string
		status            int
	}{
		{form, "body=warm+milk", "warm milk", 200},
		{form + "; charset=UTF-8", "body=warm", "warm", 200},
		{form, "", "", 200},
		{form, "body=%zz", "", 400},
		{"multipart/form-data; boundary=b", "--b\r\n", "", 415},
		{"application/json", `{"body":"warm"}`, "", 415},
		{"", "body=warm", "", 415},
		{";;;", "body=warm", "", 415},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/here?body=cold&more=cold", strings.NewReader(sent.body))
		r.Header.Set("Content-Type", sent.kind)
		words, status := "", 0
		e := echo.New()
		e.HTTPErrorHandler = func(err error, c echo.Context) { status = echoStatus(err) }
		e.POST("/here", func(c echo.Context) error {
			fields, err := page.Form(c)
			if err == nil {
				words, status = fields.Get("body")+fields.Get("more"), http.StatusOK
			}
			return err
		})
		e.ServeHTTP(httptest.NewRecorder(), r)
		if words != sent.words || status != sent.status {
			t.Errorf("%q as %q: %d with %q", sent.body, sent.kind, status, words)
		}
	}
}

func echoStatus(err error) int { return err.(*echo.HTTPError).Code } //nolint:errorlint // Form gives it bare
