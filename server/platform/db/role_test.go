package db_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"firstdrops/migrations"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
)

// TestTheRoleWritesRowsAndOwnsNothing, in both pools: of pgdriver and of pgx.
func TestTheRoleWritesRowsAndOwnsNothing(t *testing.T) {
	t.Parallel()
	ready, err := db.Migrate(t.Context(), testdb.Target(t), migrations.Files)
	if err != nil {
		t.Fatal(err)
	}
	d := db.Open(ready.WithPool(2))
	t.Cleanup(func() { _ = d.Close() })
	var who string
	if err := d.NewRaw("SELECT current_user").Scan(t.Context(), &who); err != nil || who != db.AppRole {
		t.Fatalf("the pool works as %s: %v", who, err)
	}
	for statement, may := range map[string]bool{
		"INSERT INTO people (handle, handle_fold, display_name, email) VALUES ('a', 'a', 'a', 'a')": true,
		"UPDATE river_queue SET updated_at = now()":                                                 true,
		"DELETE FROM river_job":     true,
		"CREATE TABLE mine (n int)": false,
		"DROP TABLE people":         false,
		"TRUNCATE people":           false,
		"ALTER TABLE audit_entries DISABLE TRIGGER append_only": false,
	} {
		if _, err := d.ExecContext(t.Context(), statement); (err == nil) != may {
			t.Errorf("%s: %v", statement, err)
		}
	}
	for _, table := range []string{"audit_entries", "audit_head"} { // the triggers apart
		var reads, writes bool
		err := d.NewRaw(`SELECT has_table_privilege(?0, 'SELECT'), has_table_privilege(?0, 'INSERT, UPDATE, DELETE, TRUNCATE')`, table).Scan(t.Context(), &reads, &writes)
		if err != nil || !reads || writes {
			t.Errorf("%s: the role reads it %v, writes it %v: %v", table, reads, writes, err)
		}
	}
	config, err := ready.PoolConfig()
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := pool.QueryRow(t.Context(), "SELECT current_user").Scan(&who); err != nil || who != db.AppRole {
		t.Errorf("the jobs' pool works as %s: %v", who, err)
	}
}

// TestSeveralServersMakeTheRoleAtOnce: roles belong to the whole cluster, databases do not.
func TestSeveralServersMakeTheRoleAtOnce(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for range 4 {
		target := testdb.Target(t)
		for range 2 {
			all.Go(func() {
				if _, err := db.Migrate(context.Background(), target, migrations.Files); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
}

// TestALoginThatMayNotMakeTheRole keeps working as itself, and the log says so; the triggers hold even the tables' owner.
func TestALoginThatMayNotMakeTheRole(t *testing.T) { //nolint:paralleltest // it sets the logger
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	target := testdb.Target(t)
	owner := db.Open(target.WithPool(1))
	t.Cleanup(func() { _ = owner.Close() })
	conn, err := owner.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	login := "plain_" + target.Database()
	exec := func(query string) {
		t.Helper()
		if _, err := conn.ExecContext(context.WithoutCancel(t.Context()), query); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE ROLE " + login)
	defer exec("RESET SESSION AUTHORIZATION; REASSIGN OWNED BY " + login + " TO CURRENT_USER; DROP OWNED BY " + login + "; DROP ROLE " + login)
	exec(fmt.Sprintf("ALTER TABLE audit_entries OWNER TO %[1]s; ALTER TABLE audit_head OWNER TO %[1]s; SET SESSION AUTHORIZATION %[1]s", login))
	ready, err := db.AsAppWhereMade(t.Context(), conn, target)
	if err != nil || ready != target {
		t.Fatalf("the pools would work under %+v: %v", ready, err)
	}
	if !strings.Contains(log.String(), "guarded by its trigger alone") {
		t.Errorf("the log says %q", log.String())
	}
	for _, statement := range []string{
		"UPDATE audit_entries SET verb = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries",
		"DELETE FROM audit_head", "TRUNCATE audit_head", "UPDATE audit_head SET entries = 7",
	} {
		if _, err := conn.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "only added to") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
