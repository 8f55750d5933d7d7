package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// diesWithUs lets no program outlive the tests, not even those that a time-out ends.
func diesWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// running is a living process; folder is where it stands, where we may see that.
type running struct {
	pid, parent     int
	command, folder string
}

// processes lists the machine's. A zombie is none: nobody but the system can end it.
func processes() ([]running, error) {
	found, err := filepath.Glob("/proc/[0-9]*")
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("listing processes: %d found: %w", len(found), err)
	}
	var all []running
	for _, dir := range found {
		stat, err := os.ReadFile(filepath.Join(dir, "stat"))
		if err != nil {
			continue // it is gone
		}
		// pid (name) state parent …, and the name may hold anything
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) < 2 || fields[0] == "Z" || fields[0] == "X" {
			continue
		}
		one := running{}
		one.pid, _ = strconv.Atoi(filepath.Base(dir)) // a number by the pattern
		one.parent, _ = strconv.Atoi(fields[1])
		command, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
		one.command = strings.ReplaceAll(string(command), "\x00", " ")
		one.folder, _ = os.Readlink(filepath.Join(dir, "cwd"))
		all = append(all, one)
	}
	return all, nil
}
