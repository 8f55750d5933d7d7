package main

import (
	"bytes"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestKilled: whatever is killed, the next start serves what was written before.
func TestKilled(t *testing.T) {
	t.Parallel()
	h := newHouse(t, unlimited)
	h.start()
	member := h.people(1)[0]
	written := map[string]string{}
	for what, kill := range map[string]func(){
		"the server":              func() { h.now.kill() },
		"Postgres and the server": func() { h.killPostmaster(); h.now.kill() },
		"the server and Postgres": func() {
			postmaster := h.postmaster()
			h.now.kill()
			_ = syscall.Kill(postmaster, syscall.SIGKILL) // it may have ended with its server
		},
		"both, and gave the pid to another": func() { h.killPostmaster(); h.now.kill(); h.reusePID() },
	} {
		written[h.write(member, "Before we killed "+what)] = "Before we killed " + what
		kill()
		h.start()
		for path, words := range written {
			h.wantThread(path, words)
		}
	}
}

// reusePID gives the pid of the Postgres that was to an innocent process of the same account.
func (h *house) reusePID() {
	h.Helper()
	innocent := exec.Command("/bin/sleep", "600")
	innocent.SysProcAttr = diesWithUs()
	if os.Geteuid() == 0 {
		innocent.SysProcAttr.Credential = h.postgresAccount()
	}
	if err := innocent.Start(); err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() {
		if err := innocent.Process.Kill(); err != nil {
			h.Errorf("the innocent process was ended: %v", err)
		}
		_ = innocent.Wait() // says that it was killed
	})
	stale, err := os.ReadFile(h.pidFile())
	if err != nil {
		h.Fatal(err)
	}
	_, rest, _ := bytes.Cut(stale, []byte("\n"))
	if err := os.WriteFile(h.pidFile(), append([]byte(strconv.Itoa(innocent.Process.Pid)+"\n"), rest...), 0o600); err != nil {
		h.Fatal(err)
	}
}

// postgresAccount is whom root runs Postgres as.
func (h *house) postgresAccount() *syscall.Credential {
	h.Helper()
	account, err := user.Lookup("postgres")
	if err != nil {
		account, err = user.Lookup("nobody")
	}
	if err != nil {
		h.Fatal(err)
	}
	uid, err := strconv.Atoi(account.Uid)
	if err != nil {
		h.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid)}
}

// TestInterruptedFirstStart kills the first start at any moment, several times over.
func TestInterruptedFirstStart(t *testing.T) {
	t.Parallel()
	for range 3 {
		seed := rand.Uint64()
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			h := newHouse(t, unlimited)
			for range 4 {
				h.begin()
				<-time.After(time.Duration(random.Int64N(int64(1200 * time.Millisecond))))
				h.now.kill()
			}
			h.start()
			h.wantThread(h.write(h.people(1)[0], "After all"), "After all")
			h.wantStatus(http.StatusOK, "/c/house", "")
		})
	}
}

// kindlyWithin is what is promised, 1.5 s, and a little for a machine that has much else to do.
const kindlyWithin = 1900 * time.Millisecond

// TestPostgresAway: while Postgres is dead or hangs, pages say so kindly and soon; then all is well again by itself.
func TestPostgresAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t, unlimited)
	h.start()
	member := h.people(1)[0]
	path := h.write(member, "Before it went away")
	server := h.now.cmd.Process.Pid

	h.postgresDies(member, path)
	h.wantWell(member, path)
	h.postgresHangs(member, path)
	h.wantWell(member, path)
	if h.now.over() || h.now.cmd.Process.Pid != server {
		t.Error("the server did not live through it")
	}
}

// postgresDies kills Postgres, and holds back its folder so that it stays away for a while.
func (h *house) postgresDies(member, path string) {
	h.Helper()
	data, aside := h.postgres()+"/data", h.postgres()+"/aside"
	postmaster := h.postmaster()
	if err := os.Rename(data, aside); err != nil {
		h.Fatal(err)
	}
	if err := syscall.Kill(postmaster, syscall.SIGKILL); err != nil {
		h.Fatal(err)
	}
	h.wantKindWords(member, path)
	if err := os.Rename(aside, data); err != nil {
		h.Fatal(err)
	}
}

// postgresHangs stops every process of Postgres in its tracks.
func (h *house) postgresHangs(member, path string) {
	h.Helper()
	signal := func(sig syscall.Signal) {
		for _, pid := range h.relatives() {
			if pid != h.now.cmd.Process.Pid {
				_ = syscall.Kill(pid, sig) // a backend may have ended
			}
		}
	}
	signal(syscall.SIGSTOP)
	h.wantKindWords(member, path)
	signal(syscall.SIGCONT)
}

// wantKindWords asks for several pages at once while Postgres is away.
func (h *house) wantKindWords(member, path string) {
	h.Helper()
	var asking sync.WaitGroup
	for _, page := range []string{"/", path, "/c/relactation", "/rooms", "/u/nobody-at-all"} {
		for _, cookie := range []string{"", member} {
			asking.Go(func() { h.wantKind(page, cookie) })
		}
	}
	asking.Go(func() { h.wantKind("/rooms/lounge", member) })
	for _, cookie := range []string{"", member} {
		asking.Go(func() { h.wantHelp(cookie) })
	}
	asking.Wait()
	h.wantStatus(http.StatusServiceUnavailable, "/readyz", "")
	h.wantStatus(http.StatusOK, "/healthz", "")
}

// wantKind wants a whole page with words, and soon.
func (h *house) wantKind(page, cookie string) {
	a, err := ask(http.MethodGet, h.base()+page, cookie, nil)
	if err != nil {
		h.Errorf("GET %s: %v", page, err)
		return
	}
	kind := strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && strings.Contains(a.body, "Nothing that was saved is lost") &&
		strings.Contains(a.body, "/help/now") && a.header.Get("Retry-After") != ""
	if a.status != http.StatusServiceUnavailable || !kind {
		h.Errorf("GET %s: %d, kindly %v\n%.300s", page, a.status, kind, a.body)
	}
	if a.took > kindlyWithin {
		h.Errorf("GET %s took %v", page, a.took)
	}
}

func (h *house) wantHelp(cookie string) {
	a, err := ask(http.MethodGet, h.base()+"/help/now", cookie, nil)
	if err != nil || a.status != http.StatusOK || a.took > kindlyWithin {
		h.Errorf("GET /help/now: %d after %v (%v)", a.status, a.took, err)
	}
}

// wantWell waits until pages come again, and checks that nothing was lost and writing works.
func (h *house) wantWell(member, path string) {
	h.Helper()
	h.eventually(10*time.Second, "the pages to come back", func() bool { return h.get("/", member).status == http.StatusOK })
	h.wantStatus(http.StatusOK, "/readyz", "")
	h.wantThread(path, "Before it went away")
	h.wantThread(h.write(member, "It is back"), "It is back")
}
