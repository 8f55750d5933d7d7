package page_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/web/page"
)

func TestGuards(t *testing.T) {
	t.Parallel()
	guest := accounts.Viewer{}
	consultant := accounts.Viewer{ID: 4, Handle: "june", Role: accounts.Consultant} // whose credential has ended
	verified := accounts.Viewer{ID: 5, Handle: "ida", Role: accounts.Consultant, Label: accounts.IBCLC}
	for _, c := range []struct {
		guard  page.Guard
		viewer accounts.Viewer
		status int
	}{
		{page.Open, guest, 200}, {page.Open, river, 200},
		{page.Guests, guest, 200}, {page.Guests, river, 303},
		{page.Members, guest, 303}, {page.Members, river, 200}, {page.Members, consultant, 200},
		{page.Consultants, guest, 404}, {page.Consultants, river, 404}, {page.Consultants, consultant, 404},
		{page.Consultants, verified, 200}, {page.Consultants, maya, 200},
		{page.Moderators, guest, 404}, {page.Moderators, river, 404}, {page.Moderators, consultant, 404},
		{page.Moderators, maya, 200}, {page.Moderators, ada, 200},
		{page.Administrators, guest, 404}, {page.Administrators, maya, 404}, {page.Administrators, ada, 200},
		{page.Guard("unheard of"), ada, 404},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got := site(visit{method: method, target: "/here", viewer: c.viewer}, func(r *page.Routes) {
				r.GET("/here", c.guard, func(c echo.Context) error { return c.NoContent(http.StatusOK) })
				r.POST("/here", c.guard, func(c echo.Context) error { return c.NoContent(http.StatusOK) })
			})
			if got.Code != c.status {
				t.Errorf("%s, %q before %s: %d", method, c.viewer.Handle, c.guard, got.Code)
			}
		}
	}
}

func TestTableListsEveryRouteWithItsGuard(t *testing.T) {
	t.Parallel()
	r := page.NewRoutes(echo.New())
	r.POST("/t/:id/posts", page.Members, nil)
	r.GET("/c/:category", page.Open, nil)
	if got := r.Table(); !slices.Equal(got, []string{"GET /c/:category open", "POST /t/:id/posts members"}) {
		t.Errorf("the table is %q", got)
	}
}

func TestHeadComesWithGet(t *testing.T) {
	t.Parallel()
	got := serve(visit{method: http.MethodHead, target: "/"}, func(c echo.Context) error {
		return page.Render(c, http.StatusOK, words("a page"))
	})
	if got.Code != http.StatusOK || got.Body.Len() > 0 || got.Header().Get("Content-Type") == "" {
		t.Errorf("HEAD gave %d, %q, %q", got.Code, got.Header(), got.Body)
	}
}
