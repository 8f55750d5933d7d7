package page_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/page"
)

var (
	river = accounts.Viewer{ID: 1, Handle: "river", Name: "River", Role: accounts.Member}
	maya  = accounts.Viewer{ID: 2, Handle: "mod-maya", Name: "Maya", Role: accounts.Moderator}
	ada   = accounts.Viewer{ID: 3, Handle: "admin-ada", Name: "Ada", Role: accounts.Administrator}
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// visit is one request to a small site.
type visit struct {
	method, target, accept string
	base                   string // of the site; http://localhost:8080 where empty
	viewer                 accounts.Viewer
	cookie                 *http.Cookie
	referer                string
	form                   string // of a POST
	charset                string // said with the form's kind: "; charset=utf-8"
}

// site is an echo that knows what the real one's middleware would tell it, with the routes that mount adds.
func site(v visit, mount func(*page.Routes)) *httptest.ResponseRecorder {
	if v.base == "" {
		v.base = "http://localhost:8080"
	}
	base, err := url.Parse(v.base)
	if err != nil {
		panic(err)
	}
	e := echo.New()
	e.HTTPErrorHandler = page.Error
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Response().Header().Set(echo.HeaderXRequestID, "request-7")
			page.SetSite(c, &page.Site{Base: base, Static: "/static/abc", Now: func() time.Time { return noon }})
			page.SetViewer(c, v.viewer)
			return next(c)
		}
	})
	mount(page.NewRoutes(e))
	if v.method == "" {
		v.method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(context.Background(), v.method, v.target, strings.NewReader(v.form))
	if v.form != "" {
		r.Header.Set(echo.HeaderContentType, echo.MIMEApplicationForm+v.charset)
	}
	r.Header.Set(echo.HeaderAccept, v.accept)
	r.Header.Set("Referer", v.referer)
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, r)
	return recorder
}

// serve answers the visit with one handler, whatever the method.
func serve(v visit, h echo.HandlerFunc) *httptest.ResponseRecorder {
	return site(v, func(r *page.Routes) {
		r.GET("/*", page.Open, h)
		r.POST("/*", page.Open, h, "title", "body", "key", "reply_to", "password", "tag...")
	})
}

func words(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func TestRenderKeepsPagesOutOfCaches(t *testing.T) {
	t.Parallel()
	got := serve(visit{target: "/"}, func(c echo.Context) error {
		return page.Render(c, http.StatusOK, words("<p>hello</p>"))
	})
	if got.Body.String() != "<p>hello</p>" || got.Header().Get("Content-Type") != "text/html; charset=UTF-8" {
		t.Errorf("rendered %q as %q", got.Body, got.Header().Get("Content-Type"))
	}
	if cache := got.Header().Get("Cache-Control"); cache != "private, no-store" {
		t.Errorf("Cache-Control is %q", cache)
	}
}

func TestRenderLeavesCachingThatTheHandlerChose(t *testing.T) {
	t.Parallel()
	got := serve(visit{target: "/"}, func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=60")
		return page.Render(c, http.StatusOK, words("hello"))
	})
	if cache := got.Header().Get("Cache-Control"); cache != "public, max-age=60" {
		t.Errorf("Cache-Control is %q", cache)
	}
}

func TestRenderThatBreaksBecomesAnErrorPage(t *testing.T) {
	t.Parallel()
	got := serve(visit{target: "/"}, func(c echo.Context) error {
		return page.Render(c, http.StatusOK, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, _ = io.WriteString(w, "half a page")
			return errors.New("broken")
		}))
	})
	if got.Code != http.StatusInternalServerError || strings.Contains(got.Body.String(), "half a page") {
		t.Errorf("a page that broke half way gave %d: %s", got.Code, got.Body)
	}
}

func TestTheOriginIsTheSitesOwn(t *testing.T) {
	t.Parallel()
	serve(visit{target: "http://evil.example/"}, func(c echo.Context) error {
		if got := page.Origin(c); got != "http://localhost:8080" {
			t.Errorf("it is %q", got)
		}
		return nil
	})
}

func TestFrame(t *testing.T) {
	t.Parallel()
	serve(visit{target: "/", viewer: river, cookie: &http.Cookie{Name: "theme", Value: "dim"}}, func(c echo.Context) error {
		f := page.Frame(c, "Thread")
		if f.Title != "Thread" || f.Viewer != river || f.Theme != "dim" || f.Static != "/static/abc" || !f.Now.Equal(noon) {
			t.Errorf("the frame is %+v", f)
		}
		return nil
	})
	chosen := river
	chosen.Theme, chosen.Zone, chosen.ReducedData = "dark", "Asia/Kolkata", true
	serve(visit{target: "/", viewer: chosen, cookie: &http.Cookie{Name: "theme", Value: "dim"}}, func(c echo.Context) error {
		f := page.Frame(c, "Thread")
		if f.Theme != "dark" || !f.Reduced || !f.Now.Equal(noon) || f.Now.Location().String() != "Asia/Kolkata" {
			t.Errorf("the frame of who chose is %+v", f)
		}
		return nil
	})
}

func TestFrameHearsThatLessIsWantedAndThatSomebodyLeft(t *testing.T) {
	t.Parallel()
	serve(visit{target: "/", cookie: &http.Cookie{Name: "left", Value: "1"}}, func(c echo.Context) error {
		if f := page.Frame(c, "Home"); f.Reduced || !f.Left {
			t.Errorf("reduced %v, left %v", f.Reduced, f.Left)
		}
		c.Request().Header.Set("Save-Data", "on")
		if f := page.Frame(c, "Home"); !f.Reduced {
			t.Error("Save-Data is not heard")
		}
		return nil
	})
}
