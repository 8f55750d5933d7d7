package directory

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Order is what a moderator wants done to a listing, and why: audit.Hide or audit.Restore.
type Order struct {
	Verb         audit.Verb
	ConsultantID int64
	Reason       audit.Reason
}

// Carry carries an order out in the caller's transaction and writes it into the audit there. What is so already changes
// nothing and is not written down again. Nobody judges their own listing.
func (d *Directory) Carry(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, o Order) error {
	if err := d.carry(ctx, tx, viewer, o); err != nil {
		return fmt.Errorf("carrying out %s: %w", o.Verb, err)
	}
	return nil
}

func (d *Directory) carry(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, o Order) error {
	now := d.clock()
	c, err := lockConsultant(ctx, tx, o.ConsultantID)
	if err != nil {
		return err
	}
	if err := o.check(viewer, c); err != nil {
		return err
	}
	hide := o.Verb == audit.Hide
	if c.Hidden() == hide {
		return nil
	}
	hiddenAt := time.Time{}
	if hide {
		hiddenAt = now
	}
	if err := updateHidden(ctx, tx, c.ID, hiddenAt); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{
		At: now, ActorID: viewer.ID, Verb: o.Verb, Kind: audit.Listing, ObjectID: c.ID, Reason: o.Reason,
	})
}

// check says why the viewer may not have this done to the listing.
func (o Order) check(viewer accounts.Viewer, c Consultant) error {
	switch {
	case !MaySee(viewer, c):
		return fault.Missing()
	case !viewer.Staff():
		return fault.New(fault.Forbidden, "Only moderators can do this.")
	case !MayJudge(viewer, c):
		return fault.New(fault.Forbidden, "This is your own listing. Please ask another moderator to decide.")
	case o.Verb != audit.Hide && o.Verb != audit.Restore:
		return fault.Field("action", "A listing can be hidden and restored, nothing else.")
	case !o.Reason.Known():
		return fault.Field("reason_code", "Please choose why.")
	}
	return nil
}
