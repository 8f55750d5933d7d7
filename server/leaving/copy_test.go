package leaving_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
)

// copyOf has somebody's copy made and reads it: its files by name.
func (h *house) copyOf(who accounts.Viewer) map[string]string {
	h.Helper()
	h.must(h.AskExport(h.Context(), who))
	e, err := h.Export(h.Context(), who)
	h.must(err)
	h.must(h.WorkAsked(h.Context(), who.ID, e.Key))
	return h.unpacked(who)
}

func (h *house) unpacked(who accounts.Viewer) map[string]string {
	h.Helper()
	file, e, err := h.OpenExport(h.Context(), who)
	h.must(err)
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(file)
	h.must(err)
	if int64(len(content)) != e.Bytes {
		h.Errorf("%d bytes, said to be %d", len(content), e.Bytes)
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	h.must(err)
	files := map[string]string{}
	for _, f := range archive.File {
		opened, err := f.Open()
		h.must(err)
		words, err := io.ReadAll(opened)
		h.must(err)
		files[f.Name] = string(words)
	}
	return files
}

func TestACopyHoldsAllThatIsTheirsAndNothingElse(t *testing.T) {
	t.Parallel()
	g := planted(newHouse(t))
	g.exec(`DELETE FROM exports`)
	g.exec(`UPDATE posts SET body = body || ' It says zqothersxkv.' WHERE author_id <> ?`, g.who.ID)
	g.exec(`UPDATE reports SET note = 'zqreporterxkv' WHERE reporter_id <> ?`, g.who.ID)
	files := g.copyOf(g.who)
	copied := files["first-drops.json"]
	// The password's hash, what proves who they are, names once more, jobs and letters are no part of it.
	theirs := slices.Concat(g.any, g.words, g.quotes)
	missing := slices.DeleteFunc(slices.Clone(theirs), func(word string) bool { return strings.Contains(copied, word) })
	if len(missing) > 12 {
		t.Errorf("%d of %d words are missing: %v", len(missing), len(theirs), missing)
	}
	for _, word := range g.words {
		if !strings.Contains(copied, word) || !strings.Contains(files["index.html"], word) {
			t.Errorf("%s is missing", word)
		}
	}
	for _, foreign := range []string{"zqothersxkv", "zqreporterxkv", "Please help me.", "maya", "dove"} {
		if strings.Contains(copied, foreign) || strings.Contains(files["index.html"], foreign) {
			t.Errorf("it holds others' words: %s", foreign)
		}
	}
	var read map[string]json.RawMessage
	if err := json.Unmarshal([]byte(copied), &read); err != nil {
		t.Fatalf("it is no JSON: %v", err)
	}
	var about map[string]string
	g.must(json.Unmarshal(read["about"], &about))
	for key := range read {
		if key != "about" && about[key] == "" {
			t.Errorf("nothing says what %s is", key)
		}
	}
	if page := files["index.html"]; regexp.MustCompile(`(?i)<(img|script|link|iframe)|src=|url\(`).MatchString(page) {
		t.Error("the page asks something of another place")
	}
}

// TestALargeCopyIsReadInPages: no row is lost or doubled where a page ends.
func TestALargeCopyIsReadInPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	thread, _ := h.thread(wren, "A title", "Number 1.")
	h.exec(`INSERT INTO posts (thread_id, n, author_id, label, body, html, html_version, created_at)
		SELECT ?, i, ?, 'peer', 'Number ' || i || '.', '', 1, now() FROM generate_series(2, 401) i`, thread.ID, wren.ID)
	h.exec(`INSERT INTO messages (room_id, n, seq, rev, author_id, cmid, label, body, html, html_version, at)
		SELECT r.id, i, i, i, ?, gen_random_uuid(), 'peer', 'Message ' || r.id || '/' || i || '.', '', 1, now() FROM rooms r, generate_series(1, 150) i`, wren.ID)
	copied := h.copyOf(wren)["first-drops.json"]
	for i := 1; i <= 401; i++ {
		if n := strings.Count(copied, fmt.Sprintf(`"Number %d."`, i)); n != 1 {
			t.Errorf("post %d stands there %d times", i, n)
		}
	}
	if n := len(regexp.MustCompile(`"Message \d+/\d+\."`).FindAllString(copied, -1)); n != 450 {
		t.Errorf("%d messages, want 450", n)
	}
}

func TestThereIsOneCopyAtATimeForADay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sol := h.member("wren"), h.member("sol")
	h.must(h.AskExport(t.Context(), wren))
	if err := h.AskExport(t.Context(), wren); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second one while the first is made: %v", err)
	}
	if _, _, err := h.OpenExport(t.Context(), wren); !fault.Is(err, fault.NotFound) {
		t.Errorf("opened before it is there: %v", err)
	}
	e, err := h.Export(t.Context(), wren)
	h.must(err)
	h.must(h.WorkAsked(t.Context(), wren.ID, e.Key))
	if !strings.Contains(h.unpacked(wren)["first-drops.json"], `"handle" : "wren"`) {
		t.Error("it is not theirs")
	}
	if _, _, err := h.OpenExport(t.Context(), sol); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	if err := h.AskExport(t.Context(), wren); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second one while the first is there: %v", err)
	}
	h.pass(24 * time.Hour)
	if _, _, err := h.OpenExport(t.Context(), wren); !fault.Is(err, fault.NotFound) {
		t.Errorf("opened after a day: %v", err)
	}
	h.must(h.WorkExpired(t.Context(), wren.ID, e.Key))
	if n := h.files(); n != 0 {
		t.Errorf("%d files are left", n)
	}
	h.must(h.AskExport(t.Context(), wren))
	h.must(h.WorkExpired(t.Context(), wren.ID, e.Key)) // again, of the old one
	if e, err := h.Export(t.Context(), wren); err != nil || !e.Asked() {
		t.Errorf("the new one went with the old: %+v, %v", e, err)
	}
}

func TestACopyThatNobodyWaitsForGoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren := h.member("wren")
	h.must(h.AskExport(t.Context(), wren))
	e, err := h.Export(t.Context(), wren)
	h.must(err)
	h.leave(wren, accounts.KeepWords)
	h.must(h.WorkAsked(t.Context(), wren.ID, e.Key)) // it was being made meanwhile
	if n := h.files(); n != 1 {                      // the tombstone
		t.Errorf("%d files are left", n)
	}
}

// files counts those in the place of files.
func (h *house) files() int {
	h.Helper()
	n := 0
	h.must(filepath.WalkDir(h.folder, func(_ string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	}))
	return n
}
