package chat_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestRoomsAreNamedToGuestsAndNoMore(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.says(h.join("river"), "planted words")
	w := h.ask(call{path: "/rooms"})
	html := w.Body.String()
	for _, part := range []string{"Lounge", "Pump together", "Night feeds", "members only", `href="/signup?next=%2Frooms"`} {
		if !strings.Contains(html, part) {
			t.Errorf("the list lacks %q", part)
		}
	}
	for _, part := range []string{"planted", "/rooms/lounge", " here</", " new<", "river"} {
		if strings.Contains(html, part) {
			t.Errorf("the list tells a guest %q", part)
		}
	}
}

func TestRoomsTellMembersWhatIsNew(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.join("river")
	for range 3 {
		h.says(river, "hello")
	}
	page := pageOf(t, h.ask(call{path: "/rooms", by: h.join("sol")})).text()
	for _, words := range []string{"Lounge", "3 new", "Quiet just now"} {
		if !strings.Contains(page, words) {
			t.Errorf("the list lacks %q: %s", words, page)
		}
	}
}

func TestGuestsCannotTellARoomFromNone(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.says(h.join("river"), "planted words")
	for _, path := range []string{"/rooms/%s", "/rooms/%s?re=1", "/rooms/%s?before=x", "/rooms/%s/messages", "/rooms/%s/messages?before=0"} {
		for _, accept := range []string{"text/html", asJSON} {
			answers := map[string]bool{}
			for _, slug := range []string{"lounge", "no-such-room"} {
				w := h.ask(call{path: strings.ReplaceAll(path, "%s", slug), accept: accept})
				if w.Code != http.StatusNotFound {
					t.Errorf("%s of %s: %d", path, slug, w.Code)
				}
				answers[strings.ReplaceAll(w.Body.String(), w.Header().Get("X-Request-Id"), "ID")] = true
			}
			if len(answers) != 1 {
				t.Errorf("%s as %s: a guest can tell which room is there", path, accept)
			}
		}
	}
}

func TestGuestsAreAskedToSignInBeforeTheyWrite(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	for _, slug := range []string{"lounge", "no-such-room"} {
		path := "/rooms/" + slug + "/messages"
		w := h.ask(call{method: http.MethodPost, path: path, kind: asForm, body: "body=x"})
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/login" {
			t.Errorf("a form: %d to %q", w.Code, w.Header().Get("Location"))
		}
		w = h.ask(call{method: http.MethodPost, path: path, kind: asJSON, body: "{}", accept: asJSON})
		if w.Code != http.StatusUnauthorized {
			t.Errorf("JSON: %d", w.Code)
		}
	}
}
