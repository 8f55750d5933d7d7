package page

import (
	"errors"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
)

// ID reads a path parameter that is an id.
func ID(c echo.Context, param string) (int64, error) { return ParseID(c.Param(param)) }

// Before reads the id that a page of a list ends before; 0 where the address names none.
func Before(c echo.Context) (int64, error) {
	if text := c.QueryParam("before"); text != "" {
		return ParseID(text)
	}
	return 0, nil
}

// ParseID reads an id: a positive decimal number in its one spelling. Anything else is missing, like an id that nothing has.
func ParseID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 || strconv.FormatInt(id, 10) != text {
		return 0, fault.Missing()
	}
	return id, nil
}

// Form reads the fields of the request's body. What stands in the address is no part of a form, and what was sent as
// something else is refused rather than taken for an empty form. Nothing at all is one.
func Form(c echo.Context) (url.Values, error) {
	r := c.Request()
	if r.ContentLength == 0 && r.Header.Get(echo.HeaderContentType) == "" {
		return url.Values{}, nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if err != nil || kind != echo.MIMEApplicationForm {
		return nil, echo.ErrUnsupportedMediaType
	}
	if err := r.ParseForm(); err != nil {
		return nil, Unread(err)
	}
	return r.PostForm, nil
}

// several ends the name of a field that a form may have several times.
const several = "..."

// taking keeps from a handler a form with a field that is not among these, with one too often, or with an address that holds
// fields too. What is no form the handler reads itself, or refuses.
func taking(fields []string, h echo.HandlerFunc) echo.HandlerFunc {
	often := map[string]bool{}
	for _, field := range fields {
		name, many := strings.CutSuffix(field, several)
		often[name] = many
	}
	return func(c echo.Context) error {
		if c.Request().URL.RawQuery != "" {
			return echo.ErrBadRequest
		}
		kind, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
		if kind != echo.MIMEApplicationForm {
			return h(c)
		}
		form, err := Form(c)
		if err != nil {
			return err
		}
		for name, values := range form {
			many, known := often[name]
			if !known || len(values) > 1 && !many {
				return echo.ErrBadRequest
			}
		}
		return h(c)
	}
}

// Unread is the answer where a body could not be read: echo's own where there is more than the site takes.
func Unread(err error) error {
	var refusal *echo.HTTPError
	if errors.As(err, &refusal) {
		return refusal
	}
	return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
}

// WantsJSON reports whether the client asked for JSON rather than for a page.
func WantsJSON(c echo.Context) bool {
	accept := strings.ToLower(c.Request().Header.Get(echo.HeaderAccept))
	return !strings.Contains(accept, "text/html") &&
		(strings.Contains(accept, "application/json") || strings.Contains(accept, "+json"))
}

// longestPath bounds the paths that people are sent on to.
const longestPath = 2000

// LocalPath says whether s is a path of this site that a person may be sent to, and gives it in its one safe
// spelling. Browsers read "//host", "/\host" and "/<tab>/host" as another site.
func LocalPath(s string) (string, bool) {
	if len(s) > longestPath || !utf8.ValidString(s) || strings.ContainsFunc(s, unfit) {
		return "", false
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") {
		return "", false
	}
	if clean := path.Clean(u.Path); u.Path != clean && u.Path != clean+"/" || strings.ContainsFunc(u.Path, unfit) {
		return "", false
	}
	return u.String(), true
}

// unfit are characters that no path of this site has and that browsers drop or read as something else.
func unfit(r rune) bool {
	return r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// CameFrom is the path of this site that the person was on, by the Referer; the home page where that is unknown.
func CameFrom(c echo.Context) string {
	u, err := url.Parse(c.Request().Referer())
	if err != nil || u.Host != site(c).Base.Host {
		return "/"
	}
	if local, ok := LocalPath(u.RequestURI()); ok {
		return local
	}
	return "/"
}

// reads reports whether the request only reads.
func reads(c echo.Context) bool {
	method := c.Request().Method
	return method == http.MethodGet || method == http.MethodHead
}

// Network is what counts as one place where somebody is: an IPv4 address, or an IPv6 /64, which is what one home is given.
func Network(c echo.Context) string {
	address, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return "unknown"
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	return netip.PrefixFrom(address, 64).Masked().String()
}
