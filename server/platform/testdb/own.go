package testdb

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/embedpg"
)

// startOwn runs a cluster for this test process only.
func startOwn(ctx context.Context) (db.Target, error) {
	// Not t.TempDir: the unprivileged user that Postgres runs as must be able to walk here.
	dir, err := os.MkdirTemp("", "firstdrops-test-")
	if err != nil {
		return db.Target{}, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // see above
		return db.Target{}, err
	}
	postgres, err := embedpg.Start(ctx, embedpg.Config{
		Dir: filepath.Join(dir, "pg"),
		Log: slog.New(slog.DiscardHandler),
		// A crash of the machine may lose a test's data; that buys clones in 60 ms.
		Settings: map[string]string{"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "300"},
	})
	if err != nil {
		return db.Target{}, err
	}
	stop = func() {
		_ = postgres.Stop(context.Background())
		_ = os.RemoveAll(dir)
	}
	return db.Socket(postgres.SocketDir(), embedpg.User, "postgres"), nil
}
