// Package web is the site as people reach it: the middleware that every request passes, and each
// half of the house mounted at its paths.
package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/prometheus/client_golang/prometheus"

	"firstdrops/server/accounts"
	"firstdrops/server/accounts/settings"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/groups"
	"firstdrops/server/joining"
	"firstdrops/server/leaving"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/mail"
	"firstdrops/server/search"
	"firstdrops/server/signin"
	"firstdrops/server/words"
	webaccounts "firstdrops/web/accounts"
	webaudit "firstdrops/web/audit"
	webchat "firstdrops/web/chat"
	webdirectory "firstdrops/web/directory"
	webforum "firstdrops/web/forum"
	"firstdrops/web/home"
	webleaving "firstdrops/web/leaving"
	"firstdrops/web/live"
	webmoderation "firstdrops/web/moderation"
	webnotify "firstdrops/web/notify"
	"firstdrops/web/page"
	"firstdrops/web/static"
	webwords "firstdrops/web/words"
)

// Deps is what the site is made of; run.go builds it.
type Deps struct {
	Accounts   *accounts.Accounts
	Settings   *settings.Settings
	Signin     *signin.Signin
	Groups     *groups.Groups
	Joining    *joining.Joining
	Forum      *forum.Forum
	Search     *search.Search
	Chat       *chat.Chat
	Words      *words.Words
	Audit      *audit.Audit
	Directory  *directory.Directory
	Moderation *moderation.Moderation
	Notify     *notify.Notify
	Leaving    *leaving.Leaving
	Live       *live.Live
	Letters    *mail.Folder // shown at /dev/mail; nil where letters are really sent, or people could look

	Base    *url.URL       // the one public origin
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	Limited bool           // FIRSTDROPS_LIMITS
	Patient bool           // no deadline for pages: for tests on a busy machine

	Ping    func(context.Context) error // whether the database answers
	Metrics prometheus.Registerer
	Log     *slog.Logger
	Now     func() time.Time
}

// maxBody bounds every request's body; the longest post is far below.
const maxBody = "1M"

// New builds the site.
func New(d Deps) *echo.Echo {
	e, _ := build(d)
	return e
}

func build(d Deps) (*echo.Echo, *page.Routes) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = page.Error
	e.IPExtractor = addressOf(d.Proxies)
	site := &page.Site{Base: d.Base, Static: static.Prefix(), Now: d.Now}
	e.Use(
		named(site), observed(d.Log, d.Metrics), guarded(d.Base), recovered(d.Log),
		oneOrigin(d.Base), plainBody, middleware.BodyLimit(maxBody), sameSite(d.Base),
		middleware.GzipWithConfig(middleware.GzipConfig{Skipper: isSocket, MinLength: 1024}),
		inTime(d.Patient), seen(d.Accounts), plainPath,
	)
	r := page.NewRoutes(e)
	home.Mount(r, d.Forum, d.Chat)
	webaccounts.Mount(r, webaccounts.Deps{Accounts: d.Accounts, Settings: d.Settings, Signin: d.Signin, Groups: d.Groups, Joining: d.Joining, Directory: d.Directory, Forum: d.Forum, Limits: limits(d.Limited)})
	webforum.Mount(r, d.Forum, d.Search, d.Limited)
	webchat.Mount(r, d.Chat)
	webwords.Mount(r, d.Words, d.Moderation, d.Limited)
	webaudit.Mount(r, d.Audit, d.Accounts, d.Forum)
	webdirectory.Mount(r, d.Directory, d.Forum, d.Limited)
	webmoderation.Mount(r, d.Moderation, d.Forum, d.Limited)
	webnotify.Mount(r, d.Notify, d.Forum, d.Moderation, d.Directory)
	webleaving.Mount(r, d.Leaving)
	r.GET(socketPath, page.Open, func(c echo.Context) error {
		if d.Live.Serve(c.Response(), c.Request(), page.SessionToken(c), c.RealIP()) {
			c.Response().Status = http.StatusSwitchingProtocols // for the log: there is nobody left to answer
		}
		return nil
	})
	r.GET("/static/*", page.Open, file)
	r.GET("/healthz", page.Open, echo.WrapHandler(http.HandlerFunc(Healthy)))
	r.GET("/readyz", page.Open, echo.WrapHandler(Ready(d.Ping)))
	if d.Letters != nil {
		r.GET("/dev/mail", page.Open, letters(d.Letters))
	}
	return e, r
}

func limits(limited bool) webaccounts.Limits {
	if limited {
		return webaccounts.NewLimits()
	}
	return webaccounts.Limits{}
}

// file serves a static file; one that is not there is missing like anything else.
func file(c echo.Context) error {
	if !static.Has(c.Request().URL.Path) {
		return fault.Missing()
	}
	static.Handler().ServeHTTP(c.Response(), c.Request())
	return nil
}

// Healthy says that the process lives.
func Healthy(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") }

// Ready says whether visitors may come: the process serves only after migrations and seeds are in,
// so what is left to ask is the database.
func Ready(ping func(context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		if err := ping(ctx); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "the database does not answer\n")
			return
		}
		_, _ = io.WriteString(w, "ready\n")
	}
}

// letters shows the newest letters that were kept instead of sent.
func letters(folder *mail.Folder) echo.HandlerFunc {
	return func(c echo.Context) error {
		newest, err := folder.Letters(20)
		if err != nil {
			return err
		}
		text := "Letters that would have been sent, the newest first. Set SMTP_URL to send them.\n"
		for _, letter := range newest {
			text += "\n----------------------------------------\n" + letter + "\n"
		}
		return c.String(http.StatusOK, text)
	}
}
