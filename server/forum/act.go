package forum

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Pin puts the thread first in its category.
func (f *Forum) Pin(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, order{verb: audit.Pin, threadID: id, reason: reason})
}

// Unpin lets it take its place among the others again.
func (f *Forum) Unpin(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, order{verb: audit.Unpin, threadID: id, reason: reason})
}

// Lock lets members read the thread and write nothing more in it.
func (f *Forum) Lock(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, order{verb: audit.Lock, threadID: id, reason: reason})
}

// Unlock opens it again.
func (f *Forum) Unlock(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, order{verb: audit.Unlock, threadID: id, reason: reason})
}

// Hide takes the thread, and all that stands in it, from everybody but staff. Nobody judges their own words so.
func (f *Forum) Hide(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, order{verb: audit.Hide, threadID: id, reason: reason})
}

// Restore shows a hidden thread again.
func (f *Forum) Restore(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, order{verb: audit.Restore, threadID: id, reason: reason})
}

// Move puts the thread into another category, whose audience is then its own.
func (f *Forum) Move(ctx context.Context, viewer accounts.Viewer, id int64, category string, reason audit.Reason) (Thread, error) {
	into, err := f.Category(ctx, viewer, category)
	if fault.Is(err, fault.NotFound) {
		return Thread{}, fault.Field("category", "Please choose where it should go.")
	}
	if err != nil {
		return Thread{}, err
	}
	return f.act(ctx, viewer, order{verb: audit.Move, threadID: id, reason: reason, into: into})
}

// order is what a moderator wants done to a thread, and why.
type order struct {
	verb     audit.Verb
	threadID int64
	reason   audit.Reason
	into     Category // for a move
}

// done is the thread as it is once the order is carried out.
func (o order) done(t Thread, now time.Time) Thread {
	since := func(at time.Time) time.Time { // the first moment counts
		if at.IsZero() {
			return now
		}
		return at
	}
	switch o.verb {
	case audit.Pin:
		t.PinnedAt = since(t.PinnedAt)
	case audit.Unpin:
		t.PinnedAt = time.Time{}
	case audit.Lock:
		t.LockedAt = since(t.LockedAt)
	case audit.Unlock:
		t.LockedAt = time.Time{}
	case audit.Hide:
		t.HiddenAt = since(t.HiddenAt)
	case audit.Restore:
		t.HiddenAt = time.Time{}
	case audit.Move:
		t.CategorySlug = o.into.Slug
	}
	return t
}

// act carries an order out and writes it into the audit, both or neither, and gives the thread as it is now. What is so
// already changes nothing and is not written down again.
func (f *Forum) act(ctx context.Context, viewer accounts.Viewer, o order) (Thread, error) {
	now := f.clock()
	err := f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		thread, err := lockThread(ctx, tx, o.threadID)
		if err != nil {
			return err
		}
		if err := o.check(viewer, thread); err != nil {
			return err
		}
		after := o.done(thread, now)
		if after == thread {
			return nil
		}
		if err := updateStanding(ctx, tx, after); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{
			At: now, ActorID: viewer.ID, Verb: o.verb, Kind: audit.Thread, ObjectID: o.threadID, IntoID: o.into.ID, Reason: o.reason,
		})
	})
	if err != nil {
		return Thread{}, fmt.Errorf("carrying out %s: %w", o.verb, err)
	}
	return f.Thread(ctx, viewer, o.threadID)
}

// check says why the viewer may not have this done to the thread.
func (o order) check(viewer accounts.Viewer, thread Thread) error {
	judges := o.verb == audit.Hide || o.verb == audit.Restore
	switch {
	case !MaySee(viewer, thread):
		return fault.Missing()
	case !MayModerate(viewer, thread):
		return fault.New(fault.Forbidden, "Only moderators can do this.")
	case judges && !MayJudge(viewer, thread):
		return fault.New(fault.Forbidden, "These are your own words. Please ask another moderator to decide.")
	case !o.reason.Known():
		return fault.Field("reason_code", "Please choose why.")
	}
	return nil
}
