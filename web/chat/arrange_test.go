package chat_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func (h *house) arrange(by member, path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.ask(call{method: http.MethodPost, path: path, kind: asForm, accept: "text/html", body: form.Encode(), by: by})
}

func (h *house) promoted(handle, role string) member {
	h.t.Helper()
	who := h.join(handle)
	_, err := h.db.ExecContext(h.t.Context(), `UPDATE people SET role = ? WHERE id = ?`, role, who.ID)
	must(h.t, err)
	_, err = h.db.ExecContext(h.t.Context(), `UPDATE sessions SET second_factor = true WHERE person_id = ?`, who.ID)
	must(h.t, err)
	return who
}

func TestRoomsAreArrangedOnAPage(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	ada := h.promoted("ada", "administrator")
	form := url.Values{"slug": {"early-birds"}, "name": {"Early birds"}, "about": {"Before six"}, "topic": {"Softly."}, "position": {"x"}}
	w := h.arrange(ada, "/admin/rooms", form)
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `value="Before six"`) || !strings.Contains(body, `href="#position"`) {
		t.Errorf("a place that is no number: %d", w.Code)
	}
	form.Set("position", "2")
	if w := h.arrange(ada, "/admin/rooms", form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/admin/rooms" {
		t.Errorf("added: %d to %q", w.Code, w.Header().Get("Location"))
	}
	list := h.ask(call{path: "/admin/rooms", by: ada}).Body.String()
	for _, part := range []string{`href="/admin/rooms/early-birds"`, `href="/admin/people"`, `href="/admin/categories"`, "Early birds"} {
		if !strings.Contains(list, part) {
			t.Errorf("the list lacks %s", part)
		}
	}
	form.Set("name", "Larks")
	form.Del("slug") // an address stays
	if w := h.arrange(ada, "/admin/rooms/early-birds", form); w.Code != http.StatusSeeOther {
		t.Errorf("changed: %d", w.Code)
	}
	if page := h.ask(call{path: "/rooms/early-birds", by: ada}).Body.String(); !strings.Contains(page, "Larks") || !strings.Contains(page, "Softly.") {
		t.Error("the room does not show its new name")
	}
	form.Set("name", "")
	w = h.arrange(ada, "/admin/rooms/early-birds", form)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="Softly."`) {
		t.Errorf("without a name: %d", w.Code)
	}
	form.Set("name", "Larks")
	for _, path := range []string{"/admin/rooms/nowhere", "/admin/rooms/No"} {
		if w := h.arrange(ada, path, form); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := h.arrange(h.promoted("maya", "moderator"), "/admin/rooms", form); w.Code != http.StatusNotFound {
		t.Errorf("a moderator: %d", w.Code)
	}
}
