package chat_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/platform/ratelimit"
)

const messagesPath = "/rooms/lounge/messages"

func (h *house) postJSON(by member, path string, body any) *httptest.ResponseRecorder {
	h.t.Helper()
	data, err := json.Marshal(body)
	must(h.t, err)
	return h.ask(call{method: http.MethodPost, path: path, kind: asJSON, accept: asJSON, body: string(data), by: by})
}

func (h *house) postForm(by member, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.ask(call{method: http.MethodPost, path: messagesPath, kind: asForm, accept: "text/html", body: form.Encode(), by: by})
}

type fields map[string]any

func TestSendTwiceIsOnce(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.join("river")
	cmid := uuid.NewString()
	type acked struct {
		N, Seq, At int64
		Dup        bool
	}
	w := h.postJSON(river, messagesPath, fields{"cmid": cmid, "body": "hello"})
	first := decode[acked](t, w)
	if w.Code != http.StatusOK || first.N != 1 || first.Seq != 1 || first.At == 0 || first.Dup {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	again := decode[acked](t, h.postJSON(river, messagesPath, fields{"cmid": cmid, "body": "other words"}))
	if first.Dup = true; again != first {
		t.Errorf("again: %+v, want %+v", again, first)
	}
	w = h.postForm(river, url.Values{"cmid": {cmid}, "body": {"as a form"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/rooms/lounge#m-1" {
		t.Errorf("as a form: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if kept := h.history(river); len(kept) != 1 || !strings.Contains(kept[0].HTML, "hello") {
		t.Errorf("kept: %+v", kept)
	}
}

func (h *house) history(by member) []message {
	h.t.Helper()
	return decode[stretch](h.t, h.ask(call{path: messagesPath, accept: asJSON, by: by})).Messages
}

func TestSendIsRefusedWithAStatusAndACode(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.join("river")
	cmid := uuid.NewString()
	long := strings.Repeat("é", 4001)
	quote := func(s string) string { return strconv.Quote(s) }
	good := `{"cmid":` + quote(cmid) + `,"body":"hello"}`
	for name, c := range map[string]struct {
		path, kind, body string
		status           int
		code             string
	}{
		"empty":             {messagesPath, asJSON, `{"cmid":` + quote(cmid) + `,"body":" \n "}`, 422, "empty"},
		"unseen":            {messagesPath, asJSON, `{"cmid":` + quote(cmid) + `,"body":"\u200b"}`, 422, "empty"},
		"too long":          {messagesPath, asJSON, `{"cmid":` + quote(cmid) + `,"body":` + quote(long) + `}`, 422, "too_long"},
		"NUL":               {messagesPath, asJSON, `{"cmid":` + quote(cmid) + `,"body":"a\u0000b"}`, 422, "bad_frame"},
		"no cmid":           {messagesPath, asJSON, `{"body":"hello"}`, 422, "bad_frame"},
		"a strange cmid":    {messagesPath, asJSON, `{"cmid":"{` + cmid + `}","body":"hello"}`, 422, "bad_frame"},
		"another shape":     {messagesPath, asJSON, `[1,2]`, 422, "bad_frame"},
		"body is a number":  {messagesPath, asJSON, `{"cmid":` + quote(cmid) + `,"body":7}`, 422, "bad_frame"},
		"re is a word":      {messagesPath, asJSON, `{"cmid":` + quote(cmid) + `,"body":"x","re":"1"}`, 422, "bad_frame"},
		"re is negative":    {messagesPath, asJSON, `{"cmid":` + quote(cmid) + `,"body":"x","re":-1}`, 422, "bad_frame"},
		"re is not there":   {messagesPath, asJSON, `{"cmid":` + quote(cmid) + `,"body":"x","re":99}`, 404, "not_found"},
		"cut off":           {messagesPath, asJSON, good[:20], 422, "bad_frame"},
		"two objects":       {messagesPath, asJSON, good + good, 422, "bad_frame"},
		"no JSON at all":    {messagesPath, asJSON, ``, 422, "bad_frame"},
		"no UTF-8":          {messagesPath, asJSON, `{"cmid":` + quote(cmid) + `,"body":"` + "\xff" + `"}`, 422, "bad_frame"},
		"text":              {messagesPath, "text/plain", good, 415, ""},
		"of no type":        {messagesPath, "", good, 415, ""},
		"of a broken type":  {messagesPath, "application/json; =", good, 415, ""},
		"2 MB":              {messagesPath, asJSON, `{"body":"` + strings.Repeat("x", 2<<20) + `"}`, 413, ""},
		"a form of 2 MB":    {messagesPath, asForm, "body=" + strings.Repeat("x", 2<<20), 413, ""},
		"a broken form":     {messagesPath, asForm, "body=%zz", 400, ""},
		"a form's odd re":   {messagesPath, asForm, "body=x&re=one&cmid=" + cmid, 422, "bad_frame"},
		"no room":           {"/rooms/no-such-room/messages", asJSON, good, 404, "not_found"},
		"a room of no name": {"/rooms/%00/messages", asJSON, good, 404, "not_found"},
	} {
		w := h.ask(call{method: http.MethodPost, path: c.path, kind: c.kind, accept: asJSON, body: c.body, by: river})
		if p := problemOf(t, w); w.Code != c.status || p.Status != c.status || p.Code != c.code {
			t.Errorf("%s: %d %q, want %d %q: %.200s", name, w.Code, p.Code, c.status, c.code, w.Body)
		}
	}
	if kept := h.history(river); len(kept) != 0 {
		t.Errorf("something was kept: %+v", kept)
	}
}

func TestSendTooFastIsAskedToWait(t *testing.T) {
	t.Parallel()
	h := open(t, ratelimit.New(1, time.Minute))
	river := h.join("river")
	h.says(river, "the first")
	w := h.postJSON(river, messagesPath, fields{"cmid": uuid.NewString(), "body": "the second"})
	if p := problemOf(t, w); w.Code != http.StatusTooManyRequests || p.Code != "rate" {
		t.Errorf("%d %q", w.Code, p.Code)
	}
	if seconds, err := strconv.Atoi(w.Header().Get("Retry-After")); err != nil || seconds < 1 || seconds > 60 {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	w = h.postForm(river, url.Values{"cmid": {uuid.NewString()}, "body": {"typed words"}})
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || pageOf(t, w).the(t, "aria-describedby").text() != "typed words" {
		t.Errorf("a form: %d, Retry-After %q, or the words are gone", w.Code, w.Header().Get("Retry-After"))
	}
}

// A browser without JavaScript: the form of the page, as it stands.
func TestFormWorksAndKeepsEveryWord(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river, sol := h.join("river"), h.join("sol")
	asked := h.says(sol, "Who is with me?")
	page := pageOf(t, h.ask(call{path: "/rooms/lounge?re=" + strconv.FormatInt(asked, 10), by: river}))
	if answering := page.the(t, "data-answering").text(); !strings.Contains(answering, "to sol: Who is with me?") {
		t.Errorf("the composer says %q", answering)
	}
	form := formOf(page.the(t, "data-say"))
	form.Set("body", strings.Repeat("much ", 1000))
	w := h.postForm(river, form)
	back := pageOf(t, w)
	if w.Code != http.StatusUnprocessableEntity || back.the(t, "aria-describedby").text() != strings.TrimSpace(form.Get("body")) {
		t.Fatalf("too long: %d, or the words are gone", w.Code)
	}
	if back.the(t, "data-fault").text() == "" || !strings.Contains(back.the(t, "data-answering").text(), "to sol") {
		t.Error("the room says neither what is wrong nor what is answered")
	}
	form = formOf(back.the(t, "data-say"))
	form.Set("body", "I am")
	w = h.postForm(river, form)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/rooms/lounge#m-2" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if kept := h.history(river); len(kept) != 2 || kept[1].Re != asked {
		t.Errorf("kept: %+v", kept)
	}
	quick := formOf(page.the(t, "data-quick"))
	quick.Set("body", "Here too")
	if w = h.postForm(river, quick); w.Code != http.StatusSeeOther || len(h.history(river)) != 3 {
		t.Errorf("one tap: %d", w.Code)
	}
}

// formOf are the hidden fields of a form.
func formOf(form element) url.Values {
	values := url.Values{}
	for _, input := range form.all("type") {
		name, _ := input.attr("name")
		value, _ := input.attr("value")
		values.Set(name, value)
	}
	return values
}
