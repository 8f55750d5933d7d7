package forum

import (
	"context"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
)

// Pin puts the thread first in its category.
func (f *Forum) Pin(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, Order{Verb: audit.Pin, ThreadID: id, Reason: reason})
}

// Unpin lets it take its place among the others again.
func (f *Forum) Unpin(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, Order{Verb: audit.Unpin, ThreadID: id, Reason: reason})
}

// Lock lets members read the thread and write nothing more in it.
func (f *Forum) Lock(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, Order{Verb: audit.Lock, ThreadID: id, Reason: reason})
}

// Unlock opens it again.
func (f *Forum) Unlock(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, Order{Verb: audit.Unlock, ThreadID: id, Reason: reason})
}

// Hide takes the thread, and all that stands in it, from everybody but staff. Nobody judges their own words so.
func (f *Forum) Hide(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, Order{Verb: audit.Hide, ThreadID: id, Reason: reason})
}

// Restore shows a hidden or removed thread again.
func (f *Forum) Restore(ctx context.Context, viewer accounts.Viewer, id int64, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, Order{Verb: audit.Restore, ThreadID: id, Reason: reason})
}

// Move puts the thread into another category, whose audience is then its own.
func (f *Forum) Move(ctx context.Context, viewer accounts.Viewer, id int64, category string, reason audit.Reason) (Thread, error) {
	return f.act(ctx, viewer, Order{Verb: audit.Move, ThreadID: id, Category: category, Reason: reason})
}

// act carries an order about a thread out, in a transaction of its own, and gives the thread as it is now.
func (f *Forum) act(ctx context.Context, viewer accounts.Viewer, o Order) (Thread, error) {
	err := f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := f.admit(ctx, tx, viewer); err != nil {
			return err
		}
		return f.Carry(ctx, tx, viewer, o)
	})
	if err != nil {
		return Thread{}, err
	}
	return f.Thread(ctx, viewer, o.ThreadID)
}
