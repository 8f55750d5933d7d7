package db_test

import (
	"context"
	"errors"
	"testing"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// asOwner is a database that the test may reshape.
func asOwner(t *testing.T) *db.DB {
	t.Helper()
	d := db.Open(testdb.Target(t).WithPool(8))
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func TestAfterCommitOnlyAfterCommit(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	told := 0
	refused := errors.New("no")
	err := d.InTx(t.Context(), func(_ context.Context, tx *db.Tx) error {
		tx.AfterCommit(func() { told++ })
		return refused
	})
	if !errors.Is(err, refused) || told != 0 {
		t.Fatalf("a rollback told the news: err %v, told %d", err, told)
	}
	err = d.InTx(t.Context(), func(_ context.Context, tx *db.Tx) error {
		tx.AfterCommit(func() { told++ })
		if told != 0 {
			t.Error("told before the commit")
		}
		return nil
	})
	if err != nil || told != 1 {
		t.Fatalf("a commit: err %v, told %d", err, told)
	}
}

func TestStatementScansAndCounts(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	statement := d.Prepare("numbers", "SELECT g AS n, repeat('x', g) AS word FROM generate_series(1, $1) g WHERE g = ANY($2)")
	var rows []struct {
		N    int64
		Word string
	}
	before := d.Statements()
	if err := statement.Scan(t.Context(), &rows, 5, "{2,4}"); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[1].N != 4 || rows[1].Word != "xxxx" {
		t.Errorf("rows %+v", rows)
	}
	if n := d.Statements() - before; n != 1 {
		t.Errorf("counted %d statements, not 1", n)
	}
	var one struct{ N int64 }
	if err := d.Prepare("none", "SELECT 1::bigint AS n WHERE $1 > 1").Scan(t.Context(), &one, 1); !db.IsMissing(err) {
		t.Errorf("no row: %v", err)
	}
}

func TestStatementInTransactionSeesItsWrites(t *testing.T) {
	t.Parallel()
	d := asOwner(t)
	if _, err := d.ExecContext(t.Context(), "CREATE TABLE seen (n int)"); err != nil {
		t.Fatal(err)
	}
	statement := d.Prepare("count", "SELECT count(*) AS n FROM seen")
	var inside, outside struct{ N int64 }
	err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return statement.ScanTx(ctx, tx, &inside) })
	if err == nil {
		t.Error("it would be prepared in the midst of a transaction")
	}
	if err := db.Ready(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO seen VALUES (1)"); err != nil {
			return err
		}
		return errors.Join(statement.ScanTx(ctx, tx, &inside), statement.Scan(ctx, &outside))
	})
	if err != nil || inside.N != 1 || outside.N != 0 {
		t.Errorf("inside %d, outside %d, err %v", inside.N, outside.N, err)
	}
}

func TestUniqueIsToldByName(t *testing.T) {
	t.Parallel()
	d := asOwner(t)
	_, err := d.ExecContext(t.Context(), "CREATE TABLE one (n int CONSTRAINT one_n_key UNIQUE)")
	if err != nil {
		t.Fatal(err)
	}
	insert := func() error {
		_, err := d.ExecContext(t.Context(), "INSERT INTO one VALUES (1)")
		return err
	}
	if err := insert(); err != nil {
		t.Fatal(err)
	}
	if err := insert(); !db.IsUnique(err, "one_n_key") || db.IsUnique(err, "other_key") {
		t.Errorf("the second insert: %v", err)
	}
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	away, err := db.Parse("postgres://nobody@/none?host=/nonexistent")
	if err != nil {
		t.Fatal(err)
	}
	d := db.Open(away)
	defer func() { _ = d.Close() }()
	if err := d.PingContext(t.Context()); !db.Unavailable(err) {
		t.Errorf("a server that is not there: %v", err)
	}
	if db.Unavailable(errors.New("something else")) {
		t.Error("any error counts as away")
	}
	alive := testdb.New(t)
	if _, err := alive.ExecContext(t.Context(), "SELECT 1/0"); err == nil || db.Unavailable(err) {
		t.Errorf("a fault of ours is not an outage: %v", err)
	}
}

func TestPoolSurvivesARestartOfTheServer(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	hold := make([]func(), 0, 5)
	for range 5 { // five idle connections
		conn, err := d.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		hold = append(hold, func() { _ = conn.Close() })
	}
	for _, release := range hold {
		release()
	}
	killer := asOwner(t)
	var name string
	if err := d.NewRaw("SELECT current_database()").Scan(t.Context(), &name); err != nil {
		t.Fatal(err)
	}
	if _, err := killer.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ?", name); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if err := d.PingContext(t.Context()); err != nil {
			t.Fatalf("a pooled connection died with the server: %v", err)
		}
	}
}

func TestParse(t *testing.T) {
	t.Setenv("PGUSER", "")
	t.Setenv("PGDATABASE", "")
	for address, want := range map[string]string{
		"postgres:///firstdrops?host=/dir":                  "postgres://firstdrops@/firstdrops?host=%2Fdir&port=5432",
		"postgres://h":                                      "postgres://firstdrops@/firstdrops?host=h&port=5432",
		"postgres://a:b@127.0.0.1:6000/x":                   "postgres://a:b@/x?host=127.0.0.1&port=6000",
		"postgresql://a@db/x?sslmode=disable":               "postgres://a@/x?host=db&port=5432",
		"postgres://firstdrops@/firstdrops?host=/a&port=77": "postgres://firstdrops@/firstdrops?host=%2Fa&port=77",
	} {
		target, err := db.Parse(address)
		if err != nil || target.URL() != want {
			t.Errorf("%s: %s %v", address, target.URL(), err)
		}
	}
	for _, wrong := range []string{"", "mysql://x", "host=/x", "postgres://x:99999/", "postgres://%zz", "postgres://h/x?sslmode=sometimes"} {
		if _, err := db.Parse(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}
