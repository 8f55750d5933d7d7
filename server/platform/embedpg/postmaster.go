//go:build linux || darwin

package embedpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	readyWithin = 90 * time.Second // replaying the log after a crash takes a while
	largestLog  = 8 << 20          // bytes; a larger log is emptied at the next start
)

// settings are ours for every cluster. Queries carry what people wrote, as values in their text, so Postgres must write
// down neither queries nor the messages and details of their errors: the server gets those and knows what to keep.
var settings = map[string]string{
	"port":                             "5432", // only part of the socket's name
	"listen_addresses":                 "",
	"unix_socket_permissions":          "0700",
	"max_connections":                  "100",
	"fsync":                            "on",
	"synchronous_commit":               "on",
	"client_connection_check_interval": "500ms",

	"logging_collector":          "off",
	"log_destination":            "stderr",
	"log_checkpoints":            "off",
	"log_statement":              "none",
	"log_min_duration_statement": "-1",
	"log_min_error_statement":    "panic",
	"log_min_messages":           "log", // leaves out errors, whose messages quote values, and keeps starts, stops and crashes
	"log_error_verbosity":        "terse",
}

// process is a child and how it ended.
type process struct {
	cmd    *exec.Cmd
	exited chan struct{} // closed at its end
	err    error         // to be read after exited
}

// spawn starts cmd from a thread of its own: Linux sends the parent-death signal when the forking thread ends, so that
// thread must live exactly as long as the child.
func spawn(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// postmaster is a running Postgres.
type postmaster struct {
	*process
	since time.Time
}

// launch starts Postgres on the cluster and waits until it takes connections. On failure nothing is left running.
func (f *folder) launch(ctx context.Context, bin string, extra map[string]string) (*postmaster, error) {
	log, err := f.openLog()
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // Postgres has its own copy
	args := []string{"-D", f.data(), "-c", `unix_socket_directories="` + strings.ReplaceAll(f.sockets, `"`, `""`) + `"`}
	all := maps.Clone(settings)
	maps.Copy(all, extra)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	// SIGINT is a fast shutdown: should we be killed, Postgres ends by itself.
	cmd := f.owner.command(context.WithoutCancel(ctx), syscall.SIGINT, filepath.Join(bin, "postgres"), args...)
	cmd.Stdout, cmd.Stderr = log, log // a file, not a pipe: without us nobody would read a pipe
	child, err := spawn(cmd)
	if err != nil {
		return nil, fmt.Errorf("starting Postgres: %w", err)
	}
	m := &postmaster{process: child, since: time.Now()}
	if err := f.awaitReady(ctx, m); err != nil {
		m.stop(ctx)
		return nil, err
	}
	return m, nil
}

func (f *folder) openLog() (*os.File, error) {
	info, err := os.Stat(f.logFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking at the log of Postgres: %w", err)
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	if err == nil && info.Size() > largestLog {
		flags |= os.O_TRUNC
	}
	log, err := os.OpenFile(f.logFile(), flags, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the log of Postgres: %w", err)
	}
	return log, nil
}

// awaitReady waits for the word "ready" in the pid file, as pg_ctl does, and for the socket to answer.
func (f *folder) awaitReady(ctx context.Context, m *postmaster) error {
	ctx, cancel := context.WithTimeoutCause(ctx, readyWithin, errors.New("Postgres did not get ready in time"))
	defer cancel()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		status, err := readPidFile(f.pidFile())
		if err == nil && status.ready && status.pid == m.cmd.Process.Pid && knock(ctx, f.socket()) == nil {
			return nil
		}
		select {
		case <-poll.C:
		case <-m.exited:
			said, _ := os.ReadFile(f.logFile())
			return fmt.Errorf("Postgres ended while starting (%w): %s", m.err, lastLines(said))
		case <-ctx.Done():
			return fmt.Errorf("waiting for Postgres: %w", context.Cause(ctx))
		}
	}
}

// stop ends Postgres: fast shutdown until ctx is over (20 seconds at most), then immediate, then SIGKILL.
func (m *postmaster) stop(ctx context.Context) {
	fast, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if m.signal(fast, syscall.SIGINT) {
		return
	}
	immediate, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if m.signal(immediate, syscall.SIGQUIT) {
		return
	}
	m.signal(context.WithoutCancel(ctx), syscall.SIGKILL)
}

// signal sends sig and reports whether Postgres ended before ctx did.
func (m *postmaster) signal(ctx context.Context, sig syscall.Signal) bool {
	_ = m.cmd.Process.Signal(sig) // fails only when it has ended, which the next line sees
	select {
	case <-m.exited:
		return true
	case <-ctx.Done():
		return false
	}
}

// lastLines is the end of what a program said, on one line, for an error.
func lastLines(said []byte) string {
	lines := bytes.Split(bytes.TrimSpace(said), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-3):], []byte(" / ")))
}
