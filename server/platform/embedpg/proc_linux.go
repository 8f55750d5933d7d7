package embedpg

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// locale is the one that every glibc and musl has.
const locale = "C.UTF-8"

// processAttributes asks the kernel to send sig to the child when the thread that forked it ends.
func processAttributes(sig syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: sig}
}

// isPostgresIn reports whether pid is a living Postgres process of the cluster in data: all of them have it as their
// working directory, which a reused pid has not, nor a zombie. A person's shell standing in data is not Postgres.
func isPostgresIn(data string, pid int) (bool, error) {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	name, err := os.ReadFile(filepath.Join(proc, "comm"))
	if err != nil || !bytes.Contains(name, []byte("postgres")) {
		return false, nil //nolint:nilerr // it is gone
	}
	dir, err := os.Stat(data)
	if err != nil {
		return false, fmt.Errorf("looking at the cluster: %w", err)
	}
	cwd, err := statAs(dir.Sys().(*syscall.Stat_t), filepath.Join(proc, "cwd"))
	if err != nil {
		return false, nil //nolint:nilerr // it is gone, or not ours to see
	}
	return os.SameFile(cwd, dir), nil
}

// statAs looks at path with the rights that owner has on files. Root may lack CAP_SYS_PTRACE, as in most containers,
// and then cannot see where another account's processes work; their own account can.
func statAs(owner *syscall.Stat_t, path string) (info fs.FileInfo, err error) {
	if os.Geteuid() != 0 {
		return os.Stat(path)
	}
	runtime.LockOSThread() // these rights are the thread's
	defer runtime.UnlockOSThread()
	if err := errors.Join(syscall.Setfsgid(int(owner.Gid)), syscall.Setfsuid(int(owner.Uid))); err != nil {
		return nil, fmt.Errorf("looking as another account: %w", err)
	}
	defer func() { err = errors.Join(err, syscall.Setfsuid(os.Geteuid()), syscall.Setfsgid(os.Getegid())) }()
	return os.Stat(path)
}

// postgresIn lists the processes of the cluster in data.
func postgresIn(data string) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	var pids []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue // not a process
		}
		is, err := isPostgresIn(data, pid)
		if err != nil {
			return nil, err
		}
		if is {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}
