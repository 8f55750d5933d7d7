package demo_test

import (
	"testing"
	"time"

	"firstdrops/server/demo"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestFill(t *testing.T) {
	d := testdb.New(t)
	start := time.Now()
	if err := demo.Fill(t.Context(), d, testdb.Queue(t, d), time.Now()); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(start))
}
