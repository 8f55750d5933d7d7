package page_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"firstdrops/server/platform/fault"
	"firstdrops/web/page"
)

func TestID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1": 1, "42": 42, "9223372036854775807": 9223372036854775807,
		"": 0, "0": 0, "-1": 0, "+1": 0, "01": 0, "1.0": 0, "1e3": 0, "0x1f": 0, "1_000": 0, " 1": 0, "1 ": 0,
		"9223372036854775808": 0, "99999999999999999999999": 0, "seven": 0, "１": 0, "1\x00": 0,
	} {
		c := echo.New().NewContext(nil, nil)
		c.SetParamNames("id")
		c.SetParamValues(text)
		got, err := page.ID(c, "id")
		if got != want || (want == 0) != fault.Is(err, fault.NotFound) {
			t.Errorf("%q is %d, %v", text, got, err)
		}
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"/", "/rooms", "/rooms/night-feeds", "/t/7/a-slug?after=20#p-9", "/c/house/", "/search?q=a%20b", "/t/1/%C3%A9t%C3%A9", "/?a=//b",
	} {
		if got, ok := page.LocalPath(good); !ok || got != good {
			t.Errorf("%q became %q, %t", good, got, ok)
		}
	}
	for _, evil := range []string{
		"", " ", "rooms", "./rooms", "../rooms", "?next=/", "#top", "//evil.example", "///evil.example", "////evil.example",
		"/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example",
		"\t//evil.example", " //evil.example", "/ /evil.example", "http://evil.example", "https:evil.example", "HTTPS://evil.example/",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "mailto:a@evil.example", "/.//evil.example", "/..//evil.example",
		"/a/../../b", "/rooms//evil", "/%5Cevil.example", "/%09/evil.example", "/%0d%0aSet-Cookie:x=1", "/%2F/evil.example", "/\x00",
		"/a\xffb", "/\u202eevil", "/\u200b/evil.example", "/\u00a0/evil", "/%zz", "//user@evil.example", "/@evil.example\\..", "/" + strings.Repeat("a", 2001),
	} {
		if got, ok := page.LocalPath(evil); ok {
			t.Errorf("%q was taken as %q", evil, got)
		}
	}
}

func TestWantsJSON(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "text/html": false, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": false,
		"application/json": true, "Application/JSON": true, "application/problem+json": true, "application/json, text/plain, */*": true,
		"text/html, application/json": false,
	} {
		serve(visit{target: "/", accept: accept}, func(c echo.Context) error {
			if got := page.WantsJSON(c); got != want {
				t.Errorf("%q: %t", accept, got)
			}
			return nil
		})
	}
}

func TestCameFrom(t *testing.T) {
	t.Parallel()
	for referer, want := range map[string]string{
		"":                                "/",
		"http://localhost:8080/rooms?a=1": "/rooms?a=1",
		"http://localhost:8080":           "/",
		"http://localhost:8080//evil":     "/",
		"http://evil.example/rooms":       "/",
		"https://localhost/rooms":         "/",
		"about:blank":                     "/",
		"%":                               "/",
	} {
		serve(visit{method: http.MethodPost, target: "/theme", referer: referer}, func(c echo.Context) error {
			if got := page.CameFrom(c); got != want {
				t.Errorf("%q: back to %q", referer, got)
			}
			return nil
		})
	}
}

// TestAFormHasTheFieldsOfItsRoute, each once, but those that the route takes several times.
func TestAFormHasTheFieldsOfItsRoute(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]int{
		"": http.StatusNoContent, "title=a": http.StatusNoContent, "title=": http.StatusNoContent, "title=a&tag=b&tag=c": http.StatusNoContent,
		"tag=b": http.StatusNoContent, "title=a&title=a": http.StatusBadRequest, "name=a": http.StatusBadRequest, "title=a&name": http.StatusBadRequest,
		"Title=a": http.StatusBadRequest, "title%5B%5D=a": http.StatusBadRequest, "tag...=a": http.StatusBadRequest, "=a": http.StatusBadRequest, "title=%zz": http.StatusBadRequest,
	} {
		for query, want := range map[string]int{"": want, "?": want, "?title=a": http.StatusBadRequest, "?x": http.StatusBadRequest} {
			for _, charset := range []string{"", "; charset=utf-8"} {
				got := serve(visit{method: http.MethodPost, target: "/t" + query, form: form, charset: charset}, func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
				if got.Code != want {
					t.Errorf("%q to %q%s: %d, want %d", form, query, charset, got.Code, want)
				}
			}
		}
	}
}

// TestNothingIsAnEmptyForm, as clients send it who have nothing to say; something of another kind is none.
func TestNothingIsAnEmptyForm(t *testing.T) {
	t.Parallel()
	read := func(c echo.Context) error {
		if form, err := page.Form(c); err != nil || len(form) != 0 {
			return errors.Join(err, errors.New("a field"))
		}
		return c.NoContent(http.StatusNoContent)
	}
	if got := serve(visit{method: http.MethodPost, target: "/t"}, read); got.Code != http.StatusNoContent {
		t.Errorf("nothing: %d", got.Code)
	}
}
