package db

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"
)

// Statement is a hot read, prepared once a connection: Postgres plans it once, where a bun query
// writes its arguments into the text and is planned anew each time.
type Statement struct {
	db    *DB
	name  string
	query string
	mu    sync.Mutex
	stmt  *sql.Stmt
}

// Prepare names a hot read. Its placeholders are $1, $2 …; it is prepared when first used.
func (d *DB) Prepare(name, query string) *Statement {
	return &Statement{db: d, name: name, query: query}
}

// Scan runs the statement and reads it into dest: a *struct (sql.ErrNoRows where there is none) or
// a *[]struct, by bun's tags.
func (s *Statement) Scan(ctx context.Context, dest any, args ...any) error {
	stmt, err := s.prepared(ctx)
	if err != nil {
		return err
	}
	return s.scan(ctx, stmt, dest, args)
}

// Ready prepares statements for a transaction that is about to begin: inside of it that would take a second connection,
// and where every one is held by such a transaction, all of them would wait.
func Ready(ctx context.Context, statements ...*Statement) error {
	for _, s := range statements {
		if _, err := s.prepared(ctx); err != nil { //nolint:sqlclosecheck // a statement is kept as long as its pool
			return err
		}
	}
	return nil
}

// ScanTx is Scan inside a transaction, for which the statement is Ready.
func (s *Statement) ScanTx(ctx context.Context, tx *Tx, dest any, args ...any) error {
	s.mu.Lock()
	stmt := s.stmt
	s.mu.Unlock()
	if stmt == nil {
		return fmt.Errorf("%s is not ready for a transaction", s.name)
	}
	inTx := tx.StmtContext(ctx, stmt)
	defer func() { _ = inTx.Close() }()
	return s.scan(ctx, inTx, dest, args)
}

func (s *Statement) scan(ctx context.Context, stmt *sql.Stmt, dest any, args []any) error {
	begun := time.Now()
	defer func() { slow(ctx, s.name, time.Since(begun)) }()
	s.db.statements.n.Add(1)
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	defer func() { _ = rows.Close() }()
	if err := s.read(ctx, rows, dest); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}

// read asks for the first row itself where dest is one struct: bun leaves that untouched, without
// an error, where there is no row.
func (s *Statement) read(ctx context.Context, rows *sql.Rows, dest any) error {
	if reflect.TypeOf(dest).Elem().Kind() == reflect.Slice {
		return s.db.ScanRows(ctx, rows, dest)
	}
	if !rows.Next() {
		return cmp.Or(rows.Err(), sql.ErrNoRows)
	}
	return s.db.ScanRow(ctx, rows, dest)
}

func (s *Statement) prepared(ctx context.Context) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stmt != nil {
		return s.stmt, nil
	}
	stmt, err := s.db.DB.DB.PrepareContext(ctx, s.query)
	if err != nil {
		return nil, fmt.Errorf("preparing %s: %w", s.name, err)
	}
	s.stmt = stmt
	return stmt, nil
}

// counter is the query hook: it counts, and names what is slow.
type counter struct{ n atomic.Int64 }

func (c *counter) BeforeQuery(ctx context.Context, event *bun.QueryEvent) context.Context {
	switch event.Operation() {
	case "BEGIN", "COMMIT", "ROLLBACK":
	default:
		c.n.Add(1)
	}
	return ctx
}

func (c *counter) AfterQuery(ctx context.Context, event *bun.QueryEvent) {
	name := event.Operation()
	if event.IQuery != nil {
		name += " " + event.IQuery.GetTableName()
	}
	slow(ctx, name, time.Since(event.StartTime))
}
