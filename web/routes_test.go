package web_test

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/web/page"
	"firstdrops/web/static"
)

const goldenRoutes = "routes.golden"

func TestRoutesAreAsTheGoldenFileSays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	got := strings.Join(h.table, "\n") + "\n"
	if *update {
		h.must(os.WriteFile(goldenRoutes, []byte(got), 0o644))
	}
	want, err := os.ReadFile(goldenRoutes)
	h.must(err)
	if got != string(want) {
		t.Errorf("the routes are\n%s\nand %s says\n%s\nIf that is meant: go test ./web -run Routes -update", got, goldenRoutes, want)
	}
}

// TestNoRouteStandsOutsideOfTheTable fails where a route was registered past its guard.
func TestNoRouteStandsOutsideOfTheTable(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var guarded, registered []string
	for _, r := range h.routes() {
		guarded = append(guarded, r.method+" "+r.pattern)
		if r.method == http.MethodGet {
			guarded = append(guarded, http.MethodHead+" "+r.pattern)
		}
	}
	for _, r := range h.echo.Routes() {
		registered = append(registered, r.Method+" "+r.Path)
	}
	slices.Sort(guarded)
	slices.Sort(registered)
	if !slices.Equal(guarded, registered) {
		t.Errorf("in the table:\n%s\nregistered:\n%s", strings.Join(guarded, "\n"), strings.Join(registered, "\n"))
	}
	for _, wanted := range []string{"GET /ws", "GET /static/*"} {
		if !slices.Contains(guarded, wanted) {
			t.Errorf("the table lacks %s", wanted)
		}
	}
}

// route is one line of the table.
type route struct {
	method, pattern string
	guard           page.Guard
}

func (h *house) routes() []route {
	var routes []route
	for _, line := range h.table {
		parts := strings.Fields(line)
		routes = append(routes, route{parts[0], parts[1], page.Guard(parts[2])})
	}
	return routes
}

// sample is an address of the route that leads to this thread, to its first post or to what every house has.
func (r route) sample(t testing.TB, thread forum.Thread, post int64) string {
	t.Helper()
	id, slug := thread.ID, thread.Slug
	switch {
	case strings.HasPrefix(r.pattern, "/p/"):
		id = post
	case strings.Contains(r.pattern, "/rooms/"):
		slug = "lounge"
	case strings.HasPrefix(r.pattern, "/consultants/"):
		slug = listed
	case strings.HasPrefix(r.pattern, "/mod/"), strings.HasPrefix(r.pattern, "/contacts/"):
		id = 1 // the first of a house
	case strings.HasPrefix(r.pattern, "/settings/"):
		id = 999999 // nobody's
	}
	at := strings.NewReplacer(
		":category", thread.CategorySlug, ":id", strconv.FormatInt(id, 10), ":slug", slug, ":handle", thread.AuthorHandle,
		":token", "no-such-token", ":group", circle, ":n", "1", "/static/*", static.Prefix()+"/site.css",
	).Replace(r.pattern)
	if strings.ContainsAny(at, ":*") {
		t.Fatalf("%s needs a sample for each of its parameters", r.pattern)
	}
	return at
}

func TestGuardsHoldOnEveryRoute(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	sol := h.member("sol")
	thread := sol.thread("relactation", "Is it too late?", "She is ten weeks old.")
	post := h.firstPost(thread)
	sol.say("lounge", "Is somebody there?")
	h.reported(h.member("wren"), post)
	ada := h.somebody("ada-too", accounts.Administrator)
	h.listing(ada, h.member("june-too"), listed)
	h.group(ada.viewer, h.member("maya-too").viewer, accounts.Group{Slug: circle, Open: true})
	for role, who := range map[string]*person{
		"guest": h.guest(), "member": h.member("river"),
		"consultant": h.somebody("june", accounts.Consultant), "moderator": h.somebody("maya", accounts.Moderator),
		"administrator": h.somebody("ada", accounts.Administrator),
	} {
		for _, r := range h.routes() {
			at := r.sample(t, thread, post)
			methods := []string{r.method}
			if r.method == http.MethodGet {
				methods = append(methods, http.MethodHead)
			}
			if r.pattern == "/logout" && role != "guest" {
				continue // it would end what the others need
			}
			for _, method := range methods {
				for _, accept := range []string{"text/html", "application/json"} {
					checkGuard(who.ask(method, at, "", "Accept", accept), r, accept)
				}
			}
		}
	}
}

// firstPost is the id of the post that a thread opens with.
func (h *house) firstPost(thread forum.Thread) int64 {
	h.Helper()
	var id int64
	h.must(h.db.NewRaw("SELECT id FROM posts WHERE thread_id = ? AND n = 1", thread.ID).Scan(h.Context(), &id))
	return id
}

// checkGuard compares one answer with what the guard of its route promises to who asked.
func checkGuard(a answer, r route, accept string) {
	a.Helper()
	guest := a.viewer.Guest()
	location, kind := a.header.Get("Location"), a.header.Get("Content-Type")
	members := r.guard == page.Members || r.guard == page.Proved
	turnedAway := a.status == http.StatusUnauthorized || strings.HasPrefix(location, "/login")
	hidden := r.guard == page.Moderators && !a.viewer.Staff() || r.guard == page.Administrators && a.viewer.Role != accounts.Administrator ||
		r.guard == page.Consultants && !a.viewer.Staff() && a.viewer.Label != accounts.IBCLC
	says := func(ok bool, promise string) {
		a.Helper()
		if !ok {
			a.Errorf("%s (%s, %s guard) by %q: %d to %q; promised: %s", a.asked, accept, r.guard, a.viewer.Role, a.status, location, promise)
		}
	}
	says(a.status < 500, "an answer")
	switch {
	case hidden:
		says(a.status == http.StatusNotFound, "nothing there")
	case members && guest && accept == "application/json":
		says(a.status == http.StatusUnauthorized && kind == "application/problem+json", "a problem")
	case members && guest && r.method == http.MethodGet:
		says(a.status == http.StatusSeeOther && location == "/login?next="+url.QueryEscape(a.at), "to the sign-in page and back")
	case members && guest:
		says(a.status == http.StatusSeeOther && location == "/login", "to the sign-in page")
	case r.guard == page.Guests && !guest:
		says(a.status == http.StatusSeeOther && location == "/", "home")
	case r.pattern == "/ws":
		says(a.status == http.StatusForbidden, "only from the site itself")
	default:
		says(!turnedAway && (a.status != http.StatusNotFound || r.hides(guest)), "an open door")
	}
}

// hides tells the open routes whose samples a domain itself answers with "nothing there".
func (r route) hides(guest bool) bool {
	return r.pattern == "/drafts" || guest && strings.HasPrefix(r.pattern, "/rooms/:slug") ||
		slices.ContainsFunc([]string{
			"/login/link/", "/password/reset/", "/settings/sessions/", "/decisions/", "/consultants/:slug", "/contacts/", "/groups/",
		}, func(prefix string) bool { return strings.HasPrefix(r.pattern, prefix) })
}

// TestTheSocketOpensForMembers passes a handshake through all that stands before every request.
func TestTheSocketOpensForMembers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	handshake := func(origin string) []string {
		return []string{
			"Origin", origin, "Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13",
			"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol", "firstdrops.v1",
		}
	}
	h.guest().get("/ws", handshake(h.base.String())...).want(http.StatusUnauthorized)
	river := h.member("river")
	river.get("/ws", handshake("https://elsewhere.example")...).want(http.StatusForbidden)
	river.get("/ws", "Origin", h.base.String()).want(http.StatusBadRequest)

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.base.String()+"/ws", nil)
	h.must(err)
	for header := handshake(h.base.String()); len(header) > 0; header = header[2:] {
		r.Header.Set(header[0], header[1])
	}
	response, err := river.client.Do(r)
	h.must(err)
	h.must(response.Body.Close())
	if response.StatusCode != http.StatusSwitchingProtocols || response.Header.Get("Sec-WebSocket-Protocol") != "firstdrops.v1" {
		t.Errorf("a member's handshake: %d, %q", response.StatusCode, response.Header)
	}
}
