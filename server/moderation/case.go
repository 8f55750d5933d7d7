package moderation

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Case is what was reported, and where it stands with the staff. There is one for each thing, which may be opened often.
type Case struct {
	ID           int64
	Kind         audit.Kind
	ObjectID     int64  // of a message its n
	RoomID       int64  // of a message; else 0
	AboutID      int64  // whose words they are, or who the person is
	Alias        string // the name under which they wrote them; empty for their own, as AliasID is 0
	AliasID      int64
	ThreadID     int64 // of a post or a thread; else 0
	Title        string
	Path         string
	Snapshot     []Line `bun:",type:jsonb"` // as it was when it was reported; on the case's page only, as Words
	Words        string
	Reason       audit.Reason // the most severe of this round; empty for a credential
	Severity     Severity
	Version      int // counts the steps from 1
	Round        int // counts how often it was opened
	OpenedAt     time.Time
	DueAt        time.Time
	ClosedAt     time.Time `bun:",nullzero"`
	ClaimedBy    int64     // 0 where nobody took it
	ClaimedName  string
	ClaimedUntil time.Time `bun:",nullzero"`
	SeenAt       time.Time `bun:",nullzero"` // when somebody first took it in this round
}

// Open reports whether the case waits for a decision.
func (c Case) Open() bool { return c.ClosedAt.IsZero() }

// Held reports whether somebody has the case now.
func (c Case) Held(now time.Time) bool { return c.ClaimedBy != 0 && c.ClaimedUntil.After(now) }

// HeldBy reports whether this viewer has it.
func (c Case) HeldBy(viewer accounts.Viewer, now time.Time) bool {
	return c.Held(now) && c.ClaimedBy == viewer.ID
}

// Late reports whether it has waited too long.
func (c Case) Late(now time.Time) bool { return c.Open() && c.DueAt.Before(now) }

// Current is how a thing stands now, and the person whose it is.
type Current struct {
	accounts.Standing
	Gone     bool // its author took it away
	Hidden   bool
	Removed  bool
	Locked   bool
	Pinned   bool
	Category string    // of a thread
	EditedAt time.Time `bun:",nullzero"`
}

// State narrows the list of cases.
type State string

// The states; whatever else is asked for is Waiting.
const (
	Waiting State = "open"   // those that wait for a decision, the most severe first, then by when they are due
	Mine    State = "mine"   // those of them that the viewer has
	Closed  State = "closed" // the newest first
)

// Listing is a page of cases, without what is private in them.
type Listing struct {
	State State
	Cases []Case
	Next  string // the cursor of the next page; empty on the last
}

const casesPerPage = 30

// Cases lists the cases after a cursor. One about the viewer does not exist for them.
func (m *Moderation) Cases(ctx context.Context, viewer accounts.Viewer, state State, after string) (Listing, error) {
	if !viewer.Staff() {
		return Listing{}, fault.Missing()
	}
	from, err := parseCursor(after)
	if err != nil {
		return Listing{}, err
	}
	list := Listing{State: state, Cases: make([]Case, 0, casesPerPage+1)}
	switch state {
	case Mine:
		err = m.reads.mine.Scan(ctx, &list.Cases, viewer.ID, from.severity, from.at, from.id, casesPerPage+1, m.clock())
	case Closed:
		err = m.reads.closed.Scan(ctx, &list.Cases, viewer.ID, from.closedBefore(), from.id, casesPerPage+1)
	default:
		list.State = Waiting
		err = m.reads.open.Scan(ctx, &list.Cases, viewer.ID, from.severity, from.at, from.id, casesPerPage+1)
	}
	if err != nil {
		return Listing{}, fmt.Errorf("listing the cases: %w", err)
	}
	if len(list.Cases) > casesPerPage {
		list.Cases = list.Cases[:casesPerPage]
		list.Next = list.State.cursor(list.Cases[casesPerPage-1]).String()
	}
	return list, nil
}

// Page is all that is known of a case.
type Page struct {
	Case
	About     accounts.Person // whose words they are, or who the person is; nobody where that is masked
	Masked    bool            // they write under an alias, and the viewer has not looked who it is
	Reports   []Report        // of this round
	Decisions []Decision      // about this person, or under this alias where it is masked, the newest first
	Current   Current         // how the thing and the person stand now
	Actions   []audit.Verb    // what can be decided of it
}

// Named is what those are called whom it is about, as others know them.
func (p Page) Named() string {
	if p.Alias != "" {
		return p.Alias
	}
	return p.About.Name
}

// Objection is the decision that somebody objects to in the case's present round; nil where nobody does.
func (p Page) Objection() *Decision {
	for i, d := range p.Decisions {
		if d.CaseID == p.ID && d.ObjectedIn == p.Round {
			return &p.Decisions[i]
		}
	}
	return nil
}

// Last is the decision that closed the case; nil where it is open.
func (p Page) Last() *Decision {
	for i, d := range p.Decisions {
		if d.CaseID == p.ID && !d.Undone() && !p.Open() {
			return &p.Decisions[i]
		}
	}
	return nil
}

// Case reads a case for staff, and writes down that they looked: what stands in it is private. Whoever has the case keeps it
// for another while.
func (m *Moderation) Case(ctx context.Context, viewer accounts.Viewer, id int64) (Page, error) {
	var p Page
	now := m.clock()
	err := m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		c, err := visible(ctx, tx, viewer, id)
		if err != nil {
			return err
		}
		if p, err = readPage(ctx, tx, viewer, c); err != nil {
			return err
		}
		if c.HeldBy(viewer, now) {
			p.ClaimedUntil = now.Add(idle)
			if err := moveClaim(ctx, tx, id, p.ClaimedUntil); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Entry{At: now, ActorID: viewer.ID, Verb: audit.Open, Kind: audit.Case, ObjectID: id})
	})
	if err != nil {
		return Page{}, fmt.Errorf("opening a case: %w", err)
	}
	if p.Masked {
		return p, nil
	}
	named, err := m.people.Names(ctx, viewer, []int64{p.AboutID})
	p.About = named[p.AboutID]
	return p, err
}

// Standing is who has a case now, and its version: nothing that is private, and not written down.
func (m *Moderation) Standing(ctx context.Context, viewer accounts.Viewer, id int64) (Case, error) {
	if !viewer.Staff() {
		return Case{}, fault.Missing()
	}
	var c Case
	switch err := m.reads.standing.Scan(ctx, &c, viewer.ID, id); {
	case db.IsMissing(err):
		return Case{}, fault.Missing()
	case err != nil:
		return Case{}, fmt.Errorf("reading who has a case: %w", err)
	}
	return c, nil
}

// visible reads a case that the viewer may know of, and holds it until the commit.
func visible(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id int64) (Case, error) {
	if !viewer.Staff() {
		return Case{}, fault.Missing()
	}
	c, err := lockCase(ctx, tx, id)
	switch {
	case db.IsMissing(err):
		return Case{}, fault.Missing()
	case err != nil:
		return Case{}, fmt.Errorf("reading the case: %w", err)
	case c.AboutID == viewer.ID:
		return Case{}, fault.Missing()
	}
	return c, nil
}

func readPage(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, c Case) (Page, error) {
	p := Page{Case: c, Actions: actions[c.Kind]}
	var err error
	if p.Masked, err = masked(ctx, tx, viewer, c); err != nil {
		return Page{}, fmt.Errorf("looking for an alias: %w", err)
	}
	if err := maskLines(ctx, tx, p.Case); err != nil {
		return Page{}, err
	}
	if p.Reports, err = reportsOf(ctx, tx, c); err != nil {
		return Page{}, fmt.Errorf("reading the reports: %w", err)
	}
	if p.Decisions, err = decisionsAbout(ctx, tx, viewer, p); err != nil {
		return Page{}, fmt.Errorf("reading the decisions: %w", err)
	}
	if p.Current, err = currentOf(ctx, tx, c); err != nil {
		return Page{}, fmt.Errorf("reading what has become of it: %w", err)
	}
	return p, nil
}
