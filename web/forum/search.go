package forum

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/fault"
	"firstdrops/server/search"
	"firstdrops/web/page"
)

// searchView is the search as it was asked, and what it found.
type searchView struct {
	Query      search.Query
	Categories []forum.Category // those that the viewer may choose
	search.Found
}

// search looks for what is asked in the address; without words it shows the form.
func (p *pages) search(c echo.Context) error {
	view := searchView{Query: search.Query{
		Words: fit(c.QueryParam("q"), search.MaxQuery), Category: c.QueryParam("category"), Author: fit(c.QueryParam("author"), maxAuthor),
		Label: accounts.Label(c.QueryParam("label")), Before: c.QueryParam("before"),
	}}
	if err := p.readSearch(c, &view); err != nil {
		return err
	}
	if view.Words != "" {
		page.Evenly(c, page.SearchStep)
	}
	frame := page.Frame(c, "Search")
	frame.Current = "search"
	return page.Render(c, http.StatusOK, searchPage(frame, view))
}

func (p *pages) readSearch(c echo.Context, view *searchView) (err error) {
	if err := p.pace.searches.Take(searcher(c)); err != nil {
		return err
	}
	ctx, viewer := c.Request().Context(), page.Viewer(c)
	if view.Categories, err = p.forum.Categories(ctx, viewer); err != nil {
		return err
	}
	view.Categories = slices.DeleteFunc(view.Categories, func(c forum.Category) bool { return !forum.MayRead(viewer, c.Audience) })
	chosen := func(c forum.Category) bool { return c.Slug == view.Query.Category }
	if view.Query.Category != "" && !slices.ContainsFunc(view.Categories, chosen) {
		return fault.Missing()
	}
	view.Found, err = p.find.Find(ctx, viewer, view.Query)
	return err
}

// searcher is whose searches count together: a member's, or those of everybody at one place.
func searcher(c echo.Context) string {
	if viewer := page.Viewer(c); !viewer.Guest() {
		return strconv.FormatInt(viewer.ID, 10)
	}
	return page.Network(c)
}

// maxAuthor leaves room for a handle and its @, however it was typed.
const maxAuthor = 50

// fit is what was typed as it goes back into its field: readable, on one line, and one character over the limit at most, by
// which the reader of the words knows that there were more.
func fit(typed string, limit int) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(typed, " "))
	if runes := []rune(line); len(runes) > limit {
		return string(runes[:limit+1])
	}
	return line
}

// Narrowed reports whether anything but words was asked for.
func (v searchView) Narrowed() bool {
	return v.Query.Category != "" || v.Query.Author != "" || v.Query.Label != ""
}

// Further is the address of the next page: of the words that were found, where they were others than those typed.
func (v searchView) Further() string {
	q := v.Query
	q.Before = v.Next
	if v.Meant != "" {
		q.Words = v.Meant
	}
	return searchPath(q)
}

// Widened is the address of the same words without filters.
func (v searchView) Widened() string { return searchPath(search.Query{Words: v.Query.Words}) }

// searchPath is the address of a search.
func searchPath(q search.Query) string {
	query := url.Values{"q": {q.Words}}
	for field, value := range map[string]string{"category": q.Category, "author": q.Author, "label": string(q.Label), "before": q.Before} {
		if value != "" {
			query.Set(field, value)
		}
	}
	return "/search?" + query.Encode()
}

// where says where a hit stands, and who can read it there.
func where(h search.Hit) string {
	if h.MembersOnly() {
		return fmt.Sprintf("%s · %s · members only · ", h.AuthorName, h.CategoryName)
	}
	return fmt.Sprintf("%s · %s · ", h.AuthorName, h.CategoryName)
}

// marked is a text with the words that were looked for marked. It is written without a template, which would put blank space
// between the parts of a word.
func marked(text search.Marked) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		for _, span := range text {
			html := templ.EscapeString(span.Text)
			if span.Marked {
				html = "<mark>" + html + "</mark>"
			}
			if _, err := io.WriteString(w, html); err != nil {
				return err
			}
		}
		return nil
	})
}

// labelChoices are the labels that a search can keep to.
var labelChoices = []accounts.Label{accounts.Peer, accounts.Supporter, accounts.IBCLC, accounts.AsModerator}
