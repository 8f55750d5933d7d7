package directory_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/directory"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var guest = accounts.Viewer{}

// quiet is a bus that nobody listens to.
type quiet struct{}

func (quiet) Publish(string, []byte) error { return nil }

// house is the domain on a database of its own, with a clock that the test moves.
type house struct {
	*directory.Directory
	t      testing.TB
	db     *db.DB
	people *accounts.Accounts

	mu    sync.Mutex
	clock time.Time
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, db: testdb.New(t), clock: time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)}
	queue := testdb.Queue(t, h.db)
	h.people = accounts.New(h.db, queue, quiet{}, h.now)
	h.Directory = directory.New(h.db, queue, h.people, h.now)
	return h
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clock
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock = h.clock.Add(d)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	_, err := h.db.NewRaw(query, args...).Exec(context.Background())
	h.must(err)
}

// person joins, with a role.
func (h *house) person(handle string, role accounts.Role) accounts.Viewer {
	h.t.Helper()
	v := accounts.Viewer{Handle: handle, Name: handle, Role: role, Label: accounts.Peer}
	h.must(h.db.NewRaw(`INSERT INTO people (handle, handle_fold, display_name, email, role)
		VALUES (?0, lower(?0), ?0, ?1, ?2) RETURNING id`, handle, handle+"@example.org", string(role)).Scan(context.Background(), &v.ID))
	return v
}

func (h *house) member(handle string) accounts.Viewer { return h.person(handle, accounts.Member) }

// application is one that is taken, under a name of its own.
func application(name string) directory.Application {
	return directory.Application{
		Listing: directory.Listing{
			Name: name, Text: "Relactation and supplementers. No hurry.", Fees: "€ 85 a visit", Telehealth: true, Home: true,
			Languages: []string{"nl", "en"}, Specialties: []string{"relactation"}, Accepting: true,
			Places: []directory.Place{{City: "Utrecht", Country: "NL", Accepting: true}},
		},
		Type: directory.IBCLC, Number: "L-" + name, Country: "Netherlands",
	}
}

// numbered names somebody whom nobody else is called like, nor looks like.
func numbered(i int) string {
	const letters = "abcdefgh"
	return "Hanneke-" + string([]byte{letters[i/512%8], letters[i/64%8], letters[i/8%8], letters[i%8]})
}

func (h *house) apply(by accounts.Viewer, a directory.Application) directory.Consultant {
	h.t.Helper()
	c, err := h.Apply(context.Background(), by, a)
	h.must(err)
	return c
}

// in is the day so far ahead, as an administrator types it.
func (h *house) in(years, months, days int) string {
	return h.now().AddDate(years, months, days).Format(time.DateOnly)
}

// found is what an administrator finds who looks the application up.
func (h *house) found(c directory.Consultant, a directory.Application) directory.Verification {
	return directory.Verification{ConsultantID: c.ID, Number: a.Number, Country: a.Country, Expires: h.in(1, 0, 0)}
}

// consultant applies and is verified for a year.
func (h *house) consultant(ada accounts.Viewer, handle string, a directory.Application) (accounts.Viewer, directory.Consultant) {
	h.t.Helper()
	by := h.member(handle)
	c := h.apply(by, a)
	h.must(h.Verify(context.Background(), ada, h.found(c, a)))
	return by, h.read(by, c)
}

// read is the listing as the viewer sees it now.
func (h *house) read(viewer accounts.Viewer, c directory.Consultant) directory.Consultant {
	h.t.Helper()
	c, err := h.ConsultantByID(context.Background(), viewer, c.ID)
	h.must(err)
	return c
}

// slugs are the consultants that a filter finds, over all pages.
func (h *house) slugs(f directory.Filter) []string {
	h.t.Helper()
	found := []string{}
	for first := true; first || f.After != ""; first = false {
		page, err := h.Listings(context.Background(), guest, f)
		h.must(err)
		for _, c := range page.Consultants {
			found = append(found, c.Slug)
		}
		f.After = page.Next
	}
	return found
}

func (h *house) record() []audit.Entry {
	h.t.Helper()
	page, err := audit.New(h.db).Page(context.Background(), 0)
	h.must(err)
	return page.Entries
}

// acts are the verbs and kinds of the record, the oldest first.
func (h *house) acts() []string {
	var acts []string
	for _, e := range slices.Backward(h.record()) {
		acts = append(acts, fmt.Sprintf("%s %s", e.Verb, e.Kind))
	}
	return acts
}

// jobs are those of the directory that wait, the oldest first: kind and arguments.
func (h *house) jobs() []string {
	h.t.Helper()
	var found []string
	h.must(h.db.NewRaw(`SELECT kind || ' ' || args FROM river_job WHERE kind LIKE 'directory.%' ORDER BY id`).Scan(context.Background(), &found))
	return found
}

// label is what a person wears now.
func (h *house) label(of accounts.Viewer) accounts.Label {
	h.t.Helper()
	person, err := h.people.Person(context.Background(), guest, of.Handle)
	h.must(err)
	return person.Label
}

// refused wants a refusal of this kind.
func refused(t testing.TB, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: got %v, want a fault of kind %d", what, err, kind)
	}
}

// faulty wants faults at just these fields.
func faulty(t testing.TB, what string, err error, fields ...string) {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid {
		t.Errorf("%s: got %v, want faults at %v", what, err, fields)
		return
	}
	if got := slices.Sorted(maps.Keys(refusal.Fields)); !slices.Equal(got, fields) {
		t.Errorf("%s: faults at %v, want %v", what, refusal.Fields, fields)
	}
}

// inTx runs do in a transaction.
func (h *house) inTx(do func(ctx context.Context, tx *db.Tx) error) error {
	return h.db.InTx(context.Background(), do)
}
