package page_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

func fails(err error) echo.HandlerFunc {
	return func(echo.Context) error { return err }
}

var refusals = []struct {
	name   string
	err    error
	status int
	retry  string // Retry-After
}{
	{"invalid", fault.Field("title", "Please give it a title."), 422, ""},
	{"forbidden", fault.New(fault.Forbidden, "Only who wrote it can edit it."), 403, ""},
	{"missing", fault.Missing(), 404, ""},
	{"conflict", fault.New(fault.Conflict, "It was edited meanwhile."), 409, ""},
	{"too many", fault.SlowDown(2500 * time.Millisecond), 429, "3"},
	{"too many, without a time", fault.New(fault.TooMany, "Slower, please."), 429, "5"},
	{"unavailable", fault.New(fault.Unavailable, "We are away."), 503, "5"},
	{"too large", fault.New(fault.TooLarge, "Too large."), 413, ""},
	{"wrapped", fmt.Errorf("reading: %w", fmt.Errorf("deeper: %w", fault.Missing())), 404, ""},
	{"of a kind that nobody knows", fault.New(fault.Kind(99), "?"), 500, ""},
	{"internal", errors.New("secret: connection string"), 500, ""},
	{"a deadline", fmt.Errorf("reading: %w", context.DeadlineExceeded), 503, "5"},
	{"a person who has gone", fmt.Errorf("reading: %w", context.Canceled), 503, "5"},
	{"of echo, not found", echo.ErrNotFound, 404, ""},
	{"of echo, wrapped", fmt.Errorf("binding: %w", echo.ErrBadRequest), 400, ""},
	{"of echo, method", echo.ErrMethodNotAllowed, 405, ""},
	{"of echo, too large", echo.ErrStatusRequestEntityTooLarge, 413, ""},
	{"of echo, too many", echo.ErrTooManyRequests, 429, "5"},
	{"of echo, unavailable", echo.ErrServiceUnavailable, 503, "5"},
	{"of echo, internal", echo.NewHTTPError(500, "secret: panic"), 500, ""},
}

func TestErrorIsAPage(t *testing.T) {
	t.Parallel()
	for _, refusal := range refusals {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			v := visit{method: method, target: "/t/7/planted-title"}
			if method == http.MethodGet {
				v.target += "?q=planted"
			}
			got := serve(v, fails(refusal.err))
			html := got.Body.String()
			if got.Code != refusal.status || got.Header().Get("Retry-After") != refusal.retry {
				t.Errorf("%s %s: status %d, Retry-After %q", method, refusal.name, got.Code, got.Header().Get("Retry-After"))
			}
			for _, part := range []string{"<h1>", "request-7", `href="/help/now"`, `<main id="main"`} {
				if !strings.Contains(html, part) {
					t.Errorf("%s %s: the page lacks %s", method, refusal.name, part)
				}
			}
			if strings.Contains(html, "planted") || strings.Contains(html, "secret") {
				t.Errorf("%s %s: the page tells the path or the cause: %s", method, refusal.name, html)
			}
			if got.Header().Get("Cache-Control") != "private, no-store" {
				t.Errorf("%s %s: Cache-Control %q", method, refusal.name, got.Header().Get("Cache-Control"))
			}
		}
	}
}

func TestErrorIsAProblem(t *testing.T) {
	t.Parallel()
	for _, refusal := range refusals {
		got := serve(visit{method: http.MethodPost, target: "/planted", accept: "application/json"}, fails(refusal.err))
		var problem struct {
			Type, Title, Detail, Code string
			Status                    int
			RequestID                 string `json:"request_id"`
			Fields                    map[string]string
		}
		if err := json.Unmarshal(got.Body.Bytes(), &problem); err != nil {
			t.Fatalf("%s: %v in %s", refusal.name, err, got.Body)
		}
		if got.Code != refusal.status || problem.Status != refusal.status || got.Header().Get("Retry-After") != refusal.retry {
			t.Errorf("%s: status %d, in the problem %d", refusal.name, got.Code, problem.Status)
		}
		if got.Header().Get("Content-Type") != "application/problem+json" || problem.Type != "about:blank" ||
			problem.Title == "" || problem.Detail == "" || problem.RequestID != "request-7" {
			t.Errorf("%s: %s as %s", refusal.name, got.Body, got.Header().Get("Content-Type"))
		}
		if strings.Contains(got.Body.String(), "planted") || strings.Contains(got.Body.String(), "secret") {
			t.Errorf("%s: the problem tells the path or the cause: %s", refusal.name, got.Body)
		}
	}
}

func TestProblemNamesFieldsAndCode(t *testing.T) {
	t.Parallel()
	err := fault.Field("body", "Please write something.").Coded("empty")
	got := serve(visit{target: "/", accept: "application/json"}, fails(err)).Body.String()
	for _, part := range []string{`"code":"empty"`, `"fields":{"body":"Please write something."}`} {
		if !strings.Contains(got, part) {
			t.Errorf("the problem lacks %s: %s", part, got)
		}
	}
}

func TestErrorPageNamesEachFault(t *testing.T) {
	t.Parallel()
	err := fault.Fields(map[string]string{"title": "Too short.", "body": "Empty."})
	got := serve(visit{target: "/"}, fails(err)).Body.String()
	if !strings.Contains(got, "<li>Empty.</li><li>Too short.</li>") {
		t.Errorf("the page does not name the faults in order: %s", got)
	}
}

func TestErrorOnHeadHasNoBody(t *testing.T) {
	t.Parallel()
	for _, refusal := range refusals {
		for _, accept := range []string{"", "application/json"} {
			got := serve(visit{method: http.MethodHead, target: "/", accept: accept}, fails(refusal.err))
			if got.Code != refusal.status || got.Body.Len() > 0 {
				t.Errorf("%s: HEAD gave %d and %d bytes", refusal.name, got.Code, got.Body.Len())
			}
		}
	}
}

func TestMissingPagesAreTheSameBytes(t *testing.T) {
	t.Parallel()
	answer := func(accept, target string, h echo.HandlerFunc) string {
		got := site(visit{target: target, accept: accept}, func(r *page.Routes) {
			r.GET("/t/:id/:slug", page.Open, h)
			r.GET("/mod", page.Moderators, h)
		})
		return fmt.Sprint(got.Code, got.Header(), got.Body)
	}
	byID := func(c echo.Context) error {
		_, err := page.ID(c, "id")
		return err
	}
	for _, accept := range []string{"text/html", "application/json"} {
		unknown := answer(accept, "/nowhere/at/all", byID)
		for name, other := range map[string]string{
			"hidden":        answer(accept, "/t/7/slug", fails(fmt.Errorf("reading: %w", fault.Missing().Because(errors.New("members only"))))),
			"a bad id":      answer(accept, "/t/07/slug", byID),
			"behind guards": answer(accept, "/mod", byID),
			"echo's own":    answer(accept, "/t/7/slug", fails(echo.ErrNotFound)),
		} {
			if other != unknown {
				t.Errorf("%s differs from unknown:\n%s\n%s", name, other, unknown)
			}
		}
	}
}

func TestGuestsAreAskedToSignIn(t *testing.T) {
	t.Parallel()
	ask := fails(fault.New(fault.Unauthenticated, "Please sign in first."))
	for _, c := range []struct {
		visit    visit
		status   int
		location string
	}{
		{visit{target: "/settings?tab=1"}, 303, "/login?next=" + url.QueryEscape("/settings?tab=1")},
		{visit{target: "//evil.example/x"}, 303, "/login"},
		{visit{method: http.MethodPost, target: "/t/7/posts"}, 303, "/login"},
		{visit{target: "/settings", accept: "application/json"}, 401, ""},
		{visit{method: http.MethodPost, target: "/t/7/posts", accept: "application/json"}, 401, ""},
	} {
		got := serve(c.visit, ask)
		if got.Code != c.status || got.Header().Get("Location") != c.location {
			t.Errorf("%s %s: %d to %q", c.visit.method, c.visit.target, got.Code, got.Header().Get("Location"))
		}
	}
}

func TestErrorPageComesAfterTheDeadlineToo(t *testing.T) {
	t.Parallel()
	got := serve(visit{target: "/"}, func(c echo.Context) error {
		ctx, cancel := context.WithCancel(c.Request().Context())
		cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return context.DeadlineExceeded
	})
	if got.Code != http.StatusServiceUnavailable || !strings.Contains(got.Body.String(), "<h1>Back in a moment</h1>") {
		t.Errorf("%d: %s", got.Code, got.Body)
	}
}

func TestErrorAfterTheAnswerBeganSaysNothing(t *testing.T) {
	t.Parallel()
	got := serve(visit{target: "/"}, func(c echo.Context) error {
		if err := c.String(http.StatusOK, "said"); err != nil {
			return err
		}
		return errors.New("too late")
	})
	if got.Code != http.StatusOK || got.Body.String() != "said" {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

func TestErrorDropsCachingMeantForTheAnswer(t *testing.T) {
	t.Parallel()
	got := serve(visit{target: "/"}, func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=60")
		return fault.Missing()
	})
	if cache := got.Header().Get("Cache-Control"); cache != "private, no-store" {
		t.Errorf("Cache-Control is %q", cache)
	}
}
