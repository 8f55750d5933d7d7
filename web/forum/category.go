package forum

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// category shows the threads of a category.
func (p *pages) category(c echo.Context) error {
	sort := forum.Sort(c.QueryParam("sort"))
	listing, err := p.forum.Listing(c.Request().Context(), page.Viewer(c), c.Param("category"), sort, c.QueryParam("before"))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, categoryPage(page.Frame(c, "Threads"), listing))
}

// sorted is the address of the same category in another order.
func sorted(c forum.Category, s forum.Sort) string {
	if s == forum.Active {
		return c.Path()
	}
	return c.Path() + "?sort=" + string(s)
}

// further is the address of the next page of a list.
func further(l forum.Listing) string {
	query := url.Values{"before": {l.Next}}
	if l.Sort != forum.Active {
		query.Set("sort", string(l.Sort))
	}
	return l.Category.Path() + "?" + query.Encode()
}

// orders are the ways to sort a category, in words.
var orders = []struct {
	sort  forum.Sort
	words string
}{{forum.Active, "Talked about"}, {forum.Newest, "Newest"}, {forum.Unanswered, "Waiting for a first reply"}}
