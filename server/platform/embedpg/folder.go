//go:build linux || darwin

package embedpg

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// socketName is fixed by Postgres: the port is part of it, though none is open.
const socketName = ".s.PGSQL.5432"

// longestSocket is the room for a socket's path in sockaddr_un: 104 bytes on macOS (108 on Linux), one of them a zero.
const longestSocket = 103

// folder is the directory that embedpg owns:
//
//	lock          held by the process that runs Postgres; its pid is inside
//	data/         the cluster
//	init-*/       a cluster in the making
//	run/          the socket, unless the path is too long for one
//	postgres.log
type folder struct {
	path    string
	owner   account // of data and run; the rest is ours
	sockets string  // the directory of the socket
}

// openFolder makes dir where needed and checks that Postgres will be able to reach it.
func openFolder(dir string) (*folder, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the folder of Postgres: %w", err)
	}
	if err := makeFolders(path, 0o711); err != nil {
		return nil, err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return nil, fmt.Errorf("finding the folder of Postgres: %w", err)
	}
	f := &folder{path: path}
	if f.owner, err = accountFor(f.data()); err != nil {
		return nil, err
	}
	shut, err := f.owner.shutOutAt(path)
	if err != nil {
		return nil, err
	}
	if shut != "" {
		return nil, fmt.Errorf("Postgres runs as %s, who cannot pass through %s to reach %s: choose another folder, or chmod o+x %s", f.owner.name, shut, path, shut)
	}
	f.sockets = filepath.Join(path, "run")
	if len(filepath.Join(f.sockets, socketName)) > longestSocket {
		sum := sha256.Sum256([]byte(path))
		f.sockets = filepath.Join(os.TempDir(), "firstdrops-pg-"+hex.EncodeToString(sum[:6]))
	}
	return f, nil
}

func (f *folder) data() string    { return filepath.Join(f.path, "data") }
func (f *folder) pidFile() string { return pidFileIn(f.path) }
func (f *folder) logFile() string { return filepath.Join(f.path, "postgres.log") }
func (f *folder) socket() string  { return filepath.Join(f.sockets, socketName) }

func pidFileIn(dir string) string { return filepath.Join(dir, "data", "postmaster.pid") }

// makeFolders makes path and its missing parents with mode, whatever the umask: Postgres may run as somebody else, who
// has to pass through them.
func makeFolders(path string, mode fs.FileMode) error {
	made := []string{path}
	for at := filepath.Dir(path); ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append(made, at)
	}
	if err := os.MkdirAll(path, mode); err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	for _, at := range made {
		if err := os.Chmod(at, mode); err != nil {
			return fmt.Errorf("opening a folder's way: %w", err)
		}
	}
	return nil
}

// makeSockets makes the directory of the socket. In the temporary directory anybody may have made it before us, so it
// must belong to Postgres (or to us, who were about to give it away) and be shut to others.
func (f *folder) makeSockets() error {
	err := os.Mkdir(f.sockets, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making the folder of the socket: %w", err)
	}
	info, err := os.Lstat(f.sockets)
	if err != nil {
		return fmt.Errorf("looking at the folder of the socket: %w", err)
	}
	owner := ownerOf(info)
	if ours := owner == f.owner.uid || owner == os.Geteuid(); !ours || info.Mode() != fs.ModeDir|0o700 {
		return fmt.Errorf("%s is not a closed folder of ours (%v, of uid %d): remove it", f.sockets, info.Mode(), owner)
	}
	return f.owner.give(f.sockets)
}

// lock takes the folder for this process, or fails with ErrInUse. Children do not inherit the lock (close on exec), so
// it is free as soon as we are gone, in whichever way.
func (f *folder) lock() (*os.File, error) {
	path := filepath.Join(f.path, "lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer func() { _ = file.Close() }()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		pid, _ := holder(f.path)
		socket, _ := Attach(f.path)
		return nil, fmt.Errorf("%s: %w", f.path, ErrInUse{PID: pid, Socket: socket})
	}
	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("writing our pid: %w", err), unlock(file))
	}
	return file, nil
}

// unlock empties the lock and frees it. Unlocking is explicit because a child between fork and exec still has a copy.
func unlock(file *os.File) error {
	err := errors.Join(file.Truncate(0), syscall.Flock(int(file.Fd()), syscall.LOCK_UN), file.Close())
	if err != nil {
		return fmt.Errorf("freeing the lock: %w", err)
	}
	return nil
}

// holder is the pid written in the lock, and whether that process lives.
func holder(dir string) (pid int, alive bool) {
	text, err := os.ReadFile(filepath.Join(dir, "lock"))
	if err != nil {
		return 0, false
	}
	pid, err = strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 0 {
		return 0, false
	}
	err = syscall.Kill(pid, 0)
	return pid, err == nil || errors.Is(err, syscall.EPERM)
}

// Attach finds the Postgres that another process runs on dir. It disturbs nobody: it takes no lock. running is false
// also while that Postgres is starting or down; Start then says ErrInUse.
func Attach(dir string) (socketFile string, running bool) {
	if _, alive := holder(dir); !alive {
		return "", false
	}
	status, err := readPidFile(pidFileIn(dir))
	if err != nil || !status.ready {
		return "", false
	}
	if err := knock(context.Background(), status.socket); err != nil {
		return "", false
	}
	return status.socket, true
}

// pidFile is what the postmaster writes about itself in postmaster.pid.
type pidFile struct {
	pid    int
	socket string
	ready  bool
}

// readPidFile reads the lines that Postgres promises to pg_ctl: 1 the pid, 5 the directory of the socket, 8 the status.
func readPidFile(path string) (pidFile, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return pidFile{}, fmt.Errorf("reading the pid file: %w", err)
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return pidFile{}, fmt.Errorf("reading the pid file: %w", err)
	}
	if len(lines) < 8 {
		return pidFile{pid: pid}, nil
	}
	return pidFile{
		pid:    pid,
		socket: filepath.Join(lines[4], socketName),
		ready:  strings.TrimSpace(lines[7]) == "ready",
	}, nil
}

// knock checks that somebody listens on the socket.
func knock(ctx context.Context, socket string) error {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "unix", socket)
	if err != nil {
		return fmt.Errorf("calling Postgres: %w", err)
	}
	return conn.Close()
}
