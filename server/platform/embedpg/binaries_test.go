//go:build linux || darwin

package embedpg

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// installed is the Postgres of this machine and the account that can run it.
func installed(t *testing.T) (bin string, owner account) {
	t.Helper()
	owner, err := accountFor(filepath.Join(t.TempDir(), "none"))
	ok(t, err)
	bin, err = thisMachine().find(t.Context(), owner, "", slog.Default())
	ok(t, err)
	return bin, owner
}

func TestFindChoosesByMajor(t *testing.T) {
	t.Parallel()
	bin, owner := installed(t)
	has := majorOf(t.Context(), bin, owner)
	if has < oldestMajor {
		t.Fatalf("%s is Postgres %d", bin, has)
	}
	s := search{folders: []string{"/nowhere", t.TempDir(), bin}}
	for _, major := range []string{"", strconv.Itoa(has)} {
		if got, err := s.find(t.Context(), owner, major, slog.Default()); got != bin || err != nil {
			t.Errorf("for a cluster of %q: %q, %v", major, got, err)
		}
	}
	_, err := s.find(t.Context(), owner, "9", slog.Default())
	wantWords(t, err, "made by Postgres 9", "install", "DATABASE_URL")
}

func TestFindNothing(t *testing.T) {
	t.Parallel()
	_, owner := installed(t)
	_, err := search{}.find(t.Context(), owner, "", slog.Default())
	wantWords(t, err, "apt install postgresql", "DATABASE_URL")
	_, err = search{cache: t.TempDir(), pack: packForThisMachine()}.find(t.Context(), owner, "", slog.Default())
	wantWords(t, err, "npm", "apt install postgresql", "DATABASE_URL")
}

func TestPathLeadsThroughLinks(t *testing.T) {
	bin, _ := installed(t)
	links := t.TempDir()
	ok(t, os.Symlink(filepath.Join(bin, "postgres"), filepath.Join(links, "postgres")))
	t.Setenv("PATH", links)
	if got := thisMachine().folders[0]; got != bin {
		t.Errorf("PATH leads to %s, want %s", got, bin)
	}
}

func TestReleasesOnly(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]bool{
		"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)": true,
		"postgres (PostgreSQL) 18.4":                           true,
		"postgres (PostgreSQL) 19beta1":                        false,
		"postgres (PostgreSQL) 19devel":                        false,
	} {
		if released.MatchString(said) != want {
			t.Errorf("%q: want %v", said, want)
		}
	}
}

func TestArchiveWithAnotherHashIsRefused(t *testing.T) {
	t.Parallel()
	archive := writeArchive(t, map[string]string{"package/native/bin/postgres": "something else"})
	wantWords(t, packForThisMachine().verify(archive), "is not the archive that we know")
	ok(t, pack{integrity: "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="}.verify("/dev/null"))
}

func TestUnpack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	archive := writeArchive(t, map[string]string{
		"package/README.md":                    "outside",
		"package/native/bin/postgres":          "program",
		"package/native/lib/libpq.so.5.18":     "library",
		"package/native/lib/libpq.a":           "for building",
		"package/native/lib/pgxs/Makefile":     "for building",
		"package/native/pg-symlinks.json":      `[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]`,
		"package/native/share/tz/Europe/Paris": "deep",
	})
	ok(t, unpack(archive, dir))
	ok(t, restoreLinks(dir))
	for name, want := range map[string]string{"bin/postgres": "program", "lib/libpq.so.5": "library", "share/tz/Europe/Paris": "deep"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); string(got) != want {
			t.Errorf("%s holds %q (%v)", name, got, err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "bin/postgres")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("others cannot run the program: %v, %v", info.Mode(), err)
	}
	for _, name := range []string{"lib/libpq.a", "lib/pgxs", "README.md"} {
		if _, err := os.Stat(filepath.Join(dir, name)); !os.IsNotExist(err) {
			t.Errorf("%s was unpacked (%v)", name, err)
		}
	}
}

func TestUnpackStaysInside(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "inside")
	ok(t, os.Mkdir(dir, 0o755))
	archive := writeArchive(t, map[string]string{"package/native/../escaped": "outside"})
	if err := unpack(archive, dir); err == nil {
		t.Error("unpacked a file outside its folder")
	}
}

func writeArchive(t *testing.T, files map[string]string) string {
	t.Helper()
	var archive bytes.Buffer
	packed := gzip.NewWriter(&archive)
	entries := tar.NewWriter(packed)
	for name, content := range files {
		ok(t, entries.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg}))
		_, err := entries.Write([]byte(content))
		ok(t, err)
	}
	ok(t, entries.Close())
	ok(t, packed.Close())
	path := filepath.Join(t.TempDir(), "pack.tgz")
	ok(t, os.WriteFile(path, archive.Bytes(), 0o600))
	return path
}

func wantWords(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}
