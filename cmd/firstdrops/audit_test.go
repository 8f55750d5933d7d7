package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/embedpg"
)

// auditVerified lets an administrator act, asks the program for the record, and tampers with it as only the database's
// owner can.
func auditVerified(t *testing.T, h *house) {
	thread := strings.Join(strings.Split(h.write(h.people(1)[0], "Words for the desk."), "/")[:3], "/")
	link, stderr, code := h.run("admin", "create", "--handle", "bea", "--email", "bea@example.org")
	if code != 0 {
		t.Fatal(stderr)
	}
	a := h.post(strings.TrimPrefix(strings.TrimSpace(link), h.base()), "", url.Values{"password": {"a long word about snow"}})
	bea := a.cookie("session")
	h.wantStatus(http.StatusNotFound, "/mod/audit", bea) // before the second step is set up, nobody acts for the house
	bea = h.secure(bea)
	if a := h.post(thread+"/lock", bea, url.Values{"reason_code": {"care"}}); a.status != http.StatusSeeOther {
		t.Fatalf("locking %s: %d\n%.400s", thread, a.status, a.body)
	}
	if page := h.wantStatus(http.StatusOK, "/mod/audit", bea); !strings.Contains(page.body, "Out of care") {
		t.Error("the act is not written down")
	}
	if stdout, stderr, code := h.run("audit", "verify"); code != 0 || !strings.Contains(stdout, "The audit is whole. Entries: 3") { // with the two administrators who were made
		t.Errorf("it ended with %d:\n%s%s", code, stdout, stderr)
	}
	socket, running := embedpg.Attach(h.postgres())
	if !running {
		t.Fatal("Postgres does not run")
	}
	owner := db.Open(db.Socket(filepath.Dir(socket), embedpg.User, embedpg.Database).WithPool(1))
	defer func() { _ = owner.Close() }()
	if _, err := owner.ExecContext(t.Context(), "UPDATE audit_entries SET actor_id = 0"); err == nil {
		t.Error("the owner changes an entry by the way")
	}
	if _, err := owner.ExecContext(t.Context(), "SET session_replication_role = replica; UPDATE audit_entries SET actor_id = 0"); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, code := h.run("audit", "verify"); code != 1 || !strings.Contains(stderr, "entry 3 is not as it was written") {
		t.Errorf("it ended with %d:\n%s%s", code, stdout, stderr)
	}
}

var secretShown = regexp.MustCompile(`<code>([A-Z2-7 ]+)</code>`)

// secure sets codes from an app up for whoever the cookie stands for, and gives the cookie that follows.
func (h *house) secure(cookie string) string {
	h.Helper()
	h.post("/settings/security/totp", cookie, url.Values{})
	shown := secretShown.FindStringSubmatch(h.wantStatus(http.StatusOK, "/settings/security/totp", cookie).body)
	if shown == nil {
		h.Fatal("no secret is shown")
	}
	a := h.post("/settings/security/totp/confirm", cookie, url.Values{"code": {codeAt(h.T, strings.ReplaceAll(shown[1], " ", ""), 0)}})
	if a.status != http.StatusOK || a.cookie("session") == "" {
		h.Fatalf("the code is answered with %d:\n%.400s", a.status, a.body)
	}
	return a.cookie("session")
}
