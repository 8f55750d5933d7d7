//go:build linux || darwin

package embedpg

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/uptrace/bun/driver/pgdriver"
)

// major is the Postgres that made the cluster, such as "15"; empty when there is no cluster yet.
func (f *folder) major() (string, error) {
	text, err := os.ReadFile(filepath.Join(f.data(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the cluster's version: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// initCluster makes the cluster under another name and then renames it: an interrupted one never looks whole.
func (f *folder) initCluster(ctx context.Context, bin string) error {
	making, err := os.MkdirTemp(f.path, "init-")
	if err != nil {
		return fmt.Errorf("making a folder for the cluster: %w", err)
	}
	if err := f.owner.give(making); err != nil {
		return err
	}
	if err := f.initdb(ctx, bin, making); err != nil {
		return err
	}
	if err := f.admitOurselves(making); err != nil {
		return err
	}
	if err := os.Rename(making, f.data()); err != nil {
		return fmt.Errorf("naming the cluster: %w", err)
	}
	return syncFolder(f.path) // a rename lost in a power cut would lose every row with it
}

func (f *folder) initdb(ctx context.Context, bin, making string) error {
	cmd := f.owner.command(ctx, syscall.SIGKILL, filepath.Join(bin, "initdb"), "-D", making, "-U", User, "-E", "UTF8",
		"--locale="+locale, "--auth-local=peer", "--auth-host=reject", "--data-checksums", "--no-instructions")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	p, err := spawn(cmd)
	if err != nil {
		return fmt.Errorf("running initdb: %w", err)
	}
	<-p.exited
	if p.err != nil {
		return fmt.Errorf("making the cluster: %w: %s", p.err, lastLines(said.Bytes()))
	}
	return nil
}

// admitOurselves lets root and the account that Postgres runs as in, by the socket, as the one role; nobody else.
func (f *folder) admitOurselves(data string) error {
	hba := "local all all peer map=" + User + "\n"
	ident := fmt.Sprintf("%s root %s\n%s \"%s\" %s\n", User, User, User, f.owner.name, User)
	for name, text := range map[string]string{"pg_hba.conf": hba, "pg_ident.conf": ident} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("saying who may connect: %w", err)
		}
	}
	return nil
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening a folder: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("writing a folder to the disk: %w", err)
	}
	return nil
}

// sweep removes clusters that were never finished, and ends what still works on them. What does not go now goes at
// another start: no name is used twice.
func (f *folder) sweep(ctx context.Context) error {
	left, err := filepath.Glob(filepath.Join(f.path, "init-*"))
	for _, path := range left {
		workers := func() ([]int, error) { return postgresIn(path) }
		err = errors.Join(err, end(ctx, workers, endWorkers), os.RemoveAll(path))
	}
	if err != nil {
		return fmt.Errorf("removing unfinished clusters: %w", err)
	}
	return nil
}

// createDatabase makes our database, unless it is there.
func (f *folder) createDatabase(ctx context.Context) (err error) {
	const patience = time.Minute
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	db := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithNetwork("unix"), pgdriver.WithAddr(f.socket()), pgdriver.WithInsecure(true),
		pgdriver.WithUser(User), pgdriver.WithDatabase("postgres"), pgdriver.WithTimeout(patience)))
	defer func() { err = errors.Join(err, db.Close()) }()

	var there bool
	if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = '"+Database+"')").Scan(&there); err != nil {
		return fmt.Errorf("looking for the database: %w", err)
	}
	if there {
		return nil
	}
	if _, err := db.ExecContext(ctx, "CREATE DATABASE "+Database); err != nil {
		return fmt.Errorf("making the database: %w", err)
	}
	return nil
}
