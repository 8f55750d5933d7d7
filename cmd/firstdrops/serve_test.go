package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	publicCategories = []string{"relactation", "induced-lactation", "adoption-and-surrogacy", "pumping-and-let-down",
		"feeding-at-the-breast-again", "medication-and-herbs", "ask-a-consultant", "house"}
	seededRooms = []string{"lounge", "pump-together", "night-feeds"}
)

// TestFreshHouse is the way of a newcomer, from an empty folder on, with one server.
func TestFreshHouse(t *testing.T) {
	t.Parallel()
	h := newHouse(t, unlimited)
	h.start()
	for _, step := range []struct {
		name string
		test func(*testing.T, *house)
	}{
		{"two lines tell where it is", twoLines},
		{"health is public and the rest is not", health},
		{"categories and rooms are seeded", seeds},
		{"an administrator is made beside the server", administrator},
		{"people for load tests", benchPeopleCommand},
		{"a second server is refused", secondServer},
		{"other commands use the same Postgres", otherCommands},
		{"newcomers get one neutral letter", letters},
		{"what staff did is written down, and tampering is found", auditVerified},
	} {
		t.Run(step.name, func(t *testing.T) {
			in := *h
			in.T = t
			step.test(t, &in)
		})
	}
}

func twoLines(t *testing.T, h *house) {
	want := fmt.Sprintf("First Drops is open at %s\n", h.base())
	first, second, _ := strings.Cut(h.now.stdout.String(), "\n")
	if first+"\n" != want || !strings.Contains(second, "admin create --handle") || strings.Count(second, "\n") != 1 {
		t.Errorf("it says:\n%s", h.now.stdout)
	}
}

func health(t *testing.T, h *house) {
	for path, public := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 404, "/debug/pprof/": 404, "/debug/pprof/cmdline": 404} {
		h.wantStatus(public, path, "")
	}
	h.wantStatus(http.StatusOK, "/", "")
	for path, words := range map[string]string{
		"/healthz": "ok", "/readyz": "ready", "/metrics": `http_request_duration_seconds_count{method="GET",route="/",status="200"}`, "/debug/pprof/": "goroutine",
	} {
		a, err := ask(http.MethodGet, "http://"+h.admin+path, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.status != http.StatusOK || !strings.Contains(a.body, words) {
			t.Errorf("%s on the admin port: %d, and no %q", path, a.status, words)
		}
	}
}

func seeds(t *testing.T, h *house) {
	member := h.people(1)[0]
	for _, slug := range publicCategories {
		h.wantStatus(http.StatusOK, "/c/"+slug, "")
	}
	h.wantStatus(http.StatusNotFound, "/c/feelings", "")
	h.wantStatus(http.StatusOK, "/c/feelings", member)
	for _, slug := range seededRooms {
		h.wantStatus(http.StatusNotFound, "/rooms/"+slug, "")
		h.wantStatus(http.StatusOK, "/rooms/"+slug, member)
	}
}

func administrator(t *testing.T, h *house) {
	stdout, stderr, code := h.run("admin", "create", "--handle", "ada", "--email", "ada@example.org")
	link, ours := strings.CutPrefix(strings.TrimSpace(stdout), h.base())
	if code != 0 || !ours || strings.Count(stdout, "\n") != 1 {
		t.Fatalf("it ended with %d:\n%s%s", code, stdout, stderr)
	}
	h.wantStatus(http.StatusOK, link, "")
	h.wantStatus(http.StatusOK, link, "") // looking uses nothing up
	password := url.Values{"password": {"a long word about rain"}}
	a := h.post(link, "", password)
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if a.status != http.StatusSeeOther || cookie == "" {
		t.Fatalf("the link was answered with %d:\n%.400s", a.status, a.body)
	}
	if home := h.wantStatus(http.StatusOK, "/", cookie); !strings.Contains(home.body, "/u/ada") {
		t.Error("the link signs nobody in")
	}
	if again := h.post(link, "", password); again.status != http.StatusNotFound {
		t.Errorf("used again, the link is answered with %d", again.status)
	}
	if _, stderr, code := h.run("admin", "create", "--handle", "ada", "--email", "ada@example.org"); code == 0 || !strings.Contains(stderr, "--handle: ") {
		t.Errorf("a second ada: %d\n%s", code, stderr)
	}
}

func benchPeopleCommand(t *testing.T, h *house) {
	for _, cookie := range h.people(3) {
		if a := h.wantStatus(http.StatusOK, "/", cookie); !strings.Contains(a.body, "/u/bench-") {
			t.Errorf("%s signs nobody in", cookie)
		}
	}
	for _, count := range []string{"0", "-1", "1000001"} {
		if stdout, stderr, code := h.run("bench", "people", "--count="+count); code == 0 || stdout != "" || !strings.Contains(stderr, "--count") {
			t.Errorf("%s people: %d\n%s", count, code, stderr)
		}
	}
	limited := *h
	limited.settings = nil
	if stdout, stderr, code := limited.run("bench", "people", "--count", "1"); code == 0 || stdout != "" || !strings.Contains(stderr, unlimited) {
		t.Errorf("with limits on it ended with %d:\n%s%s", code, stdout, stderr)
	}
}

func secondServer(t *testing.T, h *house) {
	second := *h
	second.site, second.admin = freeAddress(t), freeAddress(t)
	stdout, stderr, code := second.run("serve")
	if code == 0 || strings.Contains(stdout, "open") {
		t.Fatalf("it ended with %d:\n%s", code, stdout)
	}
	for _, words := range []string{fmt.Sprintf("process %d ", h.now.cmd.Process.Pid), "DATABASE_URL", "NATS_URL"} {
		if !strings.Contains(stderr, words) {
			t.Errorf("%q is not in\n%s", words, stderr)
		}
	}
	h.wantStatus(http.StatusOK, "/", "")
}

func otherCommands(t *testing.T, h *house) {
	postmaster := h.postmaster()
	if stdout, stderr, code := h.run("migrate"); code != 0 || !strings.Contains(stdout, "newest shape") {
		t.Errorf("migrate ended with %d:\n%s", code, stderr)
	}
	stdout, stderr, code := h.run("version")
	if code != 0 || !regexp.MustCompile(`^firstdrops .*, go1\.\d+`).MatchString(stdout) {
		t.Errorf("version ended with %d:\n%s%s", code, stdout, stderr)
	}
	if h.postmaster() != postmaster {
		t.Error("Postgres was started anew")
	}
	h.wantStatus(http.StatusOK, "/readyz", "")
}

// letters: two people with one address get one letter; that of a third shows that it would have come.
func letters(t *testing.T, h *house) {
	for handle, email := range map[string]string{"wren": "shared@example.org", "sparrow": "Shared@example.org"} {
		h.signUp(handle, email)
	}
	h.signUp("sol", "sol@example.org")
	var shown string
	h.eventually(20*time.Second, "both letters", func() bool {
		shown = h.get("/dev/mail", "").body
		return strings.Contains(shown, "<sol@example.org>") && strings.Contains(strings.ToLower(shown), "<shared@example.org>")
	})
	subjects := regexp.MustCompile(`(?m)^Subject: (.*)$`).FindAllStringSubmatch(shown, -1)
	if len(subjects) != 2 {
		t.Errorf("%d letters, want 2:\n%s", len(subjects), shown)
	}
	for _, subject := range subjects {
		if regexp.MustCompile(`(?i)drops|milk|lact|breast|feed|baby`).MatchString(subject[1]) {
			t.Errorf("a subject tells what this place is about: %s", subject[1])
		}
	}
}

// signUp joins by the form and gives the cookie.
func (h *house) signUp(handle, email string) string {
	h.Helper()
	a := h.post("/signup", "", url.Values{"handle": {handle}, "email": {email}, "password": {"a long word about rain"}, "rules": {"1"}})
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if a.status != http.StatusSeeOther || cookie == "" {
		h.Fatalf("the sign-up was answered with %d:\n%.400s", a.status, a.body)
	}
	return cookie
}

func TestTakenAddresses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"FIRSTDROPS_LISTEN", "FIRSTDROPS_ADMIN_LISTEN", "NATS_LISTEN"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			taken, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = taken.Close() }()
			h := newHouse(t, name+"="+taken.Addr().String())
			if _, stderr, code := h.run("serve"); code != 1 || !strings.Contains(stderr, "firstdrops: "+name+": ") || !strings.Contains(stderr, "for example "+name+"=") {
				t.Errorf("it ended with %d:\n%s", code, stderr)
			}
			if left := h.relatives(); len(left) != 0 {
				t.Errorf("processes are left: %v", left)
			}
		})
	}
}

// TestMigrateAlone starts Postgres for itself and leaves nothing running.
func TestMigrateAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if _, stderr, code := h.run("migrate"); code != 0 {
		t.Errorf("it ended with %d:\n%s", code, stderr)
	}
	if left := h.relatives(); len(left) != 0 {
		t.Errorf("processes are left: %v", left)
	}
}

// TestStop: people in rooms and somebody who just sends a form are let go gently.
func TestStop(t *testing.T) {
	t.Parallel()
	h := newHouse(t, unlimited)
	h.start()
	var sockets []*socket
	for _, cookie := range h.people(3) {
		sockets = append(sockets, h.enter(cookie))
	}
	finish := h.halfSent()
	family := h.relatives()
	begun := time.Now()
	if err := h.now.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	sockets[0].until("bye")
	if status := finish(); status != "HTTP/1.1 303 See Other" {
		t.Errorf("a form under way was answered with %q", status)
	}
	for _, s := range sockets {
		if code := s.closeCode(); code != 1012 {
			t.Errorf("a socket was closed with %d, want 1012", code)
		}
	}
	if !h.now.ends(5*time.Second - time.Since(begun)) {
		t.Fatal("it does not end within 5 s")
	}
	if h.now.code() != 0 {
		t.Errorf("it ended with %d", h.now.code())
	}
	if left := h.relatives(); len(left) != 0 || len(family) < 2 {
		t.Errorf("of the processes %v these are left: %v", family, left)
	}
	h.start()
	h.wantStatus(http.StatusOK, "/u/late", "")
}

// halfSent begins to sign up; the function that it returns sends the rest and gives the answer's first line.
func (h *house) halfSent() func() string {
	h.Helper()
	conn, err := net.Dial("tcp", h.site)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	form := url.Values{"handle": {"late"}, "email": {"late@example.org"}, "password": {"a long word about rain"}, "rules": {"1"}}.Encode()
	_, _ = fmt.Fprintf(conn, "POST /signup HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", strings.TrimPrefix(h.base(), "http://"), len(form))
	answers := bufio.NewReader(conn)
	line := func() string {
		said, err := answers.ReadString('\n')
		if err != nil {
			h.Errorf("reading the answer to a form under way: %v", err)
		}
		return strings.TrimSpace(said)
	}
	if said := line(); said != "HTTP/1.1 100 Continue" { // a handler waits for the form
		h.Fatalf("the server says %q", said)
	}
	line()
	return func() string {
		_, _ = conn.Write([]byte(form))
		return line()
	}
}
