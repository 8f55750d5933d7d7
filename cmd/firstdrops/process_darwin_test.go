package main

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
)

// diesWithUs asks for nothing: macOS tells no child of its parent's death.
func diesWithUs() *syscall.SysProcAttr { return nil }

// running is a living process; folder stays empty.
type running struct {
	pid, parent     int
	command, folder string
}

// processes lists the machine's, without zombies.
func processes() ([]running, error) {
	listed, err := exec.Command("/bin/ps", "-axo", "pid=,ppid=,stat=,command=").Output()
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	var all []running
	for line := range strings.Lines(string(listed)) {
		var one running
		var state string
		if _, err := fmt.Sscan(line, &one.pid, &one.parent, &state); err != nil {
			return nil, fmt.Errorf("reading the list of processes: %w", err)
		}
		one.command = line
		if !strings.HasPrefix(state, "Z") {
			all = append(all, one)
		}
	}
	return all, nil
}
