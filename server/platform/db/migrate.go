package db

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"github.com/uptrace/bun/migrate"
)

// migrationLock is the key of the advisory lock: one node migrates, the others wait for it. Unlike
// bun's own lock, a row, it goes away with the connection of a process that was killed.
const migrationLock = 0x66697273 // "firs"

// Migrate brings the database to the newest shape: the job queue's tables, then ours. It works as the
// login, who owns them, and gives the target for the pools: under AppRole, where that can be made.
// Several nodes may call it at once.
func Migrate(ctx context.Context, target Target, files fs.FS) (Target, error) {
	pool := sql.OpenDB(pgdriver.NewConnector(append(target.driverOptions(), pgdriver.WithReadTimeout(0))...)) // a migration may take its time
	defer func() { _ = pool.Close() }()
	database := bun.NewDB(pool, pgdialect.New())
	conn, err := database.Conn(ctx)
	if err != nil {
		return Target{}, fmt.Errorf("connecting to migrate: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if err := lock(ctx, conn); err != nil {
		return Target{}, err
	}
	if err := migrateJobs(ctx, target); err != nil {
		return Target{}, err
	}
	migrations := migrate.NewMigrations()
	if err := migrations.Discover(files); err != nil {
		return Target{}, fmt.Errorf("reading the migrations: %w", err)
	}
	migrator := migrate.NewMigrator(database, migrations, migrate.WithMarkAppliedOnSuccess(true))
	if err := migrator.Init(ctx); err != nil {
		return Target{}, fmt.Errorf("preparing to migrate: %w", err)
	}
	if _, err := migrator.Migrate(ctx); err != nil {
		return Target{}, fmt.Errorf("migrating: %w", err)
	}
	return asAppWhereMade(ctx, conn, target)
}

// lock polls: waiting inside Postgres would run into the driver's read time-out.
func lock(ctx context.Context, conn bun.Conn) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var mine bool
		if err := conn.NewRaw("SELECT pg_try_advisory_lock(?)", migrationLock).Scan(ctx, &mine); err != nil {
			return fmt.Errorf("waiting to migrate: %w", err)
		}
		if mine {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting to migrate: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

func migrateJobs(ctx context.Context, target Target) error {
	config, err := target.PoolConfig()
	if err != nil {
		return err
	}
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connecting to migrate the jobs: %w", err)
	}
	defer pool.Close()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return fmt.Errorf("reading the jobs' migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrating the jobs: %w", err)
	}
	return nil
}
