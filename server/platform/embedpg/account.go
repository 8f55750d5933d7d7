//go:build linux || darwin

package embedpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who Postgres runs as. Postgres refuses to run as root, so root gives way to somebody else.
type account struct {
	name     string
	uid, gid int
	drop     bool // we are root and must change to uid and gid
}

// accountFor picks the owner of an existing cluster, else us, else (as root) postgres or nobody.
func accountFor(data string) (account, error) {
	us := os.Geteuid()
	info, err := os.Stat(data)
	switch {
	case err == nil:
		owner := ownerOf(info)
		if us != 0 && owner != us {
			return account{}, fmt.Errorf("%s belongs to uid %d, and this process runs as uid %d: start it as the owner or as root", data, owner, us)
		}
		if owner == 0 {
			return account{}, fmt.Errorf("%s belongs to root, as whom Postgres does not run: give it back to the account that made it (chown -R)", data)
		}
		return lookUp(owner)
	case !errors.Is(err, fs.ErrNotExist):
		return account{}, fmt.Errorf("looking for the cluster: %w", err)
	case us != 0:
		return lookUp(us)
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u)
		}
	}
	return account{}, errors.New("Postgres does not run as root, and neither an account named postgres nor nobody exists: start as an ordinary user")
}

func lookUp(uid int) (account, error) {
	u, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		return account{}, fmt.Errorf("Postgres needs an account with a name: %w", err)
	}
	return accountOf(u)
}

func accountOf(u *user.User) (account, error) {
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, fmt.Errorf("reading the uid of %s: %w", u.Username, err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return account{}, fmt.Errorf("reading the gid of %s: %w", u.Username, err)
	}
	return account{name: u.Username, uid: uid, gid: gid, drop: os.Geteuid() == 0}, nil
}

func ownerOf(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }

// command prepares a program of Postgres to run as a, in a process group of its own (Ctrl-C is for us alone). The
// environment is bare: PG* variables would change its behaviour, and our own settings are none of its business.
func (a account) command(ctx context.Context, onOurDeath syscall.Signal, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = processAttributes(onOurDeath)
	cmd.SysProcAttr.Setpgid = true
	if a.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return cmd
}

// give makes path a's, where we are able to.
func (a account) give(path string) error {
	if !a.drop {
		return nil
	}
	if err := os.Lchown(path, a.uid, a.gid); err != nil {
		return fmt.Errorf("giving a folder to %s: %w", a.name, err)
	}
	return nil
}

// shutOutAt names the outermost folder on the way to path that a cannot pass through; empty when the way is free.
func (a account) shutOutAt(path string) (string, error) {
	if !a.drop {
		return "", nil
	}
	var shut string
	for at := path; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err != nil {
			return "", fmt.Errorf("checking the way to the folder: %w", err)
		}
		pass := fs.FileMode(0o001)
		switch st := info.Sys().(*syscall.Stat_t); {
		case int(st.Uid) == a.uid:
			pass = 0o100
		case int(st.Gid) == a.gid:
			pass = 0o010
		}
		if info.Mode()&pass == 0 {
			shut = at
		}
		if at == filepath.Dir(at) {
			return shut, nil
		}
	}
}
