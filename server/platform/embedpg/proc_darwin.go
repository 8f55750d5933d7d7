package embedpg

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// locale is the one that every macOS has.
const locale = "en_US.UTF-8"

// processAttributes ignores the signal: macOS tells no child of its parent's death. A postmaster that outlives us is
// ended by the next start.
func processAttributes(syscall.Signal) *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

// isPostgresIn reports whether pid is a living Postgres process of the cluster in data.
func isPostgresIn(data string, pid int) (bool, error) {
	pids, err := postgresIn(data)
	return slices.Contains(pids, pid), err
}

// postgresIn lists the processes of the cluster in data: all of them have it as their working directory.
func postgresIn(data string) ([]int, error) {
	out, err := exec.CommandContext(context.Background(), "/usr/sbin/lsof", "-t", "-a", "-c", "postgres", "-d", "cwd", "--", data).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) == 0 {
		return nil, nil // lsof fails when it finds nothing
	}
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	var pids []int
	for _, field := range strings.Fields(string(out)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("reading the list of processes: %w", err)
		}
		pids = append(pids, pid)
	}
	return pids, nil
}
