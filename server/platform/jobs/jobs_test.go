package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "test.greet" }

type greeter struct {
	river.WorkerDefaults[greet]
	done  chan string
	fails int
}

func (g *greeter) NextRetry(*river.Job[greet]) time.Time { return time.Now() }

func (g *greeter) Work(_ context.Context, job *river.Job[greet]) error {
	if job.Attempt <= g.fails {
		return errors.New("not yet")
	}
	g.done <- job.Args.Name
	return nil
}

// TestAJobIsPartOfItsTransaction: rolled back it never was, committed it is done, and done again
// until it succeeds.
func TestAJobIsPartOfItsTransaction(t *testing.T) {
	t.Parallel()
	target := testdb.Target(t).AsApp()
	database := db.Open(target)
	t.Cleanup(func() { _ = database.Close() })
	queue, err := jobs.NewQueue(database)
	if err != nil {
		t.Fatal(err)
	}
	insert := func(name string, after error) {
		err := database.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return errors.Join(queue.Insert(ctx, tx, greet{Name: name}, nil), after)
		})
		if !errors.Is(err, after) {
			t.Fatal(err)
		}
	}
	insert("rolled back", errors.New("no"))
	workers := river.NewWorkers()
	worker := &greeter{done: make(chan string, 10), fails: 1}
	river.AddWorker(workers, worker)
	running, err := jobs.Start(t.Context(), target, workers, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	insert("committed", nil)
	select {
	case name := <-worker.done:
		if name != "committed" {
			t.Errorf("%q was done", name)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was done")
	}
	if err := running.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestAHandingQueueKeepsNothing: who asked for the jobs gets them in the transaction, and may let it fail.
func TestAHandingQueueKeepsNothing(t *testing.T) {
	t.Parallel()
	database := testdb.New(t)
	no := errors.New("no")
	var handed river.JobArgs
	queue := jobs.Handing(func(_ context.Context, _ *db.Tx, args river.JobArgs) error {
		handed = args
		return no
	})
	err := database.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return queue.Insert(ctx, tx, greet{Name: "river"}, nil) })
	if !errors.Is(err, no) || handed != (greet{Name: "river"}) {
		t.Errorf("it handed over %v and said %v", handed, err)
	}
	var kept int
	if err := database.NewRaw(`SELECT count(*) FROM river_job`).Scan(t.Context(), &kept); err != nil || kept != 0 {
		t.Errorf("%d jobs are kept (%v)", kept, err)
	}
}
