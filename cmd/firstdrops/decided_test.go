package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/embedpg"
)

// owner opens the house's own database past the program.
func (h *house) owner() *db.DB {
	h.Helper()
	socket, running := embedpg.Attach(h.postgres())
	if !running {
		h.Fatal("Postgres does not run")
	}
	return db.Open(db.Socket(filepath.Dir(socket), embedpg.User, embedpg.Database).WithPool(2))
}

// count asks the database for one number.
func (h *house) count(question string, args ...any) int {
	h.Helper()
	owner := h.owner()
	defer func() { _ = owner.Close() }()
	var n int
	if err := owner.NewRaw(question, args...).Scan(h.Context(), &n); err != nil {
		h.Fatalf("%s: %v", question, err)
	}
	return n
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// TestKilledWhileDeciding kills the server between a decision and its entry in the audit, and anywhere around: both are
// there, or neither, and what was decided on stands as they say.
func TestKilledWhileDeciding(t *testing.T) {
	t.Parallel()
	h := newHouse(t, unlimited)
	h.start()
	cookies := h.people(3)
	author, reporter, maya := cookies[0], cookies[1], cookies[2]
	h.count(`WITH made AS (UPDATE people SET role = 'moderator' WHERE id = 3 RETURNING id) SELECT count(*) FROM made`)
	h.write(author, "The first words")
	for round := 1; round <= 6; round++ {
		post := h.writeReply(author, fmt.Sprintf("Rude words %d", round))
		id := h.caseOf(reporter, maya, post)
		form := url.Values{"action": {"hide"}, "reason_code": {"unkind"}, "note": {"Please be kind."}, "version": {h.version(maya, id)}}
		decide := func() { // it may never be answered
			_, _ = ask(http.MethodPost, h.base()+fmt.Sprintf("/mod/cases/%d/decide", id), maya, form)
		}
		if round == 1 {
			h.killBeforeTheAudit(decide)
		} else {
			done := make(chan struct{})
			go func() { decide(); close(done) }()
			<-time.After(time.Duration(round) * 4 * time.Millisecond)
			h.now.kill()
			<-done
		}
		h.start()
		hidden := h.count(`SELECT count(*) FROM posts WHERE id = ? AND hidden_at IS NOT NULL`, post)
		acted := h.count(`SELECT count(*) FROM audit_entries WHERE verb = 'hide' AND kind = 'post' AND object_id = ?`, post)
		decided := h.count(`SELECT count(*) FROM audit_entries WHERE verb = 'decide' AND kind = 'case' AND object_id = ?`, id)
		decisions := h.count(`SELECT count(*) FROM decisions WHERE case_id = ?`, id)
		if hidden != acted || hidden != decided || hidden != decisions || round == 1 && hidden != 0 {
			t.Errorf("round %d: hidden %d, written down %d, decided %d and %d", round, hidden, acted, decided, decisions)
		}
		t.Logf("round %d: hidden %d", round, hidden)
	}
	if stdout, stderr, code := h.run("audit", "verify"); code != 0 {
		t.Errorf("the audit: %s%s", stdout, stderr)
	}
}

// writeReply replies in the first thread and gives the post's id.
func (h *house) writeReply(cookie, words string) int {
	h.Helper()
	a := h.post("/t/1/posts", cookie, url.Values{"body": {words}, "key": {fmt.Sprintf("00000000-0000-4000-8000-%012d", len(words)*100+int(words[len(words)-1]))}})
	var id int
	if _, anchor, found := strings.Cut(a.header.Get("Location"), "#p-"); !found {
		h.Fatalf("the reply was answered with %d to %q", a.status, a.header.Get("Location"))
	} else if _, err := fmt.Sscan(anchor, &id); err != nil {
		h.Fatal(err)
	}
	return id
}

// caseOf has a post reported and its case claimed.
func (h *house) caseOf(reporter, moderator string, post int) int {
	h.Helper()
	if a := h.post(fmt.Sprintf("/p/%d/report", post), reporter, url.Values{"reason": {"unkind"}, "note": {""}}); a.status != http.StatusSeeOther {
		h.Fatalf("the report was answered with %d\n%.400s", a.status, a.body)
	}
	id := h.count(`SELECT id FROM cases WHERE kind = 'post' AND object_id = ?`, post)
	a := h.post(fmt.Sprintf("/mod/cases/%d/claim", id), moderator, url.Values{"version": {h.version(moderator, id)}})
	if a.status != http.StatusSeeOther {
		h.Fatalf("claiming was answered with %d\n%.400s", a.status, a.body)
	}
	return id
}

// version is the one that the case page's forms carry.
func (h *house) version(moderator string, id int) string {
	h.Helper()
	found := versionField.FindStringSubmatch(h.wantStatus(http.StatusOK, fmt.Sprintf("/mod/cases/%d", id), moderator).body)
	if found == nil {
		h.Fatal("the case page has no version")
	}
	return found[1]
}

// killBeforeTheAudit holds the audit's end, so that the decision waits before its last step, and kills the server there.
func (h *house) killBeforeTheAudit(decide func()) {
	h.Helper()
	owner := h.owner()
	defer func() { _ = owner.Close() }()
	killed := false
	err := owner.InTx(h.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT FROM audit_head FOR UPDATE"); err != nil {
			return err
		}
		decided := make(chan struct{})
		go func() { decide(); close(decided) }()
		h.eventually(20*time.Second, "the decision to come to its audit", func() bool {
			return h.count(`SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0 AND query LIKE '%audit_append%'`) > 0
		})
		h.now.kill() // and its Postgres follows
		<-decided
		killed = true
		return nil
	})
	if !killed {
		h.Fatal(err)
	}
}
