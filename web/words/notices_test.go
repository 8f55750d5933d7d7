package words_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/words"
	"firstdrops/web/page"
	web "firstdrops/web/words"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// asker sends what a member types, as a page does.
func asker(t *testing.T, limited bool) func(title, body string) *httptest.ResponseRecorder {
	t.Helper()
	e := echo.New()
	e.HTTPErrorHandler = page.Error
	site := &page.Site{Base: &url.URL{Scheme: "http", Host: "localhost:8080"}, Static: "/static/x", Now: time.Now}
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			page.SetSite(c, site)
			page.SetViewer(c, accounts.Viewer{ID: 7, Role: accounts.Member})
			return next(c)
		}
	})
	web.Mount(page.NewRoutes(e), words.New(testdb.New(t)), nil, limited)
	return func(title, body string) *httptest.ResponseRecorder {
		form := url.Values{"title": {title}, "body": {body}}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/words", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		return w
	}
}

func TestNotesAreAFragment(t *testing.T) {
	t.Parallel()
	ask := asker(t, false)
	if got := ask("A title", "Some words."); got.Code != http.StatusNoContent || got.Body.Len() != 0 {
		t.Errorf("plain words: %d %s", got.Code, got.Body)
	}
	got := ask("Goat's rue?", "I want to die, after Motilium 10 mg.")
	body := got.Body.String()
	if got.Code != http.StatusOK || strings.Contains(body, "<html") || strings.Contains(body, "10 mg") {
		t.Errorf("%d %s", got.Code, body)
	}
	last := -1
	for _, title := range []string{"You do not have to carry this alone", "Care note: domperidone", "Care note: goat&#39;s rue"} {
		at := strings.Index(body, title)
		if at <= last {
			t.Errorf("%q is not where it should be in %s", title, body)
		}
		last = at
	}
}

func TestAskingIsSlowedDownFarAboveTyping(t *testing.T) {
	t.Parallel()
	ask := asker(t, true)
	for n := range 1000 {
		if got := ask("", "Words."); got.Code == http.StatusTooManyRequests {
			if n < 400 {
				t.Errorf("slowed down after %d; somebody who types for ten minutes asks 400 times", n)
			}
			return
		}
	}
	t.Error("nothing slows it down")
}
