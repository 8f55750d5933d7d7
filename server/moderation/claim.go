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

// idle is how long somebody who does nothing on a case they took keeps it.
const idle = 15 * time.Minute

// Claim takes a case, so that nobody else decides on it meanwhile. Those who reported it are told of the first time.
func (m *Moderation) Claim(ctx context.Context, viewer accounts.Viewer, id int64, version int) error {
	if err := m.step(ctx, viewer, id, version, audit.Claim, m.claim(viewer)); err != nil {
		return fmt.Errorf("taking a case: %w", err)
	}
	return nil
}

func (m *Moderation) claim(viewer accounts.Viewer) deed {
	return func(ctx context.Context, tx *db.Tx, c Case, now time.Time) error {
		if err := mayTake(ctx, tx, viewer, c, now); err != nil {
			return err
		}
		first := c.SeenAt.IsZero()
		if first {
			c.SeenAt = now
		}
		c.ClaimedBy, c.ClaimedUntil = viewer.ID, now.Add(idle)
		if err := move(ctx, tx, c, stepClaim, viewer); err != nil || !first {
			return err
		}
		return m.tellSeen(ctx, tx, c)
	}
}

// Release gives a case back to everybody.
func (m *Moderation) Release(ctx context.Context, viewer accounts.Viewer, id int64, version int) error {
	err := m.step(ctx, viewer, id, version, audit.Release, func(ctx context.Context, tx *db.Tx, c Case, now time.Time) error {
		if err := holds(viewer, c, now); err != nil {
			return err
		}
		c.ClaimedBy, c.ClaimedUntil = 0, time.Time{}
		return move(ctx, tx, c, stepRelease, viewer)
	})
	if err != nil {
		return fmt.Errorf("giving a case back: %w", err)
	}
	return nil
}

// deed is what somebody of the staff does to a case whose row is held.
type deed func(ctx context.Context, tx *db.Tx, c Case, now time.Time) error

// step does something to a case in one transaction with its entry in the audit: for staff who may write, on its present
// version.
func (m *Moderation) step(ctx context.Context, viewer accounts.Viewer, id int64, version int, verb audit.Verb, do deed) error {
	if !viewer.Staff() {
		return fault.Missing()
	}
	now := m.clock()
	return m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, viewer, now); err != nil {
			return err
		}
		c, err := visible(ctx, tx, viewer, id)
		if err != nil {
			return err
		}
		if err := fresh(ctx, tx, c, version); err != nil {
			return err
		}
		return done(ctx, tx, viewer, c, verb, now, do)
	})
}

// done does it, and writes it down.
func done(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, c Case, verb audit.Verb, now time.Time, do deed) error {
	if err := do(ctx, tx, c, now); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{At: now, ActorID: viewer.ID, Verb: verb, Kind: audit.Case, ObjectID: c.ID})
}

// move stores a case's next version, and what led to it.
func move(ctx context.Context, tx *db.Tx, c Case, s step, by accounts.Viewer) error {
	c.Version++
	if err := updateHold(ctx, tx, c); err != nil {
		return err
	}
	return insertStep(ctx, tx, c, s, by.ID)
}

// mayTake says why the viewer cannot have the case.
func mayTake(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, c Case, now time.Time) error {
	switch {
	case !c.Open():
		return fault.New(fault.Conflict, "This case is closed already.")
	case c.Held(now) && c.ClaimedBy != viewer.ID:
		return heldBy(c)
	}
	return secondLook(ctx, tx, viewer, c)
}

// secondLook wants an objection to be judged by somebody other than who is objected to, as long as there is somebody else.
func secondLook(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, c Case) error {
	decided, err := decidedBefore(ctx, tx, viewer.ID, c)
	if err != nil || !decided {
		return err
	}
	others, err := otherStaff(ctx, tx, viewer.ID, c.AboutID)
	if err != nil || !others {
		return err
	}
	return fault.New(fault.Forbidden, "The author objects to what you decided. Somebody else of the staff looks at it now.")
}

// holds wants the viewer to have the case.
func holds(viewer accounts.Viewer, c Case, now time.Time) error {
	switch {
	case !c.Open():
		return fault.New(fault.Conflict, "This case is closed already.")
	case c.HeldBy(viewer, now):
		return nil
	case c.Held(now):
		return heldBy(c)
	}
	return fault.New(fault.Conflict, "You do not have this case, or not any more: after 15 idle minutes it is anybody's again. Please take it first; what you wrote is kept.")
}

func heldBy(c Case) error {
	return fault.New(fault.Conflict, fmt.Sprintf("%s has this case until %s, or for longer while they work on it. What you wrote is kept.",
		c.ClaimedName, c.ClaimedUntil.UTC().Format("15:04 UTC")))
}

// tellSeen tells those who reported that somebody looks at it.
func (m *Moderation) tellSeen(ctx context.Context, tx *db.Tx, c Case) error {
	reporters, err := reporterIDs(ctx, tx, c)
	if err != nil || len(reporters) == 0 {
		return err
	}
	return m.queue.Insert(ctx, tx, Seen{CaseID: c.ID, Reporters: reporters}, nil)
}
