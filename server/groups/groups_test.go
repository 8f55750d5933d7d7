package groups_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/groups"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// house is the domain on a database of its own, with a clock that the test moves.
type house struct {
	*groups.Groups
	people *accounts.Accounts
	t      *testing.T
	db     *db.DB
	clock  time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, db: testdb.New(t), clock: time.Now().UTC().Truncate(time.Microsecond)}
	h.people = accounts.New(h.db, testdb.Queue(t, h.db), silence{}, h.now)
	h.Groups = groups.New(h.db, h.people, h.now)
	return h
}

type silence struct{}

func (silence) Publish(string, []byte) error { return nil }

func (h *house) now() time.Time { return h.clock }

func (h *house) pass(d time.Duration) { h.clock = h.clock.Add(d) }

// somebody joins and has a role.
func (h *house) somebody(handle string, role accounts.Role) accounts.Viewer {
	h.t.Helper()
	tokens, err := h.people.CreatePeople(h.t.Context(), 1)
	if err != nil {
		h.t.Fatal(err)
	}
	_, err = h.db.ExecContext(h.t.Context(), `
		UPDATE people SET handle = ?0, handle_fold = lower(?0), display_name = ?0, role = ?1 WHERE handle LIKE 'bench-%'`, handle, string(role))
	if err != nil {
		h.t.Fatal(err)
	}
	v, err := h.people.Viewer(h.t.Context(), tokens[0])
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// fields are the faults of a form, by field; it fails where err is another kind of no.
func fields(t *testing.T, err error) map[string]string {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid || len(refusal.Fields) == 0 {
		t.Fatalf("got %v, want faults of fields", err)
	}
	return refusal.Fields
}

func wantFault(t *testing.T, err error, field, words string) {
	t.Helper()
	if got := fields(t, err)[field]; !strings.Contains(got, words) {
		t.Errorf("%s: got %q, want words with %q", field, got, words)
	}
}

// circle is a house with an administrator, a group, its moderator, somebody in it and somebody besides.
type circle struct {
	*house
	ada, maya, sol, wren accounts.Viewer
}

func newCircle(t *testing.T, g groups.Group) *circle {
	t.Helper()
	h := newHouse(t)
	c := &circle{
		house: h, ada: h.somebody("ada", accounts.Administrator), maya: h.somebody("maya", accounts.Member),
		sol: h.somebody("sol", accounts.Member), wren: h.somebody("wren", accounts.Member),
	}
	g.Slug, g.Name, g.About = "adoptive", "Adoptive parents", "For parents who did not give birth."
	c.must(h.Add(t.Context(), c.ada, g))
	for _, v := range []accounts.Viewer{c.maya, c.sol} {
		c.must(h.LetIn(t.Context(), c.ada, "adoptive", v.Handle))
	}
	c.must(h.SetModerator(t.Context(), c.ada, "adoptive", c.maya.ID, true))
	return c
}

func (c *circle) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// in are the handles of who is in the group, as its moderator sees them.
func (c *circle) in() []string {
	c.t.Helper()
	people, err := c.People(c.t.Context(), c.maya, "adoptive", "")
	c.must(err)
	var handles []string
	for _, m := range people.People {
		handles = append(handles, m.Handle)
	}
	return handles
}

func (c *circle) label(v accounts.Viewer) accounts.Label {
	c.t.Helper()
	person, err := c.people.Person(c.t.Context(), accounts.Viewer{}, v.Handle)
	c.must(err)
	return person.Label
}

func TestPeopleJoinAndLeaveAGroup(t *testing.T) {
	t.Parallel()
	c := newCircle(t, groups.Group{Open: true})
	for range 2 { // once more changes nothing
		c.must(c.Join(t.Context(), c.wren, "adoptive"))
	}
	if got := c.in(); !slices.Equal(got, []string{"maya", "sol", "wren"}) {
		t.Errorf("in it are %v", got)
	}
	for range 2 {
		c.must(c.Leave(t.Context(), c.wren, "adoptive"))
	}
	if got := c.in(); !slices.Equal(got, []string{"maya", "sol"}) {
		t.Errorf("in it are %v", got)
	}
	for _, slug := range []string{"nothing", "NO", ""} {
		if err := c.Join(t.Context(), c.wren, slug); !fault.Is(err, fault.NotFound) {
			t.Errorf("joining %q: %v", slug, err)
		}
	}
	waits := c.wren
	waits.Awaits = accounts.AwaitsApproval
	for _, viewer := range []accounts.Viewer{{}, waits} {
		all, listed := c.All(t.Context(), viewer)
		if err := c.Join(t.Context(), viewer, "adoptive"); !fault.Is(err, fault.NotFound) || len(all) != 0 || viewer.Guest() != (listed != nil) {
			t.Errorf("%q joins: %v, and sees %v: %v", viewer.Handle, err, all, listed)
		}
	}
}

func TestAClosedGroupLetsPeopleIn(t *testing.T) {
	t.Parallel()
	c := newCircle(t, groups.Group{})
	if err := c.Join(t.Context(), c.wren, "adoptive"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("joining: %v", err)
	}
	c.must(c.LetIn(t.Context(), c.maya, "adoptive", "WREN"))
	if got := c.in(); !slices.Contains(got, "wren") {
		t.Errorf("in it are %v", got)
	}
	for _, typed := range []string{"nobody-here", "", "x y"} {
		err := c.LetIn(t.Context(), c.maya, "adoptive", typed)
		wantFault(t, err, "handle", "Nobody has this name")
	}
}

// TestOnlyItsModeratorsLookAfterAGroup hides who is in a group from all others, and from a moderator without a second factor.
func TestOnlyItsModeratorsLookAfterAGroup(t *testing.T) {
	t.Parallel()
	c := newCircle(t, groups.Group{Grants: true})
	mod := c.somebody("mod", accounts.Moderator)
	alone := c.maya
	alone.SecondFactor = false
	for who, v := range map[string]accounts.Viewer{"a member of it": c.sol, "somebody else": c.wren, "a guest": {}, "the place's moderator": mod, "by a password alone": alone} {
		_, listed := c.People(t.Context(), v, "adoptive", "")
		for act, err := range map[string]error{
			"lists": listed, "lets in": c.LetIn(t.Context(), v, "adoptive", "wren"), "takes out": c.TakeOut(t.Context(), v, "adoptive", c.sol.ID),
			"grants": c.SetSupporter(t.Context(), v, "adoptive", c.sol.ID, true), "promotes": c.SetModerator(t.Context(), v, "adoptive", c.sol.ID, true),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s %s: %v", who, act, err)
			}
		}
	}
	seen, err := c.All(t.Context(), alone)
	if err != nil || len(seen) != 1 || !seen[0].Withheld || seen[0].Moderates {
		t.Errorf("by a password alone it looks like %+v, %v", seen, err)
	}
	if err := c.SetModerator(t.Context(), c.maya, "adoptive", c.sol.ID, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("its moderator makes another: %v", err)
	}
	if got := c.in(); !slices.Equal(got, []string{"maya", "sol"}) || c.label(c.sol) != accounts.Peer {
		t.Errorf("in it are %v", got)
	}
}

func TestAGroupThatMayGrantsTheLabel(t *testing.T) {
	t.Parallel()
	c := newCircle(t, groups.Group{Grants: true})
	for range 2 {
		c.must(c.SetSupporter(t.Context(), c.maya, "adoptive", c.sol.ID, true))
	}
	if got := c.label(c.sol); got != accounts.Supporter {
		t.Errorf("granted: %s", got)
	}
	if err := c.SetSupporter(t.Context(), c.maya, "adoptive", c.maya.ID, true); !fault.Is(err, fault.Forbidden) {
		t.Errorf("to themselves: %v", err)
	}
	c.must(c.SetSupporter(t.Context(), c.maya, "adoptive", c.wren.ID, true)) // who is not in it
	if got := c.label(c.wren); got != accounts.Peer {
		t.Errorf("outside the group: %s", got)
	}
	for _, ends := range map[string]func() error{
		"taken away":          func() error { return c.SetSupporter(t.Context(), c.maya, "adoptive", c.sol.ID, false) },
		"they left":           func() error { return c.Leave(t.Context(), c.sol, "adoptive") },
		"they were taken out": func() error { return c.TakeOut(t.Context(), c.maya, "adoptive", c.sol.ID) },
		"the group may no more": func() error {
			return c.Change(t.Context(), c.ada, groups.Group{Slug: "adoptive", Name: "A", About: "B"})
		},
	} {
		c.must(c.Change(t.Context(), c.ada, groups.Group{Slug: "adoptive", Name: "A", About: "B", Grants: true}))
		c.must(c.LetIn(t.Context(), c.maya, "adoptive", "sol"))
		c.must(c.SetSupporter(t.Context(), c.maya, "adoptive", c.sol.ID, true))
		c.pass(time.Second)
		c.must(ends())
		c.pass(time.Second)
		if got := c.label(c.sol); got != accounts.Peer {
			t.Errorf("the label outlived it: %s", got)
		}
	}
	if err := c.SetSupporter(t.Context(), c.maya, "adoptive", c.sol.ID, true); err != nil && !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestAGroupThatMayNotGrantsNothing(t *testing.T) {
	t.Parallel()
	c := newCircle(t, groups.Group{})
	if err := c.SetSupporter(t.Context(), c.maya, "adoptive", c.sol.ID, true); !fault.Is(err, fault.Forbidden) || c.label(c.sol) != accounts.Peer {
		t.Errorf("granted by a group that may not: %v", err)
	}
}

// TestALabelOfTwoGroups ends with the last of them.
func TestALabelOfTwoGroups(t *testing.T) {
	t.Parallel()
	c := newCircle(t, groups.Group{Grants: true})
	c.must(c.Add(t.Context(), c.ada, groups.Group{Slug: "listeners", Name: "Listeners", About: "Trained to listen.", Grants: true}))
	c.must(c.LetIn(t.Context(), c.ada, "listeners", "sol"))
	c.must(c.SetSupporter(t.Context(), c.ada, "listeners", c.sol.ID, true))
	c.pass(time.Second)
	c.must(c.SetSupporter(t.Context(), c.maya, "adoptive", c.sol.ID, true))
	c.pass(time.Second)
	c.must(c.Leave(t.Context(), c.sol, "listeners"))
	c.pass(time.Second)
	if got := c.label(c.sol); got != accounts.Supporter {
		t.Errorf("with one group left: %s", got)
	}
	c.must(c.Leave(t.Context(), c.sol, "adoptive"))
	c.pass(time.Second)
	if got := c.label(c.sol); got != accounts.Peer {
		t.Errorf("with none: %s", got)
	}
}

func TestOnlyAdministratorsArrangeGroups(t *testing.T) {
	t.Parallel()
	c := newCircle(t, groups.Group{})
	for _, v := range []accounts.Viewer{{}, c.wren, c.maya, c.somebody("mod", accounts.Moderator)} {
		if err := c.Add(t.Context(), v, groups.Group{Slug: "more", Name: "A", About: "B"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s adds a group: %v", v.Handle, err)
		}
		if err := c.Change(t.Context(), v, groups.Group{Slug: "adoptive", Name: "A", About: "B"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s changes a group: %v", v.Handle, err)
		}
		if _, err := c.Group(t.Context(), v, "adoptive"); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s reads a group: %v", v.Handle, err)
		}
	}
	err := c.Add(t.Context(), c.ada, groups.Group{Slug: "Not One"})
	if got := fields(t, err); len(got) != 3 {
		t.Errorf("faults: %v", got)
	}
	err = c.Add(t.Context(), c.ada, groups.Group{Slug: "adoptive", Name: "A", About: "B"})
	wantFault(t, err, "slug", "already")
}

// TestWhatIsDoneInAGroupIsWrittenDown counts entries: what is so already leaves none.
func TestWhatIsDoneInAGroupIsWrittenDown(t *testing.T) {
	t.Parallel()
	c := newCircle(t, groups.Group{Grants: true})
	for range 2 {
		c.must(c.SetSupporter(t.Context(), c.maya, "adoptive", c.sol.ID, true))
		c.must(c.TakeOut(t.Context(), c.maya, "adoptive", c.sol.ID))
		c.must(c.SetModerator(t.Context(), c.ada, "adoptive", c.maya.ID, true))
	}
	var verbs []string
	if err := c.db.NewRaw(`SELECT verb FROM audit_entries ORDER BY id`).Scan(t.Context(), &verbs); err != nil {
		t.Fatal(err)
	}
	want := []string{
		string(audit.Add), string(audit.LetIn), string(audit.LetIn), string(audit.MakeGroupModerator),
		string(audit.GrantSupporter), string(audit.TakeOut),
	}
	if !slices.Equal(verbs, want) {
		t.Errorf("written down: %v, want %v", verbs, want)
	}
}
