package leaving_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/leaving"
	"firstdrops/server/platform/testdb"
)

// restore brings what a dump holds into a database of its own, with the same files beside it.
func (h *house) restore(dump string) *house {
	h.Helper()
	target := testdb.Target(h.T)
	restore := exec.CommandContext(h.Context(), postgresTool(h.T, "psql"), "--quiet", "--dbname", target.URL(), "--set", "ON_ERROR_STOP=1")
	restore.Stdin = strings.NewReader(dump)
	if out, err := restore.CombinedOutput(); err != nil {
		h.Fatalf("restoring: %v\n%s", err, out)
	}
	return houseOn(h.T, target, h.folder)
}

func TestWhoLeftIsErasedAgainFromAnOlderBackup(t *testing.T) {
	t.Parallel()
	g := planted(newHouse(t))
	g.exec(`UPDATE cases SET closed_at = now() WHERE closed_at IS NULL`)
	other := g.text(`SELECT handle FROM people WHERE handle = 'otter'`)
	backup := g.dump()
	g.leave(g.who, accounts.RemoveQuotes)
	back := g.restore(backup)
	all := slices.Concat(g.any, g.words, g.quotes)
	if len(found(back.dumps(), all)) < 30 {
		t.Fatal("the backup does not hold what it should")
	}
	back.must(back.Replay(t.Context()))
	if held := found(back.dumps(), all); len(held) > 0 {
		t.Errorf("back are %v:\n%s", held, around(back.dumps(), held))
	}
	if back.count(`SELECT count(*) FROM people WHERE handle = ?`, other) != 1 {
		t.Error("somebody else went with them")
	}
	before := back.dump()
	back.must(back.Replay(t.Context()))
	if back.dump() != before {
		t.Error("erased once more, though nobody was back")
	}
}

func TestATombstoneTellsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	uid := h.text(`SELECT uid::text FROM people WHERE id = ?`, wren.ID)
	h.leave(wren, accounts.KeepWords)
	stones, err := os.ReadDir(filepath.Join(h.folder, "tombstones"))
	h.must(err)
	if len(stones) != 1 || stones[0].Name() != uid {
		t.Fatalf("found %v, want %s", stones, uid)
	}
	said, err := os.ReadFile(filepath.Join(h.folder, "tombstones", uid))
	h.must(err)
	if string(said) != "{\"parting\":\"keep\"}\n" {
		t.Errorf("it says %s", said)
	}
}

// TestWhatWasBrokenOffIsEndedAtTheNextStart: the tombstone stands, and the process ended before the rest.
func TestWhatWasBrokenOffIsEndedAtTheNextStart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	h.thread(wren, "A title", "Some words.")
	h.must(h.Leave(t.Context(), wren, accounts.RemoveWords))
	h.pass(leaving.Grace)
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE notices RENAME COLUMN object_id TO nowhere`)
	if err := h.WorkDue(t.Context(), wren.ID); err == nil {
		t.Fatal("nothing broke")
	}
	if h.count(`SELECT count(*) FROM posts WHERE body <> ''`) > 0 || h.text(`SELECT handle FROM people WHERE id = ?`, wren.ID) != "wren" {
		t.Fatal("the words should be gone, and the last step undone as a whole")
	}
	h.exec(`SET LOCAL ROLE NONE; ALTER TABLE notices RENAME COLUMN nowhere TO object_id`)
	next := houseOn(t, h.target, h.folder)
	next.must(next.Replay(t.Context()))
	if next.text(`SELECT handle FROM people WHERE id = ?`, wren.ID) != "" || next.count(`SELECT count(*) FROM departures`) > 0 {
		t.Error("the next start did not end it")
	}
}
