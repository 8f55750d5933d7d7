package notify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Kind is what a notice is about.
type Kind string

// The kinds, each with what its object is.
const (
	Mention         Kind = "mention"          // a post that names the person, by their handle or by their alias there
	Answer          Kind = "answer"           // a post that replies to theirs, or quotes it
	Reply           Kind = "reply"            // a post in a thread that they watch
	Decided         Kind = "decided"          // a decision about their words, or about them
	Seen            Kind = "seen"             // a case that they reported, and that somebody has taken
	Closed          Kind = "closed"           // a case that they reported, and that was decided
	Case            Kind = "case"             // a case that staff have to look at now
	Verified        Kind = "verified"         // the consultant that they are, whose credential was found true
	Refused         Kind = "refused"          // or not
	Contact         Kind = "contact"          // a request to them as a consultant
	ContactAnswered Kind = "contact_answered" // a request of theirs
	Waits           Kind = "waits"            // the person with whom a line began of those who wait to be let in
)

// Notice is one thing that a person was told of.
type Notice struct {
	ID       int64
	Kind     Kind
	ObjectID int64
	ThreadID int64 // of a post; else 0
	At       time.Time
	ReadAt   time.Time `bun:",nullzero"`
}

// Read reports whether the person has seen it.
func (n Notice) Read() bool { return !n.ReadAt.IsZero() }

const perPage = 50

// Page is a stretch of a person's notices, the newest first.
type Page struct {
	Notices []Notice
	Next    int64 // the id before which the next page begins; 0 on the last
}

// Page reads the viewer's notices before an id; 0 is the newest.
func (n *Notify) Page(ctx context.Context, viewer accounts.Viewer, before int64) (Page, error) {
	if viewer.Guest() {
		return Page{}, fault.New(fault.Unauthenticated, "Please sign in first.")
	}
	page := Page{Notices: make([]Notice, 0, perPage+1)}
	if err := n.page.Scan(ctx, &page.Notices, viewer.ID, before, perPage+1); err != nil {
		return Page{}, fmt.Errorf("reading the notices: %w", err)
	}
	if len(page.Notices) > perPage {
		page.Notices = page.Notices[:perPage]
		page.Next = page.Notices[perPage-1].ID
	}
	return page, nil
}

// MarkSeen marks the viewer's notices between two ids, both included, as seen, and quiets the bell by as many. What came
// after they looked has a higher id.
func (n *Notify) MarkSeen(ctx context.Context, viewer accounts.Viewer, from, upto int64) error {
	err := n.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return n.mark(ctx, tx, viewer.ID, from, upto) })
	if err != nil {
		return fmt.Errorf("marking notices as seen: %w", err)
	}
	return nil
}

func (n *Notify) mark(ctx context.Context, tx *db.Tx, personID, from, upto int64) error {
	if err := n.people.Ring(ctx, tx, personID, 0); err != nil { // the bell before the notices, as in tell
		return err
	}
	marked, err := markSeen(ctx, tx, personID, from, upto, n.now())
	if err != nil || marked == 0 {
		return err
	}
	return n.people.Ring(ctx, tx, personID, -marked)
}

// subject is what notices are about.
type subject struct {
	objectID, threadID int64
	round              int64
}

// once is the round of what is told of one time only.
const once = 1

// told is somebody with the kind of their notice.
type told struct {
	PersonID int64
	Kind     Kind
}

// tell gives each of these people one notice in the caller's transaction, and gives those to whom it is new. The bells are
// rung first and held until the commit, so that a person's notices have their ids in the order in which they appear.
func (n *Notify) tell(ctx context.Context, tx *db.Tx, about subject, people []told) ([]int64, error) {
	var all, kinds = make([]int64, len(people)), make([]Kind, len(people))
	for i, p := range people {
		all[i], kinds[i] = p.PersonID, p.Kind
	}
	if err := n.people.RingAll(ctx, tx, all, 1); err != nil {
		return nil, err
	}
	fresh, err := insertNotices(ctx, tx, about, all, kinds, n.now())
	if err != nil {
		return nil, fmt.Errorf("adding notices: %w", err)
	}
	knew := slices.DeleteFunc(all, func(id int64) bool { return slices.Contains(fresh, id) })
	return fresh, n.people.RingAll(ctx, tx, knew, -1)
}

// same gives all of these people a notice of one kind.
func same(kind Kind, people []int64) []told {
	all := make([]told, len(people))
	for i, id := range people {
		all[i] = told{id, kind}
	}
	return all
}

// without is everybody but one.
func without(people []int64, one int64) []int64 {
	return slices.DeleteFunc(slices.Clone(people), func(id int64) bool { return id == one })
}
