package directory

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"firstdrops/server/directory"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

// listView is the list as it was asked for, and whom it found.
type listView struct {
	directory.Page
	Filter directory.Filter
}

// distances are the circles that the form offers, in kilometres.
var distances = []int{25, 50, 100, 250}

// list shows the consultants that the address asks for.
func (p *pages) list(c echo.Context) error {
	filter, err := readFilter(c.QueryParams())
	if err != nil {
		return err
	}
	if err := take(c, p.pace.searches); err != nil {
		return err
	}
	found, err := p.directory.Listings(c.Request().Context(), page.Viewer(c), filter)
	if err != nil {
		return err
	}
	frame := page.Frame(c, "Consultants")
	frame.Current = "consultants"
	return page.Render(c, http.StatusOK, listPage(frame, listView{Page: found, Filter: filter}))
}

// readFilter reads the address; a circle that is no number of kilometres leads nowhere.
func readFilter(query url.Values) (directory.Filter, error) {
	km, err := strconv.Atoi(query.Get("km"))
	if query.Get("km") != "" && (err != nil || km < 1) {
		return directory.Filter{}, fault.Missing()
	}
	return directory.Filter{
		Place: oneLine(query.Get("place")), Km: km, Telehealth: query.Get("telehealth") == "1", Language: query.Get("language"),
		Specialty: query.Get("specialty"), Accepting: query.Get("accepting") == "1", Words: oneLine(query.Get("q")), After: query.Get("after"),
	}, nil
}

// oneLine is what was typed as it goes back into its field: readable, on one line, and one character over the limit at most,
// by which the reader of the words knows that there were more.
func oneLine(typed string) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(typed, " "))
	if runes := []rune(line); len(runes) > directory.MaxQuery {
		return string(runes[:directory.MaxQuery+1])
	}
	return line
}

// Km is the circle that was asked for.
func (v listView) Km() int {
	if v.Filter.Km == 0 {
		return directory.DefaultKm
	}
	return v.Filter.Km
}

// Narrowed reports whether anything was asked for.
func (v listView) Narrowed() bool {
	return v.Filter != directory.Filter{Km: v.Filter.Km, After: v.Filter.After}
}

// Further is the address of the next page: of the words that were found, where they were others than those typed.
func (v listView) Further() string {
	f := v.Filter
	query := url.Values{}
	if v.Meant != "" {
		f.Words = v.Meant
	}
	if f.Place != "" {
		query.Set("km", strconv.Itoa(v.Km()))
	}
	for field, value := range map[string]string{
		"place": f.Place, "language": f.Language, "specialty": f.Specialty, "q": f.Words, "after": v.Next,
		"telehealth": flag(f.Telehealth), "accepting": flag(f.Accepting),
	} {
		if value != "" {
			query.Set(field, value)
		}
	}
	return "/consultants?" + query.Encode()
}

// flag is a ticked box in an address.
func flag(ticked bool) string {
	if ticked {
		return "1"
	}
	return ""
}
