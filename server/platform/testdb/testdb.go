// Package testdb gives each test a real, migrated Postgres database of its own. The server is
// TEST_DATABASE_URL, else one that the tests start themselves; no Postgres is a failure, never a
// skip.
package testdb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"firstdrops/migrations"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
)

// One server a test process, started by the first test that needs it.
var (
	start    sync.Once
	server   db.Target
	template string
	errStart error
	stop     = func() {}
	clones   atomic.Int64
)

// Main runs a package's tests and stops the server that they started. Each package with a database
// calls it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	stop()
	os.Exit(code)
}

// New clones the migrated template; the clone goes away with the test. Its pool works under the role
// that the house's own does; `SET LOCAL ROLE NONE; …` is done by the owner.
func New(t testing.TB) *db.DB {
	t.Helper()
	d := db.Open(Target(t).WithPool(8).AsApp())
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// Queue is where the domains of a test put their jobs. Nobody works on them unless the test does.
func Queue(t testing.TB, d *db.DB) *jobs.Queue {
	t.Helper()
	queue, err := jobs.NewQueue(d)
	if err != nil {
		t.Fatal(err)
	}
	return queue
}

// Finish waits until every job of a database is done, by workers that the test has started.
func Finish(t testing.TB, d *db.DB) {
	t.Helper()
	Eventually(t, "the jobs to be done", func() bool {
		left, err := d.NewSelect().Table("river_job").Where("state <> 'completed'").Count(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return left == 0
	})
}

// Eventually polls until it is so, and fails after a minute.
func Eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	late := time.After(time.Minute)
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for !is() {
		select {
		case <-poll.C:
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// Target is New for those who open the database themselves: a built server, a second node.
func Target(t testing.TB) db.Target {
	t.Helper()
	start.Do(func() { errStart = prepare() })
	if errStart != nil {
		t.Fatalf("the tests need Postgres (make deps installs it): %v", errStart)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), clones.Add(1))
	admin := db.Open(server.WithPool(1))
	defer func() { _ = admin.Close() }()
	if err := patient(context.Background(), admin); err != nil {
		t.Fatal(err)
	}
	if err := clone(context.Background(), admin, name, template); err != nil {
		t.Fatalf("cloning the template: %v", err)
	}
	t.Cleanup(func() { drop(t, name) })
	return server.WithDatabase(name)
}

// patient lets the pool's one connection take its time: on a busy machine a whole database may take longer than any page.
func patient(ctx context.Context, admin *db.DB) error {
	_, err := admin.ExecContext(ctx, "SET statement_timeout = 0")
	return err
}

func drop(t testing.TB, name string) {
	admin := db.Open(server.WithPool(1))
	defer func() { _ = admin.Close() }()
	if _, err := admin.ExecContext(context.Background(), `DROP DATABASE IF EXISTS "`+name+`" WITH (FORCE)`); err != nil {
		t.Logf("dropping %s: %v", name, err)
	}
}

func prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	target, err := locate(ctx)
	if err != nil {
		return err
	}
	server = target
	template, err = makeTemplate(ctx, target)
	return err
}

func locate(ctx context.Context) (db.Target, error) {
	if address := os.Getenv("TEST_DATABASE_URL"); address != "" {
		return db.Parse(address)
	}
	return startOwn(ctx)
}

// makeTemplate migrates a database once for all test processes and names it by the migrations'
// hash. It is built under another name and renamed when whole.
func makeTemplate(ctx context.Context, target db.Target) (string, error) {
	hash, err := hashOf(migrations.Files)
	if err != nil {
		return "", err
	}
	name := "template_" + hash
	admin := db.Open(target.WithPool(1))
	defer func() { _ = admin.Close() }()
	exists, unlock, err := lockTemplate(ctx, admin, name)
	if err != nil || exists {
		return name, err
	}
	defer unlock()
	draft := "draft_" + hash
	for _, statement := range []string{`DROP DATABASE IF EXISTS "` + draft + `"`, `CREATE DATABASE "` + draft + `"`} {
		if _, err := admin.ExecContext(ctx, statement); err != nil {
			return "", err
		}
	}
	if _, err := db.Migrate(ctx, target.WithDatabase(draft), migrations.Files); err != nil {
		return "", err
	}
	_, err = admin.ExecContext(ctx, `ALTER DATABASE "`+draft+`" RENAME TO "`+name+`"`)
	return name, err
}

// lockTemplate waits for its turn; the pool holds one connection, so the lock is the session's.
func lockTemplate(ctx context.Context, admin *db.DB, name string) (exists bool, unlock func(), err error) {
	for mine := false; !mine; {
		if err := admin.NewRaw("SELECT pg_try_advisory_lock(hashtext(?))", name).Scan(ctx, &mine); err != nil {
			return false, nil, err
		}
		if !mine {
			time.Sleep(20 * time.Millisecond)
		}
	}
	unlock = func() {
		_, _ = admin.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(hashtext(?))", name)
	}
	err = admin.NewRaw("SELECT EXISTS (SELECT FROM pg_database WHERE datname = ?)", name).Scan(ctx, &exists)
	if err != nil || exists {
		unlock()
	}
	return exists, unlock, err
}

func clone(ctx context.Context, admin *db.DB, name, template string) error {
	deadline := time.Now().Add(20 * time.Second)
	for {
		_, err := admin.ExecContext(ctx, `CREATE DATABASE "`+name+`" TEMPLATE "`+template+`" STRATEGY FILE_COPY`)
		if !db.ObjectInUse(err) || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond) // somebody still leaves the template
	}
}

func hashOf(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		sum.Write([]byte(path))
		sum.Write(content)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil))[:12], err
}
