//go:build linux || darwin

package embedpg

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFirstAndWarmStart(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	s := startServer(t, dir)
	if want := filepath.Join(dir, "run", socketName); s.socket != want {
		t.Errorf("the socket is %s, want %s", s.socket, want)
	}
	commit(t, s.socket, "first")
	s.stop(t)
	wantGone(t, dir)

	began := time.Now()
	s = startServer(t, dir)
	t.Logf("warm start: %v", time.Since(began))
	wantRows(t, s.socket, "first")
	s.stop(t)
	wantGone(t, dir)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	p := start(t, Config{Dir: dir, Settings: map[string]string{"work_mem": "7MB"}})
	db := connect(t, p.Socket())
	for name, want := range map[string]string{
		"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "100", "client_connection_check_interval": "500ms",
		"fsync": "on", "synchronous_commit": "on", "data_checksums": "on", "server_encoding": "UTF8", "lc_ctype": locale,
		"log_statement": "none", "log_min_duration_statement": "-1", "log_min_error_statement": "panic", "log_error_verbosity": "terse",
		"work_mem": "7MB",
	} {
		var got string
		ok(t, db.QueryRowContext(t.Context(), "SELECT current_setting($1)", name).Scan(&got))
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}

	// What people wrote reaches the log neither through an error nor through a crash in the midst of a query.
	const canary = "tin-canary"
	if _, err := db.ExecContext(t.Context(), "SELECT $1::uuid", canary); err == nil || !strings.Contains(err.Error(), canary) {
		t.Errorf("the error does not quote the value: %v", err)
	}
	if _, err := db.ExecContext(t.Context(), "DO $$ BEGIN RAISE WARNING 'tin-canary'; END $$"); err != nil {
		t.Error(err)
	}
	if _, err := db.ExecContext(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid()), $1", canary); err == nil {
		t.Error("the connection outlived its backend")
	}
	said, err := os.ReadFile(filepath.Join(dir, "postgres.log"))
	ok(t, err)
	if !bytes.Contains(said, []byte("terminating connection")) || bytes.Contains(said, []byte(canary)) {
		t.Errorf("the log must tell of the end of the connection, and not what was in it:\n%s", said)
	}
}

func TestSecondStartIsRefused(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	if _, running := Attach(dir); running {
		t.Error("attached to a folder that does not exist")
	}
	first := startServer(t, dir)

	_, err := Start(t.Context(), Config{Dir: dir})
	var inUse ErrInUse
	if !errors.As(err, &inUse) {
		t.Fatalf("the second start said %v", err)
	}
	if want := (ErrInUse{PID: first.cmd.Process.Pid, Socket: first.socket}); inUse != want {
		t.Errorf("got %+v, want %+v", inUse, want)
	}
	for _, word := range []string{strconv.Itoa(inUse.PID), "DATABASE_URL", "NATS_URL", dir} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not name %s", err, word)
		}
	}
	socket, running := Attach(dir)
	if !running || socket != first.socket {
		t.Errorf("attached to %q, %v", socket, running)
	}
	commit(t, socket, "by the other")
	wantRows(t, first.socket, "by the other")

	first.stop(t)
	if _, running := Attach(dir); running {
		t.Error("attached to a Postgres that has ended")
	}
	p := start(t, Config{Dir: dir})
	wantRows(t, p.Socket(), "by the other")
}

func TestKilledServer(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	s := startServer(t, dir)
	commit(t, s.socket, "row")
	s.kill(t)
	p := start(t, Config{Dir: dir}) // at once: its Postgres may still be there
	wantRows(t, p.Socket(), "row")
}

func TestKilledServerAndPostmaster(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	s := startServer(t, dir)
	commit(t, s.socket, "row")
	s.killBoth(t, dir)
	if _, err := os.Stat(pidFileIn(dir)); err != nil {
		t.Errorf("a killed postmaster leaves its pid file: %v", err)
	}
	p := start(t, Config{Dir: dir})
	wantRows(t, p.Socket(), "row")
}

// killBoth leaves the server no time to notice that its Postgres has died.
func (s *server) killBoth(t *testing.T, dir string) {
	t.Helper()
	ok(t, s.cmd.Process.Signal(syscall.SIGSTOP))
	ok(t, syscall.Kill(postmasterOf(t, dir), syscall.SIGKILL))
	s.kill(t)
}

func TestReusedPID(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	s := startServer(t, dir)
	commit(t, s.socket, "row")
	s.killBoth(t, dir)

	f, err := openFolder(dir)
	ok(t, err)
	eventually(t, "the backends to end", func() bool { return len(running(t, dir)) == 0 })
	innocent := f.owner.command(t.Context(), syscall.SIGKILL, "/bin/sleep", "600")
	innocent.Dir = f.data() // even a person's shell may stand here
	child, err := spawn(innocent)
	ok(t, err)
	stale, err := os.ReadFile(f.pidFile())
	ok(t, err)
	_, rest, _ := strings.Cut(string(stale), "\n")
	ok(t, os.WriteFile(f.pidFile(), []byte(strconv.Itoa(innocent.Process.Pid)+"\n"+rest), 0o600))

	p := start(t, Config{Dir: dir})
	wantRows(t, p.Socket(), "row")
	select {
	case <-child.exited:
		t.Error("the innocent process was ended")
	default:
	}
}

func TestOrphanedPostgres(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	first := start(t, Config{Dir: dir})
	commit(t, first.Socket(), "row")
	// As on a system that tells no child of its parent's death: nobody supervises it, and the lock is free.
	first.halt()
	<-first.halted
	ok(t, syscall.Flock(int(first.lock.Fd()), syscall.LOCK_UN))
	orphan := postmasterOf(t, dir)

	p := start(t, Config{Dir: dir})
	if now := postmasterOf(t, dir); now == orphan {
		t.Error("the orphan still runs")
	}
	wantRows(t, p.Socket(), "row")
}

func TestInterruptedFirstStart(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	program, err := os.Executable()
	ok(t, err)
	unfinished := func() []string {
		found, err := filepath.Glob(filepath.Join(dir, "init-*", "base"))
		ok(t, err)
		return found
	}
	s := spawnServer(t, program, dir, nil)
	eventually(t, "initdb to be at work", func() bool { return len(unfinished()) > 0 })
	s.kill(t)
	if _, err := os.Stat(filepath.Join(dir, "data")); !os.IsNotExist(err) {
		t.Fatalf("the unfinished cluster looks like a whole one (%v)", err)
	}

	p := start(t, Config{Dir: dir})
	commit(t, p.Socket(), "row")
	wantRows(t, p.Socket(), "row")
	if left := unfinished(); len(left) > 0 {
		t.Errorf("unfinished clusters are left: %v", left)
	}
}

func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	program, err := os.Executable()
	ok(t, err)
	killWithin := func(longest time.Duration) {
		s := spawnServer(t, program, dir, nil)
		<-time.After(rand.N(longest)) // #nosec G404 -- no secret
		s.kill(t)
	}
	for range 4 {
		killWithin(time.Second) // while the cluster is made
	}
	s := startServer(t, dir)
	commit(t, s.socket, "row")
	s.kill(t)
	for range 10 {
		killWithin(150 * time.Millisecond) // while it starts
	}
	s = startServer(t, dir)
	wantRows(t, s.socket, "row")
	s.stop(t)
	wantGone(t, dir)
}

func TestSupervision(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	var said bytes.Buffer
	p := start(t, Config{Dir: dir, Log: slog.New(slog.NewTextHandler(&said, nil))})
	commit(t, p.Socket(), "row")
	// A backend that is busy does not notice that its postmaster has died.
	ended := busy(t, p.Socket(), "SELECT count(*) FROM generate_series(1, 1e12)")
	for range 3 {
		first := postmasterOf(t, dir)
		ok(t, syscall.Kill(first, syscall.SIGKILL))
		eventually(t, "the server to notice", func() bool { return !p.Ready() })
		died := time.Now()
		eventually(t, "Postgres to be back", p.Ready)
		if took := time.Since(died); took > 5*time.Second {
			t.Errorf("it was back after %v", took)
		}
		if postmasterOf(t, dir) == first {
			t.Error("the killed postmaster is said to be ready")
		}
		wantRows(t, p.Socket(), "row")
	}
	<-ended
	ok(t, p.Stop(t.Context()))
	if lines := strings.Count(said.String(), "\n"); lines != 3 {
		t.Errorf("three deaths make three lines, not %d:\n%s", lines, &said)
	}
}

// busy starts a query and returns when it is under way; the channel is closed at its end.
func busy(t *testing.T, socket, query string) <-chan struct{} {
	t.Helper()
	db, ended := connect(t, socket), make(chan struct{})
	go func() {
		defer close(ended)
		if _, err := db.ExecContext(t.Context(), query); err == nil {
			t.Errorf("%s came to its end", query)
		}
	}()
	eventually(t, "the query to be under way", func() bool {
		var active bool
		ok(t, db.QueryRowContext(t.Context(), "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active' AND query = $1)", query).Scan(&active))
		return active
	})
	return ended
}

func TestStop(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)

	t.Run("with a query under way", func(t *testing.T) {
		p := start(t, Config{Dir: dir})
		ended := busy(t, p.Socket(), "SELECT pg_sleep(600)")
		ok(t, p.Stop(t.Context()))
		<-ended
		wantGone(t, dir)
		if p.Ready() {
			t.Error("ready after the end")
		}
		ok(t, p.Stop(t.Context())) // once more changes nothing
	})
	t.Run("without patience", func(t *testing.T) {
		p := start(t, Config{Dir: dir})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		ok(t, p.Stop(ctx))
		wantGone(t, dir)
	})
	t.Run("a postmaster that hangs", func(t *testing.T) {
		p := start(t, Config{Dir: dir})
		ok(t, syscall.Kill(postmasterOf(t, dir), syscall.SIGSTOP))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		ok(t, p.Stop(ctx))
		wantGone(t, dir)
	})
	t.Run("just after it died", func(t *testing.T) {
		p := start(t, Config{Dir: dir})
		ok(t, syscall.Kill(postmasterOf(t, dir), syscall.SIGKILL))
		ok(t, p.Stop(t.Context()))
		wantGone(t, dir)
	})
}

func TestGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if p, err := Start(ctx, Config{Dir: dir}); err == nil {
		ok(t, p.Stop(t.Context()))
		t.Error("started although its time was over")
	}
	wantGone(t, dir)
	start(t, Config{Dir: dir})
}

func TestLongPathMovesTheSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newFolder(t), strings.Repeat("far-", 25))
	s := startServer(t, dir)
	t.Cleanup(func() { ok(t, os.RemoveAll(filepath.Dir(s.socket))) })
	if strings.HasPrefix(s.socket, dir) || len(s.socket) > longestSocket {
		t.Errorf("the socket is %s", s.socket)
	}
	commit(t, s.socket, "row")
	if socket, running := Attach(dir); !running || socket != s.socket {
		t.Errorf("attached to %q, %v", socket, running)
	}
	s.stop(t)
	wantGone(t, dir)
}

func TestSocketFolderOfSomebodyElse(t *testing.T) {
	t.Parallel()
	f := &folder{owner: account{uid: os.Geteuid()}, sockets: filepath.Join(t.TempDir(), "run")}
	ok(t, f.makeSockets())
	ok(t, f.makeSockets()) // an earlier start made it
	ok(t, os.Chmod(f.sockets, 0o777))
	wantWords(t, f.makeSockets(), f.sockets, "remove it")
	ok(t, os.Remove(f.sockets))
	ok(t, os.Symlink(t.TempDir(), f.sockets))
	wantWords(t, f.makeSockets(), f.sockets, "remove it")
}

func TestOrdinaryPerson(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // every other test has just shown it
	}
	dir := newFolder(t)
	top := filepath.Dir(filepath.Dir(dir))
	u, err := user.Lookup("nobody")
	ok(t, err)
	nobody, err := accountOf(u)
	ok(t, err)
	ok(t, os.Chown(top, nobody.uid, nobody.gid))
	program := filepath.Join(top, "server") // the test binary is out of nobody's reach
	copyTestBinary(t, program)

	s := spawnServer(t, program, dir, &syscall.Credential{Uid: uint32(nobody.uid), Gid: uint32(nobody.gid)})
	s.awaitReady(t)
	commit(t, s.socket, "row") // as root, who is let in too
	s.kill(t)
	p := start(t, Config{Dir: dir}) // root runs it as its owner
	wantRows(t, p.Socket(), "row")
	info, err := os.Stat(filepath.Join(dir, "data"))
	ok(t, err)
	if owner := ownerOf(info); owner != nobody.uid {
		t.Errorf("the cluster belongs to uid %d", owner)
	}
}

func copyTestBinary(t *testing.T, to string) {
	t.Helper()
	program, err := os.Executable()
	ok(t, err)
	from, err := os.Open(program)
	ok(t, err)
	defer func() { ok(t, from.Close()) }()
	file, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	ok(t, err)
	_, err = io.Copy(file, from)
	ok(t, errors.Join(err, file.Close()))
}

func TestPathThatIsShut(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	ok(t, os.MkdirAll(dir, 0o755))
	shut := filepath.Dir(dir)
	ok(t, os.Chmod(shut, 0o700))
	stranger := account{name: "stranger", uid: 54321, gid: 54321, drop: true}
	at, err := stranger.shutOutAt(dir)
	ok(t, err)
	if at != shut {
		t.Errorf("shut out at %q, want %q", at, shut)
	}
	ok(t, os.Chmod(shut, 0o711))
	if at, err = stranger.shutOutAt(dir); at != "" || err != nil {
		t.Errorf("shut out at %q (%v)", at, err)
	}
}

func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	f := &folder{path: newFolder(t)}
	ok(t, os.MkdirAll(f.path, 0o755))
	sizeAfterOpening := func() int64 {
		log, err := f.openLog()
		ok(t, err)
		info, err := log.Stat()
		ok(t, errors.Join(err, log.Close()))
		return info.Size()
	}
	ok(t, os.WriteFile(f.logFile(), []byte("kept\n"), 0o600))
	if size := sizeAfterOpening(); size != 5 {
		t.Errorf("a small log has %d bytes after a start", size)
	}
	ok(t, os.Truncate(f.logFile(), largestLog+1))
	if size := sizeAfterOpening(); size != 0 {
		t.Errorf("a large log has %d bytes after a start", size)
	}
}
