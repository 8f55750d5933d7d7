package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestAPanicIsAPageAndTheProcessLives(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.broken()
	guest := h.guest()
	broken := guest.get("/broken/perilous-word").want(http.StatusInternalServerError)
	id := broken.header.Get("X-Request-Id")
	broken.shows("Something went wrong here", id)
	broken.lacks("perilous", "panic", "goroutine")
	guest.get("/rules").want(http.StatusOK)

	var problem map[string]any
	answered := guest.get("/broken/perilous-word", "Accept", "application/json").want(http.StatusInternalServerError)
	h.must(json.Unmarshal([]byte(answered.body), &problem))
	if problem["request_id"] != answered.header.Get("X-Request-Id") || problem["status"] != 500.0 {
		t.Errorf("the problem is %v", problem)
	}
	panics := h.log.lines(t, "panic")
	if len(panics) != 2 || panics[0]["id"] != id || panics[0]["route"] != "/broken/:word" || !strings.Contains(fmt.Sprint(panics[0]["stack"]), "broken") {
		t.Errorf("the log says %v", panics)
	}
	if strings.Contains(h.log.String(), "perilous") {
		t.Errorf("the log tells what the panic said: %s", h.log)
	}
}

// planted is in everything that a person types or sends in these tests, in one spelling that nothing here has.
const planted = "zanzibarine"

// TestTheLogTellsNothingThatPeopleWrote lets somebody write the planted word wherever there is room, take wrong turns,
// and be refused by Postgres itself.
func TestTheLogTellsNothingThatPeopleWrote(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.broken()
	p := h.guest()
	requests := 0
	ask := func(method, at, body string, header ...string) answer {
		requests++
		return p.ask(method, at, body, append(header, "User-Agent", planted, "Referer", h.base.String()+"/"+planted)...)
	}
	fields := func(pairs ...string) string {
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return form.Encode()
	}
	ask("POST", "/signup", fields("handle", planted, "email", planted+"@mail.example", "password", planted)).want(422)
	ask("POST", "/signup", fields("handle", planted, "email", planted+"@mail.example", "password", password, "rules", "1")).want(303)
	ask("POST", "/theme", fields("theme", planted)).want(422)
	ask("POST", "/drafts", fields("target", planted, "body", planted)).want(404)
	ask("POST", "/words", fields("title", planted, "body", planted+" domperidone 10 mg")).want(200)
	to := ask("POST", "/c/house/threads", fields("title", planted, "body", planted)).to()
	reply := fields("body", planted, "key", uuid.NewString())
	place := ask("POST", strings.TrimSuffix(to, "/"+planted)+"/posts", reply).to()
	ask("POST", "/p/2/edit", fields("body", planted+" again", "version", "7")).want(409)
	ask("POST", "/p/2/edit", fields("body", planted+" again", "version", planted)).want(422)
	ask("POST", "/rooms/lounge/messages", fields("body", planted, "cmid", uuid.NewString())).want(303)
	ask("POST", "/rooms/"+planted+"/messages", fields("body", planted, "cmid", uuid.NewString())).want(404)
	ask("POST", "/rooms/lounge/messages", `{"body":"`+planted, "Content-Type", "application/json").want(422)
	for at, status := range map[string]int{
		place: 200, "/u/" + planted: 200, "/u/" + planted + "-2": 404, "/" + planted: 404, "/c/" + planted: 404, "/t/1/" + planted + "-2": 303,
		"/c/house?before=" + planted: 404, "/help/now?country=" + planted: 200, "/rooms/lounge?before=" + planted: 422,
		"/login/link/" + planted: 404, "/static/" + planted: 404, "/ws?" + planted: 403, "/broken/" + planted: 500,
	} {
		ask("GET", at, "").want(status)
	}
	h.exec("SET LOCAL ROLE NONE; ALTER TABLE posts ADD CONSTRAINT planted_check CHECK (n < 3) NOT VALID")
	h.exec("SET LOCAL ROLE NONE; ALTER TABLE messages ADD CONSTRAINT planted_check CHECK (n < 2) NOT VALID")
	ask("POST", "/t/1/posts", fields("body", planted, "key", uuid.NewString())).want(500)
	ask("POST", "/rooms/lounge/messages", fields("body", planted, "cmid", uuid.NewString())).want(503)
	ask("POST", "/logout", "").want(303)
	ask("POST", "/login", fields("login", planted, "password", planted)).want(422)
	ask(strings.ToUpper(planted), "/", "").want(405)

	h.checkLog(requests)
	h.checkMetrics()
}

// checkLog wants one line a request, with these attributes and no others.
func (h *house) checkLog(requests int) {
	h.Helper()
	if strings.Contains(strings.ToLower(h.log.String()+asideLog.String()), planted) {
		h.Errorf("the log tells what people wrote: %s\n%s", h.log, &asideLog)
	}
	lines := h.log.lines(h, "request")
	if len(lines) != requests {
		h.Errorf("%d lines for %d requests", len(lines), requests)
	}
	patterns, ids := h.patterns(), map[any]bool{}
	for _, line := range lines {
		names := slices.Sorted(maps.Keys(line))
		names = slices.DeleteFunc(names, func(name string) bool { return name == "error" && line["status"].(float64) >= 500 })
		if !slices.Equal(names, []string{"id", "level", "method", "ms", "msg", "route", "status", "time"}) {
			h.Errorf("a line has %v", names)
		}
		if !slices.Contains(patterns, fmt.Sprint(line["route"])) || ids[line["id"]] {
			h.Errorf("not the pattern of a route, or an id twice: %v", line)
		}
		ids[line["id"]] = true
	}
}

// patterns are the values that a route may have in the log and the metrics.
func (h *house) patterns() []string {
	patterns := []string{"none", "/broken/:word"}
	for _, r := range h.routes() {
		patterns = append(patterns, r.pattern)
	}
	return patterns
}

// checkMetrics wants the histogram to know patterns, methods and statuses, and nothing else.
func (h *house) checkMetrics() {
	h.Helper()
	families, err := h.metrics.Gather()
	h.must(err)
	measured := map[string]bool{}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if strings.Contains(strings.ToLower(label.GetValue()), planted) {
					h.Errorf("%s has the label %s", family.GetName(), label)
				}
				if label.GetName() == "route" {
					measured[label.GetValue()] = true
				}
			}
		}
	}
	patterns := h.patterns()
	for pattern := range measured {
		if !slices.Contains(patterns, pattern) {
			h.Errorf("measured as the route %q", pattern)
		}
	}
	if !measured["/t/:id/posts"] || measured["/ws"] {
		h.Errorf("measured are %v", slices.Sorted(maps.Keys(measured)))
	}
}
