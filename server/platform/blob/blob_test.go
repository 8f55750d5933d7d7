package blob_test

import (
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"firstdrops/server/platform/blob"
)

func open(t *testing.T, dir string) *blob.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), &url.URL{Scheme: "file", Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func write(t *testing.T, s *blob.Store, key, words string) {
	t.Helper()
	n, err := s.Write(t.Context(), key, "text/plain", func(w io.Writer) error {
		_, err := io.WriteString(w, words)
		return err
	})
	if err != nil || n != int64(len(words)) {
		t.Fatalf("wrote %d bytes: %v", n, err)
	}
}

func keys(t *testing.T, s *blob.Store, prefix string) (all []string) {
	t.Helper()
	if err := s.Keys(t.Context(), prefix, func(key string) error { all = append(all, key); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFilesAreKeptFoundAndDeleted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "blobs")
	s := open(t, dir)
	write(t, s, "a/one", "first")
	write(t, s, "a/two", "second")
	write(t, s, "b/one", "third")
	write(t, s, "a/one", "replaced")
	if got := keys(t, s, "a/"); !slices.Equal(got, []string{"a/one", "a/two"}) {
		t.Errorf("below a: %v", got)
	}
	r, err := open(t, dir).Read(t.Context(), "a/one")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "replaced" {
		t.Errorf("read %q: %v", got, err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.DeleteAll(t.Context(), "a/"); err != nil {
			t.Fatal(err)
		}
	}
	if got := keys(t, s, ""); !slices.Equal(got, []string{"b/one"}) {
		t.Errorf("left: %v", got)
	}
	if _, err := s.Read(t.Context(), "a/one"); !blob.IsMissing(err) {
		t.Errorf("what was deleted gives %v", err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open to others: %v, %v", info.Mode(), err)
	}
}

func TestWhatIsNotWholeIsNotKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, broken := open(t, dir), errors.New("broken off")
	_, err := s.Write(t.Context(), "half", "text/plain", func(w io.Writer) error {
		_, _ = io.WriteString(w, "only the beginn")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
