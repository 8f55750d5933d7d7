package accounts_test

import (
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/testdb"
)

// BenchmarkViewer is what every request of somebody signed in pays before anything else.
func BenchmarkViewer(b *testing.B) {
	database := testdb.New(b)
	queue, err := jobs.NewQueue(database)
	if err != nil {
		b.Fatal(err)
	}
	a := accounts.New(database, queue, nil, time.Now)
	tokens, err := a.CreatePeople(b.Context(), 1_000)
	if err != nil {
		b.Fatal(err)
	}
	before := database.Statements()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		viewer, err := a.Viewer(b.Context(), tokens[n%len(tokens)])
		if err != nil || viewer.Guest() {
			b.Fatalf("%+v, %v", viewer, err)
		}
		n++
	}
	b.ReportMetric(float64(database.Statements()-before)/float64(n), "statements/op")
}
