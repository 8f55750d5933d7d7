package words_test

import (
	"sync/atomic"
	"testing"
	"time"

	"firstdrops/server/platform/testdb"
	"firstdrops/server/words"
)

func TestALookoutFindsDangerAndAsksSeldom(t *testing.T) {
	t.Parallel()
	database := testdb.New(t)
	var clock atomic.Int64
	l := words.NewLookout(database, func() time.Time { return time.Unix(clock.Load(), 0) })
	clock.Store(1_000_000)
	danger := func(text string, want bool) {
		t.Helper()
		if got, err := l.Crisis(t.Context(), text); err != nil || got != want {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	before := database.Statements()
	danger("I want to die.", true)
	danger("Has anybody asked about domperidone 10 mg?", false)
	danger("> I want to die.\n\nWe are here.", false)
	if help, err := l.Help(t.Context()); err != nil || help.Kind != words.Crisis || help.Title == "" || help.Text == "" {
		t.Errorf("the help is %+v %v", help, err)
	}
	if n := database.Statements() - before; n != 1 {
		t.Errorf("%d statements", n)
	}
	if _, err := database.ExecContext(t.Context(), `SET LOCAL ROLE NONE; UPDATE word_rules SET terms = '{marmalade}' WHERE id = 'crisis'`); err != nil {
		t.Fatal(err)
	}
	clock.Add(9)
	danger("Marmalade.", false)
	clock.Add(1)
	danger("Marmalade.", true)
	danger("I want to die.", false)
	if _, err := database.ExecContext(t.Context(), `SET LOCAL ROLE NONE; DELETE FROM word_rules WHERE kind = 'crisis'`); err != nil {
		t.Fatal(err)
	}
	clock.Add(10)
	danger("Marmalade.", false)
	if help, err := l.Help(t.Context()); err != nil || help.Title != "" {
		t.Errorf("without a rule the help is %+v %v", help, err)
	}
}
