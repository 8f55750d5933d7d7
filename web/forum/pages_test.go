package forum_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/testdb"
	"firstdrops/server/search"
	web "firstdrops/web/forum"
	"firstdrops/web/page"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// quiet is a bus that nobody listens to.
type quiet struct{}

func (quiet) Publish(string, []byte) error { return nil }

// house is the forum's pages on a database of their own.
type house struct {
	t        *testing.T
	db       *db.DB
	accounts *accounts.Accounts
	forum    *forum.Forum
	echo     *echo.Echo
}

func newHouse(t *testing.T, limited bool) *house {
	t.Helper()
	database := testdb.New(t)
	queue, err := jobs.NewQueue(database)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC) }
	h := &house{t: t, db: database, accounts: accounts.New(database, queue, quiet{}, now), forum: forum.New(database, queue, now), echo: echo.New()}
	site := &page.Site{Base: &url.URL{Scheme: "http", Host: "localhost:8080"}, Static: "/static/x", Now: now}
	h.echo.HTTPErrorHandler = page.Error
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
	web.Mount(page.NewRoutes(h.echo), h.forum, search.New(database, now), limited)
	return h
}

// person is a browser: signed in, or a guest's.
type person struct {
	*house
	viewer accounts.Viewer
	token  string
}

func (h *house) guest() person { return person{house: h} }

// join makes a member of this name.
func (h *house) join(name string) person {
	h.t.Helper()
	tokens, err := h.accounts.CreatePeople(h.t.Context(), 1)
	if err != nil {
		h.t.Fatal(err)
	}
	viewer, err := h.accounts.Viewer(h.t.Context(), tokens[0])
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.db.NewRaw(`UPDATE people SET display_name = ? WHERE id = ?`, name, viewer.ID).Exec(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	return person{h, viewer, tokens[0]}
}

// thread begins one.
func (p person) thread(category, title, body string) forum.Thread {
	p.t.Helper()
	thread, err := p.forum.Start(p.t.Context(), p.viewer, forum.Opening{Category: category, Title: title, Body: body, Key: uuid.New()})
	if err != nil {
		p.t.Fatal(err)
	}
	return thread
}

// reply adds a post.
func (p person) reply(thread forum.Thread, body string) forum.Place {
	p.t.Helper()
	place, err := p.forum.Reply(p.t.Context(), p.viewer, forum.Answer{ThreadID: thread.ID, Body: body, Key: uuid.New()})
	if err != nil {
		p.t.Fatal(err)
	}
	return place
}

// answer is what came back, wholly read.
type answer struct {
	t       *testing.T
	status  int
	header  http.Header
	cookies []*http.Cookie
	body    string
}

func (p person) ask(method, path string, body string, header ...string) answer {
	p.t.Helper()
	path, _, _ = strings.Cut(path, "#") // which browsers keep to themselves
	r := httptest.NewRequestWithContext(p.t.Context(), method, path, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if p.token != "" {
		r.AddCookie(&http.Cookie{Name: "session", Value: p.token})
	}
	recorder := httptest.NewRecorder()
	p.echo.ServeHTTP(recorder, r)
	response := recorder.Result()
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer{p.t, response.StatusCode, response.Header, response.Cookies(), string(content)}
}

func (p person) get(path string, header ...string) answer {
	p.t.Helper()
	return p.ask(http.MethodGet, path, "", header...)
}

func (p person) post(path string, form url.Values, header ...string) answer {
	p.t.Helper()
	return p.ask(http.MethodPost, path, form.Encode(), header...)
}

// want checks the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d\n%.3000s", a.status, status, a.body)
	}
	return a
}

// to is where a 303 leads.
func (a answer) to() string {
	a.t.Helper()
	return a.want(http.StatusSeeOther).header.Get("Location")
}

// element is a part of a page.
type element struct{ *html.Node }

// all are the elements that have an attribute; with a value, those where it is that.
func (a answer) all(attribute string, value ...string) []element {
	a.t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	var found []element
	for node := range root.Descendants() {
		e := element{node}
		if has := slices.ContainsFunc(node.Attr, func(at html.Attribute) bool { return at.Key == attribute }); !has {
			continue
		}
		if len(value) == 0 || e.attr(attribute) == value[0] {
			found = append(found, e)
		}
	}
	return found
}

// one is the only element with this attribute of this value.
func (a answer) one(attribute, value string) element {
	a.t.Helper()
	found := a.all(attribute, value)
	if len(found) != 1 {
		a.t.Fatalf("%d elements with %s=%q, want one\n%.3000s", len(found), attribute, value, a.body)
	}
	return found[0]
}

func (e element) attr(name string) string {
	for _, at := range e.Attr {
		if at.Key == name {
			return at.Val
		}
	}
	return ""
}

// text is what a person reads in it.
func (e element) text() string {
	var words strings.Builder
	for node := range e.Descendants() {
		if node.Type == html.TextNode {
			words.WriteString(node.Data + " ")
		}
	}
	return strings.Join(strings.Fields(words.String()), " ")
}

// value is what stands in a field.
func (e element) value() string {
	if e.Data != "textarea" {
		return e.attr("value")
	}
	if e.FirstChild == nil {
		return ""
	}
	return e.FirstChild.Data
}
