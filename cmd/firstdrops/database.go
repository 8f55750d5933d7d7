package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"firstdrops/migrations"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/embedpg"
)

const (
	// startPatience is how long a start waits for a DATABASE_URL that does not answer yet.
	startPatience = time.Minute
	stopPatience  = 25 * time.Second
)

func (c *Config) postgresDir() string { return filepath.Join(c.Data, "postgres") }

// openDatabase finds or starts Postgres for a server and brings it to the newest shape. release ends
// what was started.
func (c *Config) openDatabase(ctx context.Context) (target db.Target, release func(), err error) {
	if c.Database != nil {
		target, release = *c.Database, func() {}
	} else {
		postgres, err := embedpg.Start(ctx, embedpg.Config{Dir: c.postgresDir(), Log: slog.Default()})
		if err != nil {
			return db.Target{}, nil, fmt.Errorf("FIRSTDROPS_DATA: starting Postgres in %s: %w (for example FIRSTDROPS_DATA=/var/lib/firstdrops)", c.Data, err)
		}
		target = db.Socket(postgres.SocketDir(), embedpg.User, embedpg.Database)
		release = func() { stopPostgres(postgres) }
	}
	if target, err = migrateWhenThere(ctx, target); err != nil {
		release()
		return db.Target{}, nil, err
	}
	return target, release, nil
}

func stopPostgres(postgres *embedpg.Postgres) {
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	if err := postgres.Stop(ctx); err != nil {
		slog.Error("stopping Postgres", "error", err)
	}
}

// migrateWhenThere tries again while Postgres is away: two machines may start in any order.
func migrateWhenThere(ctx context.Context, target db.Target) (db.Target, error) {
	for deadline := time.Now().Add(startPatience); ; {
		ready, err := db.Migrate(ctx, target, migrations.Files)
		if err == nil || !db.Unavailable(err) || time.Now().After(deadline) {
			return ready, err
		}
		slog.Warn("waiting for Postgres", "error", err)
		select {
		case <-ctx.Done():
			return db.Target{}, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// borrowDatabase is openDatabase for a command beside the server: it uses the Postgres that a
// running server started, or starts and stops one.
func (c *Config) borrowDatabase(ctx context.Context) (db.Target, func(), error) {
	if c.Database == nil {
		if socket, running := embedpg.Attach(c.postgresDir()); running {
			target, err := migrateWhenThere(ctx, db.Socket(filepath.Dir(socket), embedpg.User, embedpg.Database))
			return target, func() {}, err
		}
	}
	return c.openDatabase(ctx)
}
