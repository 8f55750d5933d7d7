package audit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is a record on a database of its own; the owner may do there what nobody should.
type house struct {
	*audit.Audit
	t     *testing.T
	db    *db.DB // as the program works
	owner *db.DB
}

func newHouse(t *testing.T) *house {
	t.Helper()
	target := testdb.Target(t)
	h := &house{t: t, db: db.Open(target.WithPool(8).AsApp()), owner: db.Open(target.WithPool(1))}
	t.Cleanup(func() { _, _ = h.db.Close(), h.owner.Close() })
	h.Audit = audit.New(h.db)
	return h
}

var moment = time.Date(2026, 5, 1, 3, 0, 0, 123_456_000, time.UTC)

func (h *house) write(object int64) error {
	return h.db.InTx(h.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return audit.Write(ctx, tx, audit.Entry{
			At: moment, ActorID: 7, Verb: audit.Move, Kind: audit.Thread, ObjectID: object, IntoID: 3, Reason: audit.OffTopic,
		})
	})
}

func (h *house) fill(n int64) {
	h.t.Helper()
	for object := range n {
		if err := h.write(object); err != nil {
			h.t.Fatal(err)
		}
	}
}

// tamper is done by somebody who owns the database and switched its triggers off.
func (h *house) tamper(query string) {
	h.t.Helper()
	if _, err := h.owner.ExecContext(h.t.Context(), "SET session_replication_role = replica; "+query); err != nil {
		h.t.Fatal(err)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if whole, err := h.Verify(t.Context()); err != nil || whole.Entries != 0 {
		t.Errorf("an empty record: %+v %v", whole, err)
	}
	h.fill(60)
	first, err := h.Page(t.Context(), 0)
	if err != nil || len(first.Entries) != 50 || first.Next != 11 {
		t.Fatalf("the first page has %d entries and goes on before %d: %v", len(first.Entries), first.Next, err)
	}
	newest := first.Entries[0]
	newest.Hash = nil
	want := audit.Entry{ID: 60, At: moment, ActorID: 7, Verb: audit.Move, Kind: audit.Thread, ObjectID: 59, IntoID: 3, Reason: audit.OffTopic}
	if !newest.At.Equal(moment) || fmt.Sprintf("%+v", newest) != fmt.Sprintf("%+v", want) {
		t.Errorf("read %+v, written %+v", newest, want)
	}
	second, err := h.Page(t.Context(), first.Next)
	if err != nil || len(second.Entries) != 10 || second.Entries[0].ID != 10 || second.Next != 0 {
		t.Errorf("the second page: %d entries, next %d, %v", len(second.Entries), second.Next, err)
	}
	if whole, err := h.Verify(t.Context()); err != nil || whole.Entries != 60 || len(whole.Fingerprint) != 64 {
		t.Errorf("the record: %+v %v", whole, err)
	}
}

// TestTamperingIsFound: changed, dropped, swapped, added, anywhere and at the end.
func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		query string
		id    int64
	}{
		"a time is changed":             {"UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE id = 4", 4},
		"an actor is changed":           {"UPDATE audit_entries SET actor_id = 8 WHERE id = 4", 4},
		"a verb is changed":             {"UPDATE audit_entries SET verb = 'pin' WHERE id = 4", 4},
		"a kind is changed":             {"UPDATE audit_entries SET kind = 'person' WHERE id = 4", 4},
		"an object is changed":          {"UPDATE audit_entries SET object_id = 9 WHERE id = 4", 4},
		"where it went is changed":      {"UPDATE audit_entries SET into_id = 4 WHERE id = 4", 4},
		"a reason is changed":           {"UPDATE audit_entries SET reason_code = 'care' WHERE id = 4", 4},
		"a hash is changed":             {`UPDATE audit_entries SET hash = '\x00' WHERE id = 4`, 4},
		"the last one is changed":       {"UPDATE audit_entries SET actor_id = 8 WHERE id = 9", 9},
		"the first is dropped":          {"DELETE FROM audit_entries WHERE id = 1", 1},
		"one is dropped":                {"DELETE FROM audit_entries WHERE id = 4", 4},
		"one is dropped, the gap shut":  {"DELETE FROM audit_entries WHERE id = 4; UPDATE audit_entries SET id = id - 1 WHERE id = 5", 4},
		"the newest are dropped":        {"DELETE FROM audit_entries WHERE id > 6", 7},
		"all are dropped":               {"TRUNCATE audit_entries", 1},
		"the newest and the head's own": {"DELETE FROM audit_entries WHERE id = 9; UPDATE audit_head SET entries = 8", 8},
		"two are swapped": {`UPDATE audit_entries SET id = -id WHERE id IN (4, 5);
			UPDATE audit_entries SET id = CASE id WHEN -4 THEN 5 ELSE 4 END WHERE id < 0`, 4},
		"one is added past the door": {`INSERT INTO audit_entries SELECT 10, at, actor_id, verb, kind, object_id, into_id, reason_code,
			sha256(hash || convert_to('10|1777604400123456|7|move|thread|8|3|off_topic', 'UTF8')) FROM audit_entries WHERE id = 9`, 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.fill(9)
			if _, err := h.Verify(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.tamper(c.query)
			_, err := h.Verify(t.Context())
			var broken *audit.Broken
			if !errors.As(err, &broken) || broken.ID != c.id {
				t.Errorf("found %v, want entry %d", err, c.id)
			}
		})
	}
}

// TestTheProgramCannotTamper: neither by its own role, nor as the owner while the triggers stand.
func TestTheProgramCannotTamper(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.fill(2)
	for _, statement := range []string{
		"UPDATE audit_entries SET actor_id = 8", "DELETE FROM audit_entries", "TRUNCATE audit_entries",
		"UPDATE audit_head SET entries = 1", "UPDATE audit_head SET entries = 3", "DELETE FROM audit_head", "TRUNCATE audit_head",
		"INSERT INTO audit_head VALUES (true, 0, '') ON CONFLICT DO NOTHING",
	} {
		for who, pool := range map[string]*db.DB{"the program": h.db, "the owner": h.owner} {
			if _, err := pool.ExecContext(t.Context(), statement); err == nil {
				t.Errorf("%s: %s is taken", who, statement)
			}
		}
	}
	if _, err := h.db.ExecContext(t.Context(), "INSERT INTO audit_entries VALUES (3, now(), 1, 'pin', 'thread', 1, 0, '', '')"); err == nil {
		t.Error("the program adds an entry past the chain")
	}
	if whole, err := h.Verify(t.Context()); err != nil || whole.Entries != 2 {
		t.Errorf("afterwards: %+v %v", whole, err)
	}
}

// TestNothingButCodesIsTaken: words that somebody wrote have no place.
func TestNothingButCodesIsTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, e := range []audit.Entry{
		{Verb: "Pin it", Kind: audit.Thread}, {Verb: audit.Pin, Kind: "a|b"}, {Verb: audit.Pin, Kind: audit.Thread, Reason: "she was rude"},
	} {
		err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return audit.Write(ctx, tx, e) })
		if err == nil {
			t.Errorf("%+v is taken", e)
		}
	}
}

// TestManyWritersMakeOneChain, some of whom take their act back.
func TestManyWritersMakeOneChain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var all sync.WaitGroup
	for writer := range int64(20) {
		all.Go(func() {
			for range 5 {
				if err := h.write(writer); err != nil {
					t.Error(err)
				}
				undone := errors.New("undone")
				err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					err := audit.Write(ctx, tx, audit.Entry{At: moment, ActorID: 1, Verb: audit.Pin, Kind: audit.Thread, ObjectID: writer})
					return errors.Join(err, undone)
				})
				if !errors.Is(err, undone) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if whole, err := h.Verify(t.Context()); err != nil || whole.Entries != 100 {
		t.Errorf("the record: %+v %v", whole, err)
	}
}

// TestALongRecordIsWalked in more than one stretch.
func TestALongRecordIsWalked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.db.ExecContext(t.Context(), "SELECT audit_append(now(), 1, 'pin', 'thread', g, 0, 'care') FROM generate_series(1, 2500) g")
	if err != nil {
		t.Fatal(err)
	}
	if whole, err := h.Verify(t.Context()); err != nil || whole.Entries != 2500 {
		t.Errorf("the record: %+v %v", whole, err)
	}
}
