package page

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
)

// Guard says who may use a route at all. What of it they may see is decided by the domain that answers.
type Guard string

// The guards. Members asks a guest to sign in, Guests sends a member home; the others hide: who may not is told
// that there is nothing. Consultants are those whose credential is valid now; staff pass with them. Proved are members who
// showed a moment ago that it is they, not somebody who found their phone: all others are asked for it first.
const (
	Open           Guard = "open"
	Guests         Guard = "guests"
	Members        Guard = "members"
	Proved         Guard = "proved"
	Consultants    Guard = "consultants"
	Moderators     Guard = "moderators"
	Unmaskers      Guard = "unmaskers" // Moderators who are Proved
	Administrators Guard = "administrators"
)

// Routes registers every route of the site together with its guard.
type Routes struct {
	echo  *echo.Echo
	table []string
}

// NewRoutes registers on e.
func NewRoutes(e *echo.Echo) *Routes { return &Routes{echo: e} }

// GET registers a route that reads; HEAD comes with it.
func (r *Routes) GET(path string, g Guard, h echo.HandlerFunc) {
	r.echo.HEAD(path, g.before(h))
	r.add(http.MethodGet, path, g, h)
}

// POST registers a route that changes something, with the fields of its form; one that may come several times ends in "...".
// A form with any other is refused: nobody sets what its page does not offer.
func (r *Routes) POST(path string, g Guard, h echo.HandlerFunc, fields ...string) {
	r.add(http.MethodPost, path, g, taking(fields, h), fields...)
}

func (r *Routes) add(method, path string, g Guard, h echo.HandlerFunc, fields ...string) {
	r.echo.Add(method, path, g.before(h))
	r.table = append(r.table, strings.Join(append([]string{method, path, string(g)}, fields...), " "))
}

// Table lists the routes, sorted: method, path, guard and the fields of a form.
func (r *Routes) Table() []string { return slices.Sorted(slices.Values(r.table)) }

// before puts the guard in front of a handler.
func (g Guard) before(h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		viewer := Viewer(c)
		if g == Guests && !viewer.Guest() {
			return SeeOther(c, next(c))
		}
		if err := g.admit(viewer); err != nil {
			return err
		}
		if (g == Proved || g == Unmaskers) && Now(c).Sub(viewer.ProvedAt) >= proofLife {
			return askAgain(c)
		}
		return h(c)
	}
}

// next is where somebody was going who is signed in already.
func next(c echo.Context) string {
	if local, ok := LocalPath(c.QueryParam("next")); ok {
		return local
	}
	return "/"
}

// admit refuses a viewer whom the guard does not let through. A guard without a rule lets nobody through.
func (g Guard) admit(v accounts.Viewer) error {
	switch g {
	case Open, Guests:
		return nil
	case Members, Proved:
		if v.Guest() {
			return fault.New(fault.Unauthenticated, "Please sign in first.")
		}
		return nil
	case Consultants:
		if v.Label == accounts.IBCLC || v.Staff() {
			return nil
		}
	case Moderators, Unmaskers:
		if v.Staff() {
			return nil
		}
	case Administrators:
		if v.Role == accounts.Administrator {
			return nil
		}
	}
	return fault.Missing()
}
