// Package db opens Postgres through bun with the time-outs, the liveness check and the error
// classes that the rest of the house relies on. It knows no table of any domain.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
)

const (
	statementTimeout = 3 * time.Second // the longest that one statement may run on the server
	readTimeout      = 5 * time.Second // a little more, so that the server's own answer arrives
	slowQuery        = 200 * time.Millisecond
	attempts         = 5 // tries of a transaction that met a deadlock or a serialization failure
)

// DB is the pool that every domain shares.
type DB struct {
	*bun.DB
	statements *counter
}

// Open makes the pool; it connects at the first query.
func Open(target Target) *DB {
	connector := pgdriver.NewConnector(append(target.driverOptions(),
		pgdriver.WithReadTimeout(readTimeout),
		pgdriver.WithWriteTimeout(readTimeout),
		pgdriver.WithDialTimeout(time.Second),
		pgdriver.WithResetSessionFunc(alive),
		pgdriver.WithConnParams(target.session()),
	)...)
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(target.poolSize())
	pool.SetMaxIdleConns(target.poolSize())
	pool.SetConnMaxLifetime(5 * time.Minute)
	pool.SetConnMaxIdleTime(time.Minute)
	d := &DB{DB: bun.NewDB(pool, pgdialect.New()), statements: new(counter)}
	d.DB = d.WithQueryHook(d.statements)
	return d
}

// session is what each connection of the pool is told first.
func (t Target) session() map[string]any {
	params := map[string]any{
		"statement_timeout":                   milliseconds(statementTimeout),
		"lock_timeout":                        "2000",
		"idle_in_transaction_session_timeout": "5000",
		"timezone":                            "UTC",
		"jit":                                 "off", // compiling a search takes longer than any search
	}
	if t.role != "" {
		params["role"] = t.role
	}
	return params
}

func milliseconds(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }

// Statements tells how many SQL statements this pool has sent, BEGIN and COMMIT apart.
// The benchmarks count with it.
func (d *DB) Statements() int64 { return d.statements.n.Load() }

// Tx is a transaction that can hold back news until it is true.
type Tx struct {
	bun.Tx
	after []func()
}

// AfterCommit runs fn once the transaction is committed; never after a rollback. It is for
// hints on the bus: what must happen is a job in the same transaction.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// InTx runs fn in a transaction and commits unless it fails. A deadlock or serialization failure
// runs the whole of fn again, so fn keeps no state of its own between tries.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	for try := 1; ; try++ {
		tx := &Tx{}
		err := d.RunInTx(ctx, nil, func(ctx context.Context, inner bun.Tx) error {
			tx.Tx = inner
			return fn(ctx, tx)
		})
		if err == nil {
			for _, hint := range tx.after {
				hint()
			}
			return nil
		}
		if try == attempts || !retryable(err) || ctx.Err() != nil {
			return err
		}
		pause(ctx, try)
	}
}

func pause(ctx context.Context, try int) {
	wait := time.Duration(try) * 5 * time.Millisecond
	timer := time.NewTimer(wait + rand.N(wait)) //nolint:gosec // jitter, not a secret
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// slow logs a query by name. Its arguments are health data and are never logged.
func slow(ctx context.Context, name string, took time.Duration) {
	if took >= slowQuery {
		slog.WarnContext(ctx, "slow query", "query", name, "ms", took.Milliseconds())
	}
}
