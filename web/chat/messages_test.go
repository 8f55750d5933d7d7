package chat_test

import (
	"fmt"
	"net/http"
	"testing"
)

// message is one of the protocol, as a client reads it.
type message struct {
	N, Rev, At, Re      int64
	Author, Label, HTML string
	CMID                string
	Del                 bool
}

type stretch struct {
	Messages []message
	LastN    int64 `json:"last_n"`
	More     *bool
}

func TestHistory(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.join("river")
	for i := range 120 {
		h.says(river, fmt.Sprintf("number %d", i+1))
	}
	for query, want := range map[string]struct {
		from, to int64
		more     bool
	}{
		"":                                    {71, 120, true},
		"?limit=3":                            {118, 120, true},
		"?limit=100":                          {21, 120, true},
		"?limit=101":                          {21, 120, true},
		"?limit=9223372036854775807":          {21, 120, true},
		"?before=71":                          {21, 70, true},
		"?before=21&limit=100":                {1, 20, false},
		"?before=1":                           {0, 0, false},
		"?before=9223372036854775807&limit=1": {120, 120, true},
		"?after=110":                          {111, 120, false},
		"?after=10&limit=5":                   {11, 15, true},
		"?after=120":                          {0, 0, false},
		"?after=9223372036854775807":          {0, 0, false},
		"?around=60&limit=5":                  {58, 62, true},
		"?around=1&limit=4":                   {1, 2, false},
	} {
		w := h.ask(call{path: "/rooms/lounge/messages" + query, accept: asJSON, by: river})
		got := decode[stretch](t, w)
		if w.Code != http.StatusOK || got.Messages == nil || got.More == nil || got.LastN != 120 || *got.More != want.more {
			t.Errorf("%q: %d %.200s", query, w.Code, w.Body)
			continue
		}
		if len(got.Messages) == 0 {
			if want.from != 0 {
				t.Errorf("%q: no messages", query)
			}
			continue
		}
		for i, m := range got.Messages {
			if m.N != want.from+int64(i) {
				t.Fatalf("%q: number %d at place %d", query, m.N, i)
			}
		}
		if last := got.Messages[len(got.Messages)-1].N; last != want.to {
			t.Errorf("%q ends at %d, want %d", query, last, want.to)
		}
	}
}

func TestHistoryRefusesWhatIsNoNumber(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river := h.join("river")
	if w := h.ask(call{path: "/rooms/lounge/messages?limit=some", accept: asJSON, by: river}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("limit=some: %d", w.Code)
	}
	for _, limit := range []string{"0", "-1", "101", "9223372036854775808"} { // clamped
		if w := h.ask(call{path: "/rooms/lounge/messages?limit=" + limit, accept: asJSON, by: river}); w.Code != http.StatusOK {
			t.Errorf("limit=%s: %d", limit, w.Code)
		}
	}
	for _, name := range []string{"before", "after", "around"} {
		for _, value := range []string{"0", "-1", "x", "1.5", "9223372036854775808", "%2B1", "01", "%00"} {
			w := h.ask(call{path: "/rooms/lounge/messages?" + name + "=" + value, accept: asJSON, by: river})
			if p := problemOf(t, w); w.Code != http.StatusUnprocessableEntity || p.Code != "bad_frame" || p.Fields[name] == "" {
				t.Errorf("%s=%s: %d %s", name, value, w.Code, w.Body)
			}
		}
	}
	w := h.ask(call{path: "/rooms/lounge/messages?before=1&after=2", accept: asJSON, by: river})
	if problemOf(t, w).Status != http.StatusUnprocessableEntity {
		t.Errorf("two directions at once: %d", w.Code)
	}
}

func TestHistoryKeepsToItself(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	river, sol := h.join("river"), h.join("sol")
	h.says(river, "planted words")
	removed := h.says(river, "planted too")
	_, err := h.db.ExecContext(t.Context(), `UPDATE messages SET deleted_at = now() WHERE n = ?`, removed)
	must(t, err)
	w := h.ask(call{path: "/rooms/lounge/messages", accept: asJSON, by: sol})
	got := decode[stretch](t, w).Messages
	if got[0].CMID != "" || got[0].Author != "river" || got[0].Label != "peer" || got[0].HTML == "" || got[0].At == 0 {
		t.Errorf("somebody else's message: %+v", got[0])
	}
	if want := (message{N: removed, Rev: got[1].Rev, Del: true}); got[1] != want {
		t.Errorf("a removed message: %+v", got[1])
	}
	if w.Header().Get("Cache-Control") != "private, no-store" {
		t.Errorf("kept by caches: %q", w.Header().Get("Cache-Control"))
	}
	w = h.ask(call{path: "/rooms/lounge/messages", accept: "text/html", by: sol})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/rooms/lounge" {
		t.Errorf("a browser is sent %d to %q", w.Code, w.Header().Get("Location"))
	}
	w = h.ask(call{path: "/rooms/no-such-room/messages", accept: asJSON, by: sol})
	if problemOf(t, w).Status != http.StatusNotFound {
		t.Errorf("a room that is not there: %d", w.Code)
	}
}
