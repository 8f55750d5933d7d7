package web_test

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// columns are those of people and their sessions: none of them is a field that somebody could set by naming it.
const columns = `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name IN ('people', 'sessions')`

// TestAFormTakesItsOwnFieldsOnly, each of them once, and none from the address.
func TestAFormTakesItsOwnFieldsOnly(t *testing.T) {
	t.Parallel()
	h, river, thread := furnished(t)
	entries := h.entries(river, thread)
	var foreign []string
	h.must(h.db.NewRaw(columns).Scan(t.Context(), &foreign))
	taken := h.taken()
	stored := h.counts()
	for _, e := range entries {
		refused := func(what, at string, form url.Values) {
			t.Helper()
			if a := e.sender(river).post(at, form); a.status != http.StatusBadRequest {
				t.Errorf("%s with %s: %d", e.pattern, what, a.status)
			}
		}
		refused("a field in the address", e.at+"?role=administrator", e.fields())
		for _, column := range append(foreign, "", "is_admin", "Role", "_method") {
			if form := e.fields(); !slices.Contains(taken[e.pattern], strings.TrimSuffix(column, "...")) && !slices.Contains(taken[e.pattern], column+"...") {
				form.Set(column, "administrator")
				refused("the field "+column, e.at, form)
			}
		}
		for field := range e.fields() {
			if form := e.fields(); !slices.Contains(taken[e.pattern], field+"...") {
				form.Add(field, "and again")
				refused("twice "+field, e.at, form)
			}
		}
		if after := h.counts(); after != stored {
			t.Errorf("%s stored %s, before %s", e.pattern, after, stored)
			stored = after
		}
	}
}

// taken are the fields that each route with a form takes.
func (h *house) taken() map[string][]string {
	fields := map[string][]string{}
	for _, line := range h.table {
		if parts := strings.Fields(line); parts[0] == http.MethodPost {
			fields[parts[1]] = parts[3:]
		}
	}
	return fields
}

// offersWhatIsTaken fails where a form of the page has a field that its route refuses, or twice one that it takes once.
func (a answer) offersWhatIsTaken() {
	a.Helper()
	if kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); kind != "text/html" {
		return
	}
	taken := a.taken()
	for _, node := range a.elements("form") {
		if strings.EqualFold(attribute(node, "method"), http.MethodPost) {
			route := a.routeOf(attribute(node, "action"))
			for _, field := range offered(node) {
				if !slices.Contains(taken[route], field) && !slices.Contains(taken[route], field+"...") {
					a.Errorf("%s: a form for %s has the field %s, which it does not take", a.asked, route, field)
				}
			}
		}
	}
}

// routeOf is the pattern of the route that a form of the page goes to.
func (a answer) routeOf(action string) string {
	a.Helper()
	here, err := url.Parse(a.at)
	a.must(err)
	to, err := here.Parse(action)
	a.must(err)
	if to.RawQuery != "" {
		a.Errorf("%s: a form goes to %s, whose query is refused", a.asked, action)
	}
	c := a.echo.NewContext(nil, nil)
	a.echo.Router().Find(http.MethodPost, to.EscapedPath(), c)
	return c.Path()
}

// offered are the names of a form's controls.
func offered(form *html.Node) []string {
	var names []string
	for control := range form.Descendants() {
		if name := attribute(control, "name"); name != "" && slices.Contains([]string{"input", "textarea", "select", "button"}, control.Data) {
			names = append(names, name)
		}
	}
	return names
}
