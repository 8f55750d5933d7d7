package page_test

import (
	"net/http"
	"strings"
	"testing"

	"firstdrops/server/platform/fault"
)

func TestWordsComeBackWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	away := fault.New(fault.Unavailable, "We are away.")
	form := "title=Five+weeks&body=Is+it+%3Ctoo%3E+late%3F&key=k-1&reply_to=7"
	html := serve(visit{method: http.MethodPost, target: "/c/relactation/threads", form: form}, fails(away)).Body.String()
	for _, part := range []string{
		`action="/c/relactation/threads"`, "Is it &lt;too&gt; late?</textarea>", `value="Five weeks"`,
		`name="key" value="k-1"`, `name="reply_to" value="7"`, "Send again",
	} {
		if !strings.Contains(html, part) {
			t.Errorf("the page lacks %s:\n%s", part, html)
		}
	}
	for name, v := range map[string]visit{
		"a password":     {method: http.MethodPost, target: "/login", form: "password=secret&body=secret"},
		"no words":       {method: http.MethodPost, target: "/logout", form: "title=secret"},
		"only a reading": {target: "/t/1?body=secret"},
		"another site":   {method: http.MethodPost, target: "//evil.example/", form: "body=secret"},
	} {
		if html := serve(v, fails(away)).Body.String(); strings.Contains(html, "secret") || strings.Contains(html, "evil") {
			t.Errorf("%s came back:\n%s", name, html)
		}
	}
	other := serve(visit{method: http.MethodPost, target: "/t/1/posts", form: "body=secret"}, fails(fault.Missing())).Body.String()
	if strings.Contains(other, "secret") {
		t.Error("a 404 holds something of the request")
	}
}
