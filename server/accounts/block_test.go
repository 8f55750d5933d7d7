package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/jobs"
)

func (h *house) apart(v accounts.Viewer) []int64 {
	h.t.Helper()
	ids, err := h.Apart(h.t.Context(), v.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return ids
}

func (h *house) blocks(v accounts.Viewer) []accounts.Block {
	h.t.Helper()
	blocks, err := h.Blocks(h.t.Context(), v)
	if err != nil {
		h.t.Fatal(err)
	}
	return blocks
}

// jobs are the args of all jobs of a kind, the oldest first.
func (h *house) jobs(kind string) []string {
	h.t.Helper()
	var args []string
	err := h.db.NewRaw(`SELECT args::text FROM river_job WHERE kind = ? ORDER BY id`, kind).Scan(h.t.Context(), &args)
	if err != nil {
		h.t.Fatal(err)
	}
	return args
}

func (h *house) blocked(v accounts.Viewer, handle string) accounts.Block {
	h.t.Helper()
	if err := h.Block(h.t.Context(), v, handle); err != nil {
		h.t.Fatal(err)
	}
	return h.blocks(v)[0]
}

func TestABlockHoldsBothWaysUntilItsOwnerEndsIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, marit := h.viewer(h.join("wren").Token), h.viewer(h.join("Sol").Token), h.viewer(h.join("marit").Token)
	var tries sync.WaitGroup
	for range 8 {
		tries.Go(func() {
			if err := h.Block(t.Context(), wren, "SOL"); err != nil {
				t.Errorf("blocking: %v", err)
			}
		})
	}
	tries.Wait()
	set := h.blocks(wren)
	if len(set) != 1 || set[0].Name != "Sol" || set[0].Handle != "Sol" || set[0].ThreadID != 0 || !set[0].CreatedAt.Equal(h.now()) {
		t.Fatalf("the list is %+v", set)
	}
	if a, b, c := h.apart(wren), h.apart(sol), h.apart(marit); !slices.Equal(a, []int64{sol.ID}) || !slices.Equal(b, []int64{wren.ID}) || len(c) != 0 {
		t.Errorf("apart are %v, %v and %v", a, b, c)
	}
	if len(h.blocks(sol)) != 0 {
		t.Error("the other finds it in a list")
	}
	if err := h.Unblock(t.Context(), sol, set[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the other ends it: %v", err)
	}
	back := h.blocked(sol, "wren")
	for _, want := range []int{1, 0} { // each ends their own only
		owner, id := wren, set[0].ID
		if want == 0 {
			owner, id = sol, back.ID
		}
		if err := h.Unblock(t.Context(), owner, id); err != nil {
			t.Fatal(err)
		}
		if got := h.apart(wren); len(got) != want {
			t.Errorf("apart is %v, want %d", got, want)
		}
	}
	if err := h.Unblock(t.Context(), wren, set[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("ended twice: %v", err)
	}
	h.blocked(wren, "sol")
	h.exec(`UPDATE people SET handle = '', handle_fold = NULL, left_at = now() WHERE id = ?`, sol.ID)
	if set := h.blocks(wren); len(set) != 0 {
		t.Errorf("who has left is in the list: %+v", set)
	}
}

// TestPartingIsToldOnceToBothNodesAndWorkers in the transaction of the block and of its end.
func TestPartingIsToldOnceToBothNodesAndWorkers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.viewer(h.join("wren").Token), h.viewer(h.join("sol").Token)
	h.blocked(wren, "sol")
	set := h.blocked(wren, "sol")
	if err := h.Unblock(t.Context(), wren, set.ID); err != nil {
		t.Fatal(err)
	}
	job := fmt.Sprintf(`{"other_id": %d, "person_id": %d}`, sol.ID, wren.ID)
	if got := h.jobs("accounts.parted"); !slices.Equal(got, []string{job, job}) {
		t.Errorf("the jobs are %v", got)
	}
	news := []string{fmt.Sprint(accounts.ApartSubject, wren.ID), fmt.Sprint(accounts.ApartSubject, sol.ID)}
	if got := h.heard(); !slices.Equal(got, append(news, news...)) {
		t.Errorf("told was %v", got)
	}
	full := jobs.Handing(func(context.Context, *db.Tx, river.JobArgs) error { return errors.New("the queue is away") })
	if err := accounts.New(h.db, full, h, h.now).Block(t.Context(), wren, "sol"); err == nil || len(h.blocks(wren)) != 0 {
		t.Errorf("a block stands without its job: %v", err)
	}
}

func TestWhoCannotBeBlocked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.viewer(h.join("wren").Token), h.viewer(h.join("sol").Token)
	h.exec(`UPDATE people SET left_at = now() WHERE id = ?`, sol.ID)
	for _, handle := range []string{"sol", "nobody", "", "\x00", "\xff", strings.Repeat("x", 5000)} {
		if err := h.Block(t.Context(), wren, handle); !fault.Is(err, fault.NotFound) {
			t.Errorf("%.10q: %v", handle, err)
		}
	}
	if err := h.Block(t.Context(), wren, "WREN"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("oneself: %v", err)
	}
	if err := h.Block(t.Context(), accounts.Viewer{}, "wren"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a guest: %v", err)
	}
	h.exec(`INSERT INTO people (handle, handle_fold, display_name, email, role, created_at)
		SELECT 'm' || i, 'm' || i, 'm' || i, 'm' || i || '@example.org', 'member', now() FROM generate_series(1, 501) i`)
	h.exec(`INSERT INTO blocks (blocker_id, blocked_id, created_at) SELECT ?, id, now() FROM people WHERE handle LIKE 'm%' AND handle <> 'm501'`, wren.ID)
	if err := h.Block(t.Context(), wren, "m501"); !fault.Is(err, fault.Conflict) {
		t.Errorf("one more than the list shows: %v", err)
	}
}

// TestAnAliasIsBlockedWithoutTellingWhoItIs nor keeping anybody apart elsewhere.
func TestAnAliasIsBlockedWithoutTellingWhoItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.viewer(h.join("wren").Token), h.viewer(h.join("sol").Token)
	h.exec(`INSERT INTO aliases (person_id, thread_id, name, fold, created_at) VALUES (?, 7, 'Quiet Heron', 'quiet heron', now())`, sol.ID)
	block := func(v accounts.Viewer, thread int64, name string) error {
		return h.BlockAlias(context.Background(), v, thread, name)
	}
	for range 2 {
		if err := block(wren, 7, "quiet HERON "); err != nil {
			t.Fatal(err)
		}
	}
	set := h.blocks(wren)
	if len(set) != 1 || set[0].Name != "Quiet Heron" || set[0].Handle != "" || set[0].ThreadID != 7 {
		t.Errorf("the list is %+v", set)
	}
	if a, b := h.apart(wren), h.apart(sol); len(a)+len(b) != 0 {
		t.Errorf("apart are %v and %v", a, b)
	}
	if err := block(sol, 7, "Quiet Heron"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("one's own alias: %v", err)
	}
	for _, name := range []string{"sol", "", "\x00", "\xff"} {
		if err := block(wren, 7, name); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := block(wren, 8, "Quiet Heron"); !fault.Is(err, fault.NotFound) {
		t.Errorf("in another thread: %v", err)
	}
	if err := h.Unblock(t.Context(), wren, set[0].ID); err != nil || len(h.jobs("accounts.parted")) != 0 || len(h.heard()) != 0 {
		t.Errorf("ended with %v; told was %v", err, h.heard())
	}
}

// TestAProfileSaysNothingToThoseApart, as if its owner showed it to nobody; only who asked for it finds the block there.
func TestAProfileSaysNothingToThoseApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol, staff := h.viewer(h.join("wren").Token), h.viewer(h.join("sol").Token), h.viewer(h.join("maya").Token)
	staff.Role = accounts.Moderator
	h.exec(`UPDATE people SET pronouns = 'they', way_line = 'Slowly.', way = '{pumping}'`)
	read := func(v accounts.Viewer, handle string) accounts.Person {
		t.Helper()
		person, err := h.Person(t.Context(), v, handle)
		if err != nil {
			t.Fatal(err)
		}
		return person
	}
	said := func(p accounts.Person) bool { return p.Pronouns != "" || p.WayLine != "" || len(p.Way) > 0 }
	block := h.blocked(wren, "sol")
	if p := read(wren, "sol"); said(p) || p.Block != block.ID || p.Apart {
		t.Errorf("who asked for it reads %+v", p)
	}
	if p := read(sol, "wren"); said(p) || p.Block != 0 || p.Apart || p.Name != "wren" {
		t.Errorf("the other reads %+v", p)
	}
	for _, v := range []accounts.Viewer{{}, staff} {
		if p := read(v, "wren"); !said(p) || p.Block != 0 || p.Apart {
			t.Errorf("%q reads %+v", v.Handle, p)
		}
	}
	h.blocked(staff, "wren")
	if p := read(staff, "wren"); !said(p) {
		t.Errorf("staff who asked for it themselves read %+v", p)
	}
}
