package directory

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// PlantListing is Apply in the transaction that fills the demo, at the clock's moment.
func (d *Directory) PlantListing(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, typed Application) (int64, error) {
	a, err := readApplication(typed)
	if err != nil {
		return 0, err
	}
	id, err := d.add(ctx, tx, viewer.ID, a, d.clock())
	if err != nil {
		return 0, fmt.Errorf("planting a listing: %w", err)
	}
	return id, nil
}

// PlantVerification is Verify in the transaction that fills the demo, at the clock's moment.
func (d *Directory) PlantVerification(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, v Verification) error {
	now := d.clock()
	found, expires, err := readVerification(v, now)
	if err != nil {
		return err
	}
	c, err := lockConsultant(ctx, tx, v.ConsultantID)
	if err != nil {
		return err
	}
	if c.Credential, err = credentialOf(ctx, tx, c.ID); err != nil {
		return fmt.Errorf("planting a verification: %w", err)
	}
	return d.verify(ctx, tx, viewer, c, found, expires, now)
}

// PlantConfirmation is Confirm in the transaction that fills the demo, at the clock's moment.
func (d *Directory) PlantConfirmation(ctx context.Context, tx *db.Tx, consultantID int64) error {
	return updateConfirmed(ctx, tx, consultantID, d.clock())
}

// PlantRequest is Contact in the transaction that fills the demo, at the clock's moment.
func (d *Directory) PlantRequest(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, consultantID int64, contact Contact) (int64, error) {
	message, err := readContact(contact)
	if err != nil {
		return 0, err
	}
	c, err := lockConsultant(ctx, tx, consultantID)
	if err != nil {
		return 0, err
	}
	id, err := insertRequest(ctx, tx, c.ID, viewer.ID, contact.Key, message, d.clock())
	if err != nil {
		return 0, fmt.Errorf("planting a request: %w", err)
	}
	return id, d.queue.Insert(ctx, tx, Contacted{RequestID: id, PersonID: c.PersonID}, nil)
}

// PlantSight is Open by the consultant, in the transaction that fills the demo and at the clock's moment.
func (d *Directory) PlantSight(ctx context.Context, tx *db.Tx, requestID int64) error {
	return markSeen(ctx, tx, requestID, d.clock())
}

// PlantAnswer is Answer in the transaction that fills the demo, at the clock's moment.
func (d *Directory) PlantAnswer(ctx context.Context, tx *db.Tx, requestID int64, accepted bool, reply string) error {
	reply, err := text.Body(reply, MaxReply)
	if err != nil {
		return fault.Field("reply", err.Error())
	}
	request, err := lockRequest(ctx, tx, accounts.Viewer{}, requestID)
	if err != nil {
		return err
	}
	if err := updateAnswer(ctx, tx, requestID, accepted, reply, d.clock()); err != nil {
		return fmt.Errorf("planting an answer: %w", err)
	}
	return d.queue.Insert(ctx, tx, Answered{RequestID: requestID, PersonID: request.PersonID, Accepted: accepted}, nil)
}
