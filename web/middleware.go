package web

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

const (
	socketPath = "/ws"
	// A page answers within 1.5 s or says kindly that it cannot; what writes may wait for its turn.
	readTime  = 1400 * time.Millisecond
	writeTime = 8 * time.Second
)

// isSocket reports whether the request is for the live rooms, which stand outside of what buffers,
// times or measures an answer.
func isSocket(c echo.Context) bool { return c.Path() == socketPath }

// named gives the request its id and tells its answers about the site.
func named(site *page.Site) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Response().Header().Set(echo.HeaderXRequestID, uuid.NewString())
			page.SetSite(c, site)
			return next(c)
		}
	}
}

// observed writes one line a request and measures it. The line holds the route's pattern: paths,
// addresses and anything that a person typed stay out of the log.
func observed(log *slog.Logger, metrics prometheus.Registerer) echo.MiddlewareFunc {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_request_duration_seconds",
		Help:    "How long requests took, by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"method", "route", "status"})
	metrics.MustRegister(seconds)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			begun := time.Now()
			err := next(c)
			if err != nil {
				c.Error(err)
			}
			took, status := time.Since(begun), c.Response().Status
			if !isSocket(c) { // a socket lasts as long as somebody stays
				seconds.WithLabelValues(method(c), route(c), strconv.Itoa(status)).Observe(took.Seconds())
			}
			attributes := []any{"id", page.RequestID(c), "method", method(c), "route", route(c), "status", status, "ms", took.Milliseconds()}
			if err != nil && status >= http.StatusInternalServerError {
				log.Error("request", append(attributes, "error", err)...)
			} else {
				log.Info("request", attributes...)
			}
			return nil
		}
	}
}

// method is the request's method where it is one that we know: a made-up one is a made-up label.
func method(c echo.Context) string {
	switch m := c.Request().Method; m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

func route(c echo.Context) string {
	if pattern := c.Path(); pattern != "" {
		return pattern
	}
	return "none"
}

// recovered turns a panic into a 500 page with the id; the process lives.
func recovered(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				reason := recover()
				if reason == nil {
					return
				}
				if reason == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
					panic(reason)
				}
				// The value of a panic may hold what a person typed; where it happened does not.
				log.Error("panic", "id", page.RequestID(c), "route", route(c), "stack", string(debug.Stack()))
				err = echo.ErrInternalServerError
			}()
			return next(c)
		}
	}
}

// guarded sets the headers that keep a page to itself: nothing foreign is loaded, nothing frames it, its
// address goes nowhere, and no cache keeps it unless whoever answers says so.
func guarded(base *url.URL) echo.MiddlewareFunc {
	socket := "ws://" + base.Host
	if base.Scheme == "https" {
		socket = "wss://" + base.Host
	}
	policy := "default-src 'self'; connect-src 'self' " + socket +
		"; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set(echo.HeaderContentSecurityPolicy, policy)
			h.Set(echo.HeaderXContentTypeOptions, "nosniff")
			h.Set(echo.HeaderXFrameOptions, "DENY")
			h.Set(echo.HeaderReferrerPolicy, "same-origin")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
			h.Set(echo.HeaderCacheControl, "private, no-store")
			if base.Scheme == "https" {
				h.Set(echo.HeaderStrictTransportSecurity, "max-age=31536000")
			}
			return next(c)
		}
	}
}

// oneOrigin sends a reader who came by another name of this machine to the base URL, where cookies
// and sockets work. Elsewhere than on loopback that is the proxy's business.
func oneOrigin(base *url.URL) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			name, port, err := net.SplitHostPort(r.Host)
			if err != nil || r.Method != http.MethodGet || isSocket(c) || strings.EqualFold(r.Host, base.Host) ||
				port != base.Port() || !Loopback(name) || !Loopback(base.Hostname()) || !wantsPage(r) {
				return next(c)
			}
			to := *base
			to.Path, to.RawPath, to.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
			return c.Redirect(http.StatusTemporaryRedirect, to.String())
		}
	}
}

func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get(echo.HeaderAccept), "text/html")
}

// Loopback reports whether a host name or address is this machine itself.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && address.IsLoopback()
}

// plainPath knows no address with a NUL: the database's driver drops it, and a place would have two addresses.
func plainPath(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if strings.ContainsRune(c.Request().URL.Path, 0) {
			return fault.Missing()
		}
		return next(c)
	}
}

// plainBody refuses compressed requests: nobody here needs them, and a small one can be huge inside.
func plainBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if encoding := c.Request().Header.Get(echo.HeaderContentEncoding); encoding != "" && encoding != "identity" {
			return echo.ErrUnsupportedMediaType
		}
		return next(c)
	}
}

// sameSite refuses writes that another site made the browser send.
func sameSite(base *url.URL) echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(base.Scheme + "://" + base.Host); err != nil {
		panic("the base URL was checked at start: " + err.Error())
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return fault.New(fault.Forbidden, "This was sent from another site, so we did not take it. Please do it from a page here.").Because(err)
			}
			return next(c)
		}
	}
}

// inTime gives every query of the request its deadline: pgdriver hears deadlines only.
func inTime(patient bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if isSocket(c) {
				return next(c)
			}
			limit := writeTime
			if m := c.Request().Method; !patient && (m == http.MethodGet || m == http.MethodHead) {
				limit = readTime
			}
			ctx, cancel := context.WithTimeout(c.Request().Context(), limit)
			defer cancel()
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		}
	}
}

// seen finds out who asks, in one statement. Help must be there even while the database is not.
func seen(people *accounts.Accounts) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			token := page.SessionToken(c)
			if token == "" || isSocket(c) || strings.HasPrefix(c.Path(), "/static/") {
				return next(c)
			}
			viewer, err := lookUp(c, people, token)
			if away := db.Unavailable(err) && needsNobody(c.Path()); err != nil && !away {
				return err
			}
			if viewer.Renew && c.Request().Method == http.MethodGet && wantsPage(c.Request()) {
				viewer = renewed(c, people, viewer)
			}
			page.SetViewer(c, viewer)
			return next(c)
		}
	}
}

// renewed gives the browser a new session in place of one whose privilege changed. Where that fails the page is theirs all the
// same: another tab was faster, or the next page tries again.
func renewed(c echo.Context, people *accounts.Accounts, viewer accounts.Viewer) accounts.Viewer {
	session, err := people.Renew(c.Request().Context(), viewer)
	if err != nil {
		return viewer
	}
	page.SetSession(c, session)
	viewer.SessionID, viewer.Renew = session.ID, false
	return viewer
}

// lookUp takes as long as a page may take, whatever the request does afterwards; less where the page
// does not depend on it.
func lookUp(c echo.Context, people *accounts.Accounts, token string) (accounts.Viewer, error) {
	limit := readTime
	if needsNobody(c.Path()) {
		limit = readTime / 4
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), limit)
	defer cancel()
	return people.Viewer(ctx, token)
}

func needsNobody(route string) bool {
	switch route {
	case "/help/now", "/rules", "/healthz", "/readyz":
		return true
	}
	return false
}

// addressOf believes X-Forwarded-For from the named proxies only; without any, the peer's address
// counts.
func addressOf(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, proxy := range proxies {
		_, network, err := net.ParseCIDR(proxy.String())
		if err == nil { // a netip.Prefix is always one
			options = append(options, echo.TrustIPRange(network))
		}
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
