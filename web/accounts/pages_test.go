package accounts_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"firstdrops/server/accounts"
	"firstdrops/server/accounts/settings"
	"firstdrops/server/directory"
	door "firstdrops/server/joining"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/signin"
	web "firstdrops/web/accounts"
	"firstdrops/web/page"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const goodPassword = "four quiet lamps burning"

// quiet is a bus that nobody listens to.
type quiet struct{}

func (quiet) Publish(string, []byte) error { return nil }

// house is the pages of accounts on a database of their own.
type house struct {
	t        *testing.T
	db       *db.DB
	accounts *accounts.Accounts
	echo     *echo.Echo
}

func newHouse(t *testing.T, base string, limits web.Limits) *house {
	t.Helper()
	database := testdb.New(t)
	queue, err := jobs.NewQueue(database)
	if err != nil {
		t.Fatal(err)
	}
	origin, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	site := &page.Site{Base: origin, Static: "/static/x", Now: time.Now}
	h := &house{t: t, db: database, accounts: accounts.New(database, queue, quiet{}, time.Now), echo: echo.New()}
	h.echo.HTTPErrorHandler = page.Error
	h.echo.IPExtractor = echo.ExtractIPDirect()
	h.echo.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			page.SetSite(c, site)
			viewer, err := h.accounts.Viewer(c.Request().Context(), page.SessionToken(c))
			if err != nil {
				return err
			}
			page.SetViewer(c, viewer)
			return next(c)
		}
	})
	web.Mount(page.NewRoutes(h.echo), web.Deps{
		Accounts: h.accounts, Settings: settings.New(database, time.Now), Joining: door.New(database, queue, h.accounts, time.Now), Signin: signin.New(signin.Deps{DB: database, Queue: queue, Accounts: h.accounts, Base: origin, Now: time.Now, Limited: limits != web.Limits{}}),
		Directory: directory.New(database, queue, h.accounts, time.Now), Limits: limits,
	})
	return h
}

// open is a house on http without limits.
func open(t *testing.T) *house {
	t.Helper()
	return newHouse(t, "http://localhost:8080", web.Limits{})
}

// answer is what came back, wholly read.
type answer struct {
	status  int
	header  http.Header
	cookies []*http.Cookie
	body    string
}

// ask sends a request as it stands.
func (h *house) ask(r *http.Request) answer {
	h.t.Helper()
	recorder := httptest.NewRecorder()
	h.echo.ServeHTTP(recorder, r)
	response := recorder.Result()
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, response.Cookies(), string(body)}
}

func (h *house) request(path string) *http.Request {
	return httptest.NewRequestWithContext(h.t.Context(), http.MethodGet, path, nil)
}

func (h *house) get(path string, cookies ...*http.Cookie) answer {
	r := h.request(path)
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	return h.ask(r)
}

func (h *house) post(path string, form url.Values, cookies ...*http.Cookie) answer {
	r := httptest.NewRequestWithContext(h.t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	return h.ask(r)
}

// join signs somebody up by the form and gives their cookie.
func (h *house) join(handle string) *http.Cookie {
	h.t.Helper()
	response := h.post("/signup", joining(handle))
	wantSent(h.t, response, "/")
	return sessionOf(h.t, response)
}

func joining(handle string) url.Values {
	return url.Values{"handle": {handle}, "email": {handle + "@example.org"}, "password": {goodPassword}, "rules": {"1"}}
}

func signingIn(login, password string) url.Values {
	return url.Values{"login": {login}, "password": {password}}
}

func sessionOf(t *testing.T, got answer) *http.Cookie {
	t.Helper()
	for _, cookie := range got.cookies {
		if strings.HasSuffix(cookie.Name, "session") {
			return cookie
		}
	}
	t.Fatal("no session's cookie")
	return nil
}

func wantSent(t *testing.T, got answer, path string) {
	t.Helper()
	if to := got.header.Get("Location"); got.status != http.StatusSeeOther || to != path {
		t.Fatalf("%d to %q, want 303 to %q\n%.2000s", got.status, to, path, got.body)
	}
}

func wantStatus(t *testing.T, got answer, status int) {
	t.Helper()
	if got.status != status {
		t.Fatalf("status %d, want %d", got.status, status)
	}
}

// document is an answered page, read as a browser reads it.
type document struct{ *html.Node }

func read(t *testing.T, page answer) document {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page.body))
	if err != nil {
		t.Fatal(err)
	}
	return document{root}
}

// find is the first element for which fits says yes; nil where there is none.
func (d document) find(fits func(document) bool) *document {
	for node := range d.Descendants() {
		if found := (document{node}); node.Type == html.ElementNode && fits(found) {
			return &found
		}
	}
	return nil
}

func (d document) id(id string) *document {
	return d.find(func(e document) bool { return e.attr("id") == id })
}

func (d document) named(name string) *document {
	return d.find(func(e document) bool { return e.attr("name") == name })
}

func (d document) attr(name string) string {
	for _, attribute := range d.Attr {
		if attribute.Key == name {
			return attribute.Val
		}
	}
	return ""
}

func (d document) has(name string) bool {
	for _, attribute := range d.Attr {
		if attribute.Key == name {
			return true
		}
	}
	return false
}

// text is what a person reads.
func (d document) text() string {
	var words strings.Builder
	for node := range d.Descendants() {
		if node.Type == html.TextNode {
			words.WriteString(node.Data + " ")
		}
	}
	return strings.Join(strings.Fields(words.String()), " ")
}

// faultAt is the fault that a screen reader says with a field, and checks that the summary leads there.
func (d document) faultAt(t *testing.T, field string) string {
	t.Helper()
	input := d.id(field)
	if input == nil || input.attr("aria-invalid") != "true" {
		t.Errorf("%s is not marked as invalid", field)
		return ""
	}
	summary := d.find(func(e document) bool { return e.attr("role") == "alert" })
	if summary == nil || summary.find(func(e document) bool { return e.attr("href") == "#"+field }) == nil {
		t.Errorf("the summary does not lead to %s", field)
	}
	described := ""
	for _, id := range strings.Fields(input.attr("aria-describedby")) {
		if part := d.id(id); part != nil {
			described += part.text() + " "
		}
	}
	return described
}
