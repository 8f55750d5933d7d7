package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// The tests of the program run the built binary, for `go run` does not pass signals on. It is built
// once, beside the test's own binary, whose folder go test takes away at the end.
var built = sync.OnceValues(func() (string, error) {
	own, err := os.Executable()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(filepath.Dir(own), "firstdrops-built.test")
	said, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the program: %w: %s", err, said)
	}
	return binary, nil
})

// unlimited lets tests make people and send without pause.
const unlimited = "FIRSTDROPS_LIMITS=off"

// house is a data folder with its addresses and settings, on which the program is started, killed and
// started again. It outlives nothing: with the test, every process in it ends.
type house struct {
	*testing.T
	folder      string // the data folder
	site, admin string // addresses
	settings    []string
	now         *process // the one that serves, or did last
}

func newHouse(t *testing.T, settings ...string) *house {
	t.Helper()
	// Not t.TempDir: the unprivileged user that Postgres runs as must be able to walk here.
	folder, err := os.MkdirTemp("", "firstdrops-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, folder: folder, site: freeAddress(t), admin: freeAddress(t), settings: settings}
	t.Cleanup(h.tearDown)
	return h
}

func (h *house) tearDown() {
	if h.now != nil {
		h.now.kill()
	}
	h.eventually(20*time.Second, "every process of the house to end", func() bool {
		left := h.relatives()
		for _, pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may be gone already
		}
		return len(left) == 0
	})
	if err := os.RemoveAll(h.folder); err != nil {
		h.Error(err)
	}
	if h.Failed() && h.now != nil {
		h.Logf("the server's log ends so:\n%s", h.now.stderr.end(4000))
	}
}

// environment is all that the program hears: nothing of the settings of whoever runs the tests.
func (h *house) environment() []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + h.folder, "TMPDIR=" + os.TempDir(), "FIRSTDROPS_DATA=" + h.folder,
		"FIRSTDROPS_LISTEN=" + h.site, "FIRSTDROPS_ADMIN_LISTEN=" + h.admin,
	}, h.settings...)
}

// process is a running program and what it says.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr *said
	exited         chan struct{}
}

// spawn starts the program and does not wait for it. It dies with the tests, however those end.
func (h *house) spawn(args ...string) *process {
	h.Helper()
	binary, err := built()
	if err != nil {
		h.Fatal(err)
	}
	p := &process{cmd: exec.Command(binary, args...), stdout: &said{}, stderr: &said{}, exited: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr, p.cmd.SysProcAttr = h.environment(), p.stdout, p.stderr, diesWithUs()
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the kernel counts the end of this thread as ours
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // how it ended is asked of ProcessState
			close(p.exited)
		}
	}()
	if err := <-started; err != nil {
		h.Fatal(err)
	}
	return p
}

// start serves and waits until visitors may come.
func (h *house) start() {
	h.Helper()
	h.begin()
	h.awaitOpen()
}

func (h *house) begin() {
	h.Helper()
	h.now = h.spawn("serve")
}

func (h *house) awaitOpen() {
	h.Helper()
	h.eventually(60*time.Second, "the site to open", func() bool {
		if h.now.over() {
			h.Fatalf("the server ended with %d:\n%s", h.now.code(), h.now.stderr.end(4000))
		}
		return strings.Contains(h.now.stdout.String(), "is open at")
	})
}

// run is a command that ends by itself.
func (h *house) run(args ...string) (stdout, stderr string, code int) {
	h.Helper()
	p := h.spawn(args...)
	if !p.ends(60 * time.Second) {
		p.kill()
		h.Fatalf("%v does not end:\n%s", args, p.stderr.end(4000))
	}
	return p.stdout.String(), p.stderr.String(), p.code()
}

// people makes members and gives a Cookie header's value for each.
func (h *house) people(count int) []string {
	h.Helper()
	stdout, stderr, code := h.run("bench", "people", "--count", strconv.Itoa(count))
	cookies := strings.Fields(stdout)
	if code != 0 || len(cookies) != count {
		h.Fatalf("bench people ended with %d and %d cookies:\n%s", code, len(cookies), stderr)
	}
	return cookies
}

func (p *process) over() bool { return p.ends(0) }

// ends reports whether the process is over within so long.
func (p *process) ends(within time.Duration) bool {
	select {
	case <-p.exited:
		return true
	default:
	}
	select {
	case <-p.exited:
		return true
	case <-time.After(within):
		return false
	}
}

// code is the exit code of a process that is over; -1 where a signal ended it.
func (p *process) code() int { return p.cmd.ProcessState.ExitCode() }

// kill is SIGKILL; when it returns, the process is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // fails when it is over
	<-p.exited
}

// relatives are the living processes of the house: those that name or stand in its folder, and their children.
func (h *house) relatives() []int {
	h.Helper()
	all, err := processes()
	if err != nil {
		h.Fatal(err)
	}
	ours := map[int]bool{}
	for before := -1; before != len(ours); {
		before = len(ours)
		for _, one := range all {
			if ours[one.parent] || strings.Contains(one.command, h.folder+"/") || strings.HasPrefix(one.folder, h.folder+"/") {
				ours[one.pid] = true
			}
		}
	}
	return slices.Collect(maps.Keys(ours))
}

func (h *house) postgres() string { return filepath.Join(h.folder, "postgres") }

func (h *house) pidFile() string { return filepath.Join(h.postgres(), "data", "postmaster.pid") }

// postmaster waits for the house's own Postgres, which may be about to come back, and gives its pid.
func (h *house) postmaster() int {
	h.Helper()
	pid := 0
	h.eventually(20*time.Second, "a Postgres in this house", func() bool {
		text, _ := os.ReadFile(h.pidFile()) // there is none while it is down
		first, _, _ := strings.Cut(string(text), "\n")
		pid, _ = strconv.Atoi(first)
		return slices.Contains(h.relatives(), pid)
	})
	return pid
}

func (h *house) killPostmaster() {
	h.Helper()
	if err := syscall.Kill(h.postmaster(), syscall.SIGKILL); err != nil {
		h.Fatal(err)
	}
}

// eventually polls until it is so, or fails.
func (h *house) eventually(within time.Duration, what string, is func() bool) {
	h.Helper()
	eventually(h, within, what, is)
}

func eventually(t testing.TB, within time.Duration, what string, is func() bool) {
	t.Helper()
	late := time.After(within)
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for !is() {
		select {
		case <-poll.C:
		case <-late:
			t.Fatalf("waited %v in vain for %s", within, what)
		}
	}
}

// said is what a process wrote, readable while it writes.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (s *said) end(most int) string {
	all := s.String()
	return all[max(0, len(all)-most):]
}

// answer is what came back on a request.
type answer struct {
	status int
	header http.Header
	body   string
	took   time.Duration
}

// visitor follows no redirect and keeps no connection: each request finds the server as it is.
var visitor = &http.Client{
	Timeout:       20 * time.Second,
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// base is the site's origin, as the program makes it where none is set.
func (h *house) base() string {
	_, port, _ := net.SplitHostPort(h.site)
	return "http://localhost:" + port
}

// ask sends a request and reads the whole answer.
func ask(method, address, cookie string, form url.Values, header ...string) (answer, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(context.Background(), method, address, body)
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Cookie", cookie)
	request.Header.Set("Accept", "text/html")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	begun := time.Now()
	response, err := visitor.Do(request)
	if err != nil {
		return answer{}, err
	}
	text, err := io.ReadAll(response.Body)
	err = errors.Join(err, response.Body.Close())
	return answer{response.StatusCode, response.Header, string(text), time.Since(begun)}, err
}

func (h *house) get(path, cookie string) answer {
	h.Helper()
	a, err := ask(http.MethodGet, h.base()+path, cookie, nil)
	if err != nil {
		h.Fatalf("GET %s: %v", path, err)
	}
	return a
}

func (h *house) post(path, cookie string, form url.Values) answer {
	h.Helper()
	a, err := ask(http.MethodPost, h.base()+path, cookie, form)
	if err != nil {
		h.Fatalf("POST %s: %v", path, err)
	}
	return a
}

// wantStatus gets a page and checks its status.
func (h *house) wantStatus(want int, path, cookie string) answer {
	h.Helper()
	a := h.get(path, cookie)
	if a.status != want {
		h.Errorf("GET %s: %d, want %d\n%.400s", path, a.status, want, a.body)
	}
	return a
}

// write starts a thread and gives its path.
func (h *house) write(cookie, words string) string {
	h.Helper()
	a := h.post("/c/relactation/threads", cookie, url.Values{"title": {words}, "body": {"About " + words}, "key": {uuid.NewString()}})
	if a.status != http.StatusSeeOther {
		h.Fatalf("the thread was answered with %d:\n%.400s", a.status, a.body)
	}
	return a.header.Get("Location")
}

// wantThread checks that a thread stands.
func (h *house) wantThread(path, words string) {
	h.Helper()
	if a := h.wantStatus(http.StatusOK, path, ""); !strings.Contains(a.body, "About "+words) {
		h.Errorf("%s does not say %q", path, words)
	}
}
