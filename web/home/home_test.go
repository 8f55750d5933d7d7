package home

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/forum"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/testdb"
	"firstdrops/web/page"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var guest = accounts.Viewer{}

// house is the home pages, and the domains that they show, on a database of their own.
type house struct {
	t     *testing.T
	forum *forum.Forum
	chat  *chat.Chat
	river accounts.Viewer
}

func newHouse(t *testing.T) *house {
	t.Helper()
	database := testdb.New(t)
	wire, err := bus.Embedded("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(wire.Close)
	rooms, err := chat.New(database, testdb.Queue(t, database), wire, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rooms.Close)
	h := &house{t: t, forum: forum.New(database, testdb.Queue(t, database), time.Now), chat: rooms}
	h.river = accounts.Viewer{Handle: "river", Name: "River", Role: accounts.Member, Label: accounts.Peer}
	err = database.NewRaw(`INSERT INTO people (handle, handle_fold, display_name, email, role)
		VALUES ('river', 'river', 'River', 'river@example.org', 'member') RETURNING id`).Scan(t.Context(), &h.river.ID)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends a request through the pages as this viewer. A house without domains serves what needs none.
func (h *house) ask(v accounts.Viewer, r *http.Request) *httptest.ResponseRecorder {
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		h.t.Log(err)
		page.Error(err, c)
	}
	base := &url.URL{Scheme: "http", Host: "localhost:8080"}
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			page.SetSite(c, &page.Site{Base: base, Static: "/static/x", Now: time.Now})
			page.SetViewer(c, v)
			return next(c)
		}
	})
	Mount(page.NewRoutes(e), h.forum, h.chat)
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, r)
	return recorder
}

func (h *house) get(v accounts.Viewer, target string) string {
	h.t.Helper()
	got := h.ask(v, httptest.NewRequestWithContext(h.t.Context(), http.MethodGet, target, nil))
	if got.Code != http.StatusOK {
		h.t.Fatalf("%s: %d\n%s", target, got.Code, got.Body)
	}
	return got.Body.String()
}

func (h *house) start(category, title string) {
	h.t.Helper()
	opening := forum.Opening{Category: category, Title: title, Body: "How it began.", Key: uuid.New()}
	if _, err := h.forum.Start(h.t.Context(), h.river, opening); err != nil {
		h.t.Fatal(err)
	}
}

func expect(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(html, part) {
			t.Errorf("lacks %s:\n%s", part, html)
		}
	}
}

func refuse(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(html, part) {
			t.Errorf("has %s:\n%s", part, html)
		}
	}
}

func TestDoorNamesWhatIsForMembersAndTellsNothingOfIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start("relactation", "A public question")
	h.start("feelings", "Planted for members")
	html := h.get(guest, "/")
	expect(t, html, `href="/signup"`, "A public question", `href="/c/relactation"`, "Feelings", "members only", "Night feeds")
	refuse(t, html, "Planted", `href="/c/feelings"`, " here</span>", "Waiting for a first reply", `href="/rooms/`)
	if times := strings.Count(html, "<time"); times != 2 {
		t.Errorf("%d times: only the public thread and its category have one", times)
	}
}

func TestFrontShowsWhoIsWaiting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	expect(t, h.get(h.river, "/"), "Nobody is waiting", "Nothing has been asked yet")
	h.start("feelings", "Asked among members")
	html := h.get(h.river, "/")
	expect(t, html, "Waiting for a first reply", "Asked among members", "Feelings · members only · asked", `href="/c/feelings"`)
	refuse(t, html, "Nobody is waiting", `href="/signup"`)
}

type deaf struct{}

func (deaf) Push(*chat.Object, bool) {}
func (deaf) Sync(*chat.Following)    {}

func TestFrontLightsTheLampWhereSomebodyIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	expect(t, h.get(h.river, "/"), "Rooms, quiet just now", "The lamp is on, River", "Lounge")

	following, err := h.chat.Follow(t.Context(), h.river, "night-feeds", 0, deaf{})
	if err != nil {
		t.Fatal(err)
	}
	defer following.Leave()
	for last := false; !last; {
		if _, last, err = following.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	html := h.get(h.river, "/")
	expect(t, html, "Rooms with somebody in them now", "lamp lit", "1 here", `href="/rooms/night-feeds"`, "You are not the only one awake, River")
	refuse(t, html, "Lounge")
	refuse(t, h.get(guest, "/"), "lamp lit", "1 here")
}

func TestGreetingsCoverEveryHourOnce(t *testing.T) {
	t.Parallel()
	fits := map[int]int{}
	for _, g := range greetings("River", true) {
		from, until := clock(t, g.from), clock(t, g.until)
		for hour := from; hour != until; hour = (hour + 1) % 24 {
			fits[hour]++
		}
	}
	for hour := range 24 {
		if fits[hour] != 1 {
			t.Errorf("at %d there are %d greetings", hour, fits[hour])
		}
	}
}

func clock(t *testing.T, hour string) int {
	t.Helper()
	moment, err := time.Parse("15", hour)
	if err != nil {
		t.Fatal(err)
	}
	return moment.Hour()
}

func TestRules(t *testing.T) {
	t.Parallel()
	expect(t, (&house{t: t}).get(guest, "/rules"), "<h1>House rules</h1>", "Sell nothing, milk included.")
}
