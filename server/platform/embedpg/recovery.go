//go:build linux || darwin

package embedpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// pollEvery is how often we look whether processes have gone.
const pollEvery = 10 * time.Millisecond

// step is a signal and how long it may take to work.
type step struct {
	signal   syscall.Signal // 0: only wait
	patience time.Duration
}

var (
	// A postmaster that outlived its server: fast shutdown, then immediate.
	endOrphan = []step{{syscall.SIGINT, 15 * time.Second}, {syscall.SIGQUIT, 10 * time.Second}}
	// Backends that outlived their postmaster: idle ones leave at once, busy ones after their query; people wait.
	endBackends = []step{{0, 2 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}}
	// Children of an initdb that was killed: nothing of theirs is kept.
	endWorkers = []step{{syscall.SIGKILL, 5 * time.Second}}
)

// reclaim makes the cluster startable after any crash. Only the holder of the lock may call it. Postgres itself would
// refuse to start when the pid in its file lives, be it a zombie or an unrelated process that got the number since.
func (f *folder) reclaim(ctx context.Context) error {
	if _, err := os.Stat(f.data()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if left, err := readPidFile(f.pidFile()); err == nil {
		orphan := func() ([]int, error) {
			is, err := isPostgresIn(f.data(), left.pid)
			if !is {
				return nil, err
			}
			return []int{left.pid}, err
		}
		if err := end(ctx, orphan, endOrphan); err != nil {
			return fmt.Errorf("ending the Postgres of an earlier run: %w", err)
		}
	}
	backends := func() ([]int, error) { return postgresIn(f.data()) }
	if err := end(ctx, backends, endBackends); err != nil {
		return fmt.Errorf("ending what an earlier Postgres left: %w", err)
	}
	for _, path := range []string{f.pidFile(), f.socket(), f.socket() + ".lock"} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing what an earlier Postgres left: %w", err)
		}
	}
	return nil
}

// end signals the processes that find returns, step by step, until there are none.
func end(ctx context.Context, find func() ([]int, error), steps []step) error {
	for _, s := range steps {
		pids, err := find()
		if err != nil || len(pids) == 0 {
			return err
		}
		for _, pid := range pids {
			if err := syscall.Kill(pid, s.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("signalling process %d: %w", pid, err)
			}
		}
		if gone, err := awaitNone(ctx, find, s.patience); gone || err != nil {
			return err
		}
	}
	return errors.New("its processes do not end")
}

// awaitNone polls until find returns nothing (true) or patience is over (false).
func awaitNone(ctx context.Context, find func() ([]int, error), patience time.Duration) (bool, error) {
	over := time.After(patience)
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		if pids, err := find(); err != nil || len(pids) == 0 {
			return err == nil, err
		}
		select {
		case <-poll.C:
		case <-over:
			return false, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
