package page

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// again is a form whose words could not be taken, because the database was away: they come back with the page that
// says so, to be sent once more.
type again struct {
	Path        string
	Title, Body string
	Titled      bool
	Hidden      []hidden // what else the form held: its key, what it answers
}

type hidden struct{ Name, Value string }

// wordsOf finds the words of a form that was sent; nil where nobody wrote any. Passwords do not come back.
func wordsOf(c echo.Context) *again {
	path, ok := LocalPath(c.Request().URL.Path)
	if !ok || c.Request().Method != http.MethodPost {
		return nil
	}
	form, err := Form(c)
	if err != nil || strings.TrimSpace(form.Get("body")) == "" || form.Has("password") {
		return nil
	}
	fit := func(name string) string { return Shown(form.Get(name)) }
	a := &again{Path: path, Title: fit("title"), Titled: form.Has("title"), Body: fit("body")}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if name != "title" && name != "body" {
			a.Hidden = append(a.Hidden, hidden{Name: name, Value: fit(name)})
		}
	}
	return a
}
