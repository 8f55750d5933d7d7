package accounts_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	web "firstdrops/web/accounts"
)

func TestJoinByForm(t *testing.T) {
	t.Parallel()
	h := open(t)
	asked := h.get("/signup")
	wantStatus(t, asked, http.StatusOK)
	form := read(t, asked)
	for _, field := range []string{"handle", "email", "password", "rules"} {
		input := form.named(field)
		if input == nil || form.find(func(e document) bool { return e.Data == "label" && (e.attr("for") == field || e.named(field) != nil) }) == nil {
			t.Errorf("%s has no label", field)
		}
	}
	if form.named("rules").has("checked") {
		t.Error("the rules are kept before they are read")
	}
	cookie := h.join("wren")
	page := read(t, h.get("/u/wren", cookie)).text()
	if !strings.Contains(page, "Peer experience") || !strings.Contains(page, "Your e-mail is never shown") {
		t.Errorf("own profile: %s", page)
	}
	wantSent(t, h.get("/signup", cookie), "/")
	wantSent(t, h.get("/login", cookie), "/")
	wantSent(t, h.post("/signup", joining("sparrow"), cookie), "/")
	wantStatus(t, h.get("/u/sparrow"), http.StatusNotFound)
}

func TestARefusedSignUpKeepsTheWords(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.join("wren")
	typed := url.Values{"handle": {"wren"}, "email": {`"><b>no`}, "password": {"milkmilkmil"}, "rules": {"1"}, "next": {"/rooms"}}
	response := h.post("/signup", typed)
	wantStatus(t, response, http.StatusUnprocessableEntity)
	if len(response.cookies) != 0 || strings.Contains(response.body, "milkmilkmil") {
		t.Error("a refused sign-up set a cookie or showed the password")
	}
	form := read(t, h.post("/signup", typed))
	for field, words := range map[string]string{"handle": "Somebody has “wren” already. Free: wren-at-three, wren-again", "email": "does not look like", "password": "It needs 4 more"} {
		if got := form.faultAt(t, field); !strings.Contains(got, words) {
			t.Errorf("%s: %q, want %q", field, got, words)
		}
	}
	if form.id("handle").attr("value") != "wren" || form.id("email").attr("value") != `"><b>no` || form.id("password").attr("value") != "" {
		t.Error("the words changed")
	}
	if !form.id("rules").has("checked") || form.named("next").attr("value") != "/rooms" {
		t.Error("the tick or the way on is lost")
	}
	if text := form.text(); !strings.Contains(text, "3 things need another look") || !strings.Contains(text, "All that you typed is kept") {
		t.Error("no summary")
	}
}

func TestSignUpByProgram(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/signup", strings.NewReader("handle=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	response := h.ask(r)
	wantStatus(t, response, http.StatusUnprocessableEntity)
	if body := response.body; !strings.HasPrefix(response.header.Get("Content-Type"), "application/problem+json") || !strings.Contains(body, `"email":`) {
		t.Errorf("got %s", body)
	}
}

func TestStrangeBodiesAreRefusedClearly(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, strange := range []struct {
		kind, body string
		status     int
	}{
		{"application/x-www-form-urlencoded", "handle=%zz", http.StatusBadRequest},
		{"application/x-www-form-urlencoded", "", http.StatusUnprocessableEntity},
		{"application/x-www-form-urlencoded", "password=%00%ff&next=%ff", http.StatusUnprocessableEntity},
		{"application/json", `{"handle":"wren"}`, http.StatusUnsupportedMediaType},
		{"multipart/form-data; boundary=x", "--x--", http.StatusUnsupportedMediaType},
		{"text/plain", "handle=wren", http.StatusUnsupportedMediaType},
		{";;;", "handle=wren", http.StatusUnsupportedMediaType},
	} {
		for _, path := range []string{"/signup", "/login"} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(strange.body))
			r.Header.Set("Content-Type", strange.kind)
			if got := h.ask(r).status; got != strange.status {
				t.Errorf("%s %s %q: %d, want %d", path, strange.kind, strange.body, got, strange.status)
			}
		}
	}
}

func TestTooManySignUpsFromOnePlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "http://localhost:8080", web.NewLimits())
	try := func(address string) answer {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/signup", strings.NewReader("handle=Wren+at+three&rules=1"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", "203.0.113."+address[len(address)-7:len(address)-6])
		r.RemoteAddr = address
		return h.ask(r)
	}
	for n := range 20 {
		if got := try("198.51.100.7:12345").status; got != http.StatusUnprocessableEntity {
			t.Fatalf("try %d: %d", n, got)
		}
	}
	var last answer
	for range 41 {
		last = try("198.51.100.7:54321")
	}
	wantStatus(t, last, http.StatusTooManyRequests)
	if last.header.Get("Retry-After") == "" {
		t.Error("no word on when to come back")
	}
	if form := read(t, last); form.id("handle").attr("value") != "Wren at three" || !strings.Contains(form.text(), "a lot in a short time") {
		t.Error("the words are lost")
	}
	wantStatus(t, try("198.51.100.8:12345"), http.StatusUnprocessableEntity)
	for range 60 {
		try("[2001:db8:1:2::7]:12345")
	}
	wantStatus(t, try("[2001:db8:1:2:ffff::8]:12345"), http.StatusTooManyRequests)
	wantStatus(t, try("[2001:db8:1:3::7]:12345"), http.StatusUnprocessableEntity)
}
