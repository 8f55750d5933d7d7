// Package jobs is the lane for work that must happen: River jobs, inserted in the transaction that
// makes them necessary and done by workers, again and again until they succeed.
package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"firstdrops/server/platform/db"
)

const (
	poolSize   = 4 // connections of the workers; River says that its listener needs one of its own
	maxWorkers = 4
)

// Queue inserts jobs. It has no workers of its own, so it takes any kind; run.go sees to it that
// every kind has a worker.
type Queue struct {
	client *river.Client[*sql.Tx]
	hand   func(ctx context.Context, tx *db.Tx, args river.JobArgs) error // instead of the client
}

// NewQueue makes the inserting side on the pages' pool.
func NewQueue(database *db.DB) (*Queue, error) {
	client, err := river.NewClient(riverdatabasesql.New(database.DB.DB), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("opening the job queue: %w", err)
	}
	return &Queue{client: client}, nil
}

// Handing is a queue that keeps nothing: each job is handed over in the transaction that made it necessary.
func Handing(to func(ctx context.Context, tx *db.Tx, args river.JobArgs) error) *Queue {
	return &Queue{hand: to}
}

// Insert adds a job in the caller's transaction: it exists if and only if that commits.
func (q *Queue) Insert(ctx context.Context, tx *db.Tx, args river.JobArgs, options *river.InsertOpts) error {
	if q.hand != nil {
		return q.hand(ctx, tx, args)
	}
	if _, err := q.client.InsertTx(ctx, tx.Tx.Tx, args, options); err != nil {
		return fmt.Errorf("inserting a %s job: %w", args.Kind(), err)
	}
	return nil
}

// Running is the working side.
type Running struct {
	client *river.Client[pgx.Tx]
	pool   *pgxpool.Pool
}

// Start begins to work on jobs, on a small pool of its own.
func Start(ctx context.Context, target db.Target, workers *river.Workers, logger *slog.Logger) (*Running, error) {
	config, err := target.PoolConfig()
	if err != nil {
		return nil, err
	}
	config.MaxConns = poolSize
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("opening the workers' pool: %w", err)
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: maxWorkers}},
		Workers: workers,
		Logger:  logger,
		// Rebuilding an index takes its owner, and the pool is not: see db.AppRole.
		ReindexerSchedule: river.NeverSchedule(),
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("making the workers: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("starting the workers: %w", err)
	}
	return &Running{client: client, pool: pool}, nil
}

// Stop lets running jobs end, until ctx is over; then they are cancelled and done again later.
func (r *Running) Stop(ctx context.Context) error {
	defer r.pool.Close()
	if err := r.client.StopAndCancel(ctx); err != nil {
		return fmt.Errorf("stopping the workers: %w", err)
	}
	return nil
}

// Forget deletes the jobs about a person, done or waiting, in the caller's transaction: their arguments, and the errors that
// they ended with. One that is being worked on stays until it is done.
func (q *Queue) Forget(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM river_job WHERE state <> 'running' AND args->>'person_id' = ?::text`, personID)
	if err != nil {
		return fmt.Errorf("forgetting the jobs about somebody: %w", err)
	}
	return nil
}
