package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestOperator looks after somebody from beside the running site, which hears of it.
func TestOperator(t *testing.T) {
	t.Parallel()
	h := newHouse(t, unlimited)
	h.start()
	phone, laptop := h.signUp("wren", "wren@example.org"), ""
	socket := h.enter(phone)

	listed, stderr, code := h.run("admin", "sessions", "--handle", "Wren")
	ids := regexp.MustCompile(`(?m)^(\d+) +A browser +20\d\d-`).FindAllStringSubmatch(listed, -1)
	if code != 0 || len(ids) != 1 {
		t.Fatalf("listing ended with %d:\n%s%s", code, listed, stderr)
	}
	if stdout, stderr, code := h.run("admin", "end-sessions", "--handle", "wren", "--id", ids[0][1]); code != 0 || stdout != "Sessions ended: 1\n" {
		t.Errorf("ending one: %d:\n%s%s", code, stdout, stderr)
	}
	ended := time.Now()
	if code := socket.closeCode(); code != 4401 {
		t.Errorf("the socket was closed with %d, want 4401", code)
	}
	soon(t, ended, "the end of a session by a command")
	h.wantStatus(http.StatusSeeOther, "/settings/sessions", phone)

	laptop = h.signsIn("wren")
	socket = h.enter(laptop)
	if stdout, stderr, code := h.run("admin", "reset-second-factor", "--handle", "wren"); code != 0 || !strings.Contains(stdout, "wren is signed out") {
		t.Errorf("the second factor: %d:\n%s%s", code, stdout, stderr)
	}
	if code := socket.closeCode(); code != 4401 {
		t.Errorf("the socket was closed with %d, want 4401", code)
	}
	h.wantStatus(http.StatusSeeOther, "/settings/sessions", laptop)

	for command, flag := range map[string]string{
		"sessions": "--handle: ", "end-sessions": "--handle: ", "reset-second-factor": "--handle: ", "end-sessions --id 999999 --handle wren": "--id: ",
	} {
		args := append([]string{"admin"}, strings.Fields(command)...)
		if !strings.Contains(command, "wren") {
			args = append(args, "--handle", "nobody-here")
		}
		if stdout, stderr, code := h.run(args...); code == 0 || stdout != "" || !strings.Contains(stderr, flag) {
			t.Errorf("%s: %d:\n%s%s", command, code, stdout, stderr)
		}
	}
	if stdout, stderr, code := h.run("audit", "verify"); code != 0 || !strings.Contains(stdout, "Entries: 3,") {
		t.Errorf("the audit: %d:\n%s%s", code, stdout, stderr)
	}
}
