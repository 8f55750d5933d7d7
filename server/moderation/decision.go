package moderation

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// undoable is how long a decision can be taken back with one tap.
const undoable = 30 * time.Second

// Decision is what a moderator decided on a case.
type Decision struct {
	ID          int64
	CaseID      int64
	Kind        audit.Kind // of the thing that it is about
	Round       int        // of the case
	DeciderID   int64
	DeciderName string
	AboutID     int64
	Action      audit.Verb   // None, or what was done
	Reason      audit.Reason `bun:"reason_code"`
	Note        string       // what the author reads of it, besides the reason
	Until       time.Time    `bun:",nullzero"` // of a mute or a suspension
	Category    string       // for a move: where it goes; it is not kept
	At          time.Time
	UndoneAt    time.Time `bun:",nullzero"`
	Objection   string    // what the author wrote against it
	ObjectedAt  time.Time `bun:",nullzero"`
	ObjectedIn  int       // the case's round in which somebody looks at that
	Back        undoing   `bun:"embed:back_"`
}

// Undone reports whether it was taken back.
func (d Decision) Undone() bool { return !d.UndoneAt.IsZero() }

// MayUndo reports whether the viewer can take it back with one tap.
func (d Decision) MayUndo(viewer accounts.Viewer, now time.Time) bool {
	return d.DeciderID == viewer.ID && !d.Undone() && now.Before(d.At.Add(undoable))
}

// Decide closes a case that the viewer has: what is decided is done, kept and written down in one transaction, and those
// whom it concerns are told half a minute later. Judged in order: whether they may know of it, the version, who has it, what was filled in.
func (m *Moderation) Decide(ctx context.Context, viewer accounts.Viewer, id int64, version int, d Decision) error {
	if err := m.step(ctx, viewer, id, version, audit.Decide, m.decide(viewer, d)); err != nil {
		return fmt.Errorf("deciding a case: %w", err)
	}
	return nil
}

func (m *Moderation) decide(viewer accounts.Viewer, d Decision) deed {
	return func(ctx context.Context, tx *db.Tx, c Case, now time.Time) error {
		if err := holds(viewer, c, now); err != nil {
			return err
		}
		if err := secondLook(ctx, tx, viewer, c); err != nil {
			return err
		}
		made, err := d.on(c, viewer, now)
		if err != nil {
			return err
		}
		return m.carry(ctx, tx, viewer, c, made)
	}
}

// on is the decision as it is kept, with its faults where it was not filled in well.
func (d Decision) on(c Case, viewer accounts.Viewer, now time.Time) (Decision, error) {
	faults := d.faults(c, now)
	d.Note = readNote(d.Note, faults)
	if err := fault.Fields(faults); err != nil {
		return Decision{}, err
	}
	if !timed(d.Action) {
		d.Until = time.Time{}
	}
	d.CaseID, d.Kind, d.Round, d.AboutID, d.DeciderID, d.At = c.ID, c.Kind, c.Round, c.AboutID, viewer.ID, now
	return d, nil
}

// carry does what was decided, and closes the case.
func (m *Moderation) carry(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, c Case, d Decision) error {
	current, err := currentOf(ctx, tx, c)
	if err != nil {
		return fmt.Errorf("reading how it stands: %w", err)
	}
	d.Back = d.undoing(current)
	c.ClosedAt, c.ClaimedBy, c.ClaimedUntil = d.At, 0, time.Time{}
	if err := move(ctx, tx, c, stepDecide, viewer); err != nil {
		return err
	}
	if d.ID, err = insertDecision(ctx, tx, d); err != nil {
		return err
	}
	if err := m.tellDecided(ctx, tx, c, d); err != nil {
		return err
	}
	if err := m.emptyLater(ctx, tx, c); err != nil {
		return err
	}
	return m.act(ctx, tx, viewer, c, act{verb: d.Action, reason: d.Reason, until: d.Until, category: d.Category})
}

// tellDecided has those whom it concerns told once it can no longer be taken back: nobody hears of a slip.
func (m *Moderation) tellDecided(ctx context.Context, tx *db.Tx, c Case, d Decision) error {
	reporters, err := reporterIDs(ctx, tx, c)
	if err != nil {
		return err
	}
	told := Decided{DecisionID: d.ID, CaseID: c.ID, Reporters: reporters}
	answers, err := answersObjection(ctx, tx, d)
	if err != nil {
		return err
	}
	if d.Action != None || answers {
		told.AuthorID = d.AboutID
	}
	return m.queue.Insert(ctx, tx, told, &river.InsertOpts{ScheduledAt: d.At.Add(undoable)})
}

// Undo takes back what the viewer decided a moment ago, and gives them the case again.
func (m *Moderation) Undo(ctx context.Context, viewer accounts.Viewer, id int64, version int) error {
	err := m.step(ctx, viewer, id, version, audit.Undo, func(ctx context.Context, tx *db.Tx, c Case, now time.Time) error {
		d, err := lastDecision(ctx, tx, c)
		switch {
		case db.IsMissing(err), err == nil && (c.Open() || d.Undone()):
			return fault.New(fault.Conflict, "There is nothing to take back here.")
		case err != nil:
			return fmt.Errorf("reading the decision: %w", err)
		case d.DeciderID != viewer.ID:
			return fault.New(fault.Forbidden, "Only who decided can take it back with one tap.")
		case !d.MayUndo(viewer, now):
			return fault.New(fault.Conflict, "The 30 seconds are over. A new report or an objection opens the case again.")
		}
		if err := updateUndone(ctx, tx, d.ID, now); err != nil {
			return err
		}
		c.ClosedAt, c.ClaimedBy, c.ClaimedUntil = time.Time{}, viewer.ID, now.Add(idle)
		if err := move(ctx, tx, c, stepUndo, viewer); err != nil {
			return err
		}
		return m.act(ctx, tx, viewer, c, d.Back.act(d.Reason))
	})
	if err != nil {
		return fmt.Errorf("taking a decision back: %w", err)
	}
	return nil
}
