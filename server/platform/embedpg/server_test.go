//go:build linux || darwin

package embedpg

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/uptrace/bun/driver/pgdriver"
)

// The kills in these tests are real: a server is this test binary, run again as a process of its own.
const serveDir = "EMBEDPG_TEST_SERVE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveDir); dir != "" {
		os.Exit(serve(dir))
	}
	os.Exit(m.Run())
}

// serve runs Postgres until its standard input ends, and says on standard output how that went.
func serve(dir string) int {
	p, err := Start(context.Background(), Config{Dir: dir})
	if err != nil {
		fmt.Println("refused:", err)
		return 1
	}
	fmt.Println("ready:", p.Socket())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := p.Stop(context.Background()); err != nil {
		fmt.Println("stop:", err)
		return 1
	}
	return 0
}

// server is a process that runs Postgres on a folder.
type server struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	stdout *bufio.Reader
	socket string
}

// spawnServer starts a server and does not wait for it.
func spawnServer(t *testing.T, program, dir string, as *syscall.Credential) *server {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(os.Environ(), serveDir+"="+dir)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	stdin, err := cmd.StdinPipe()
	ok(t, err)
	stdout, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	return &server{cmd: cmd, stdin: stdin, stdout: bufio.NewReader(stdout)}
}

// startServer starts a server and waits until it is ready.
func startServer(t *testing.T, dir string) *server {
	t.Helper()
	program, err := os.Executable()
	ok(t, err)
	s := spawnServer(t, program, dir, nil)
	s.awaitReady(t)
	return s
}

func (s *server) awaitReady(t *testing.T) {
	t.Helper()
	line, err := s.stdout.ReadString('\n')
	ok(t, err)
	socket, ready := strings.CutPrefix(strings.TrimSpace(line), "ready: ")
	if !ready {
		t.Fatalf("the server said %q", line)
	}
	s.socket = socket
}

// kill is SIGKILL; when it returns, the process has been reaped.
func (s *server) kill(t *testing.T) {
	t.Helper()
	ok(t, s.cmd.Process.Kill())
	_ = s.cmd.Wait() // says that it was killed
}

// stop ends the server in good order.
func (s *server) stop(t *testing.T) {
	t.Helper()
	ok(t, s.stdin.Close())
	said, err := io.ReadAll(s.stdout)
	ok(t, err)
	if err := s.cmd.Wait(); err != nil {
		t.Fatalf("the server did not stop well: %v: %s", err, said)
	}
}

// start runs Postgres in this process.
func start(t *testing.T, cfg Config) *Postgres {
	t.Helper()
	p, err := Start(t.Context(), cfg)
	ok(t, err)
	t.Cleanup(func() { ok(t, p.Stop(context.Background())) })
	return p
}

// newFolder is a place for Postgres that every account can reach. It is removed once nothing runs in it.
func newFolder(t *testing.T) string {
	t.Helper()
	top, err := os.MkdirTemp("", "embedpg-")
	ok(t, err)
	ok(t, os.Chmod(top, 0o755))
	dir := filepath.Join(top, "data", "postgres")
	t.Cleanup(func() {
		eventually(t, "Postgres to end", func() bool { return len(running(t, dir)) == 0 })
		ok(t, os.RemoveAll(top))
	})
	return dir
}

// running lists the Postgres processes in the folder.
func running(t *testing.T, dir string) []int {
	t.Helper()
	data := filepath.Join(dir, "data")
	if _, err := os.Stat(data); os.IsNotExist(err) {
		return nil
	}
	pids, err := postgresIn(data)
	ok(t, err)
	return pids
}

func postmasterOf(t *testing.T, dir string) int {
	t.Helper()
	status, err := readPidFile(pidFileIn(dir))
	ok(t, err)
	return status.pid
}

func connect(t *testing.T, socket string) *sql.DB {
	t.Helper()
	db := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithNetwork("unix"), pgdriver.WithAddr(socket), pgdriver.WithInsecure(true),
		pgdriver.WithUser(User), pgdriver.WithDatabase(Database)))
	t.Cleanup(func() { ok(t, db.Close()) })
	return db
}

// commit writes a row that must outlive everything that follows.
func commit(t *testing.T, socket, row string) {
	t.Helper()
	db := connect(t, socket)
	exec := func(query string, args ...any) {
		_, err := db.ExecContext(t.Context(), query, args...)
		ok(t, err)
	}
	exec("CREATE TABLE IF NOT EXISTS kept (row text)")
	exec("INSERT INTO kept VALUES ($1)", row)
}

// wantRows checks that exactly the committed rows are there.
func wantRows(t *testing.T, socket string, want ...string) {
	t.Helper()
	var got string
	ok(t, connect(t, socket).QueryRowContext(t.Context(), "SELECT string_agg(row, ' ' ORDER BY row) FROM kept").Scan(&got))
	if got != strings.Join(want, " ") {
		t.Fatalf("the rows are %q, want %q", got, want)
	}
}

// wantGone checks that Postgres left neither a process nor a pid file.
func wantGone(t *testing.T, dir string) {
	t.Helper()
	if pids := running(t, dir); len(pids) != 0 {
		t.Errorf("Postgres processes are left: %v", pids)
	}
	if _, err := os.Stat(pidFileIn(dir)); !os.IsNotExist(err) {
		t.Errorf("the pid file is left (%v)", err)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	late := time.After(20 * time.Second)
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for !is() {
		select {
		case <-poll.C:
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
