package accounts

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/db"
)

// LabelChanged is the job of showing that a person begins or ceases to wear a label, where it is shown live.
type LabelChanged struct {
	PersonID int64 `json:"person_id"`
}

// Kind names the job in River's table.
func (LabelChanged) Kind() string { return "accounts.label_changed" }

// afterwards is how much later than the change its job is due: the clocks of two nodes differ a little, and each must find
// the change done.
const afterwards = 2 * time.Second

// GrantLabel lets a person wear a label from one moment to another; a zero until is open. Only
// Supporter and IBCLC are granted: Peer is everybody's, AsModerator is worn while acting as one.
// It composes into the transaction of whoever judged that it is deserved.
func (a *Accounts) GrantLabel(ctx context.Context, tx *db.Tx, personID int64, label Label, from, until time.Time) error {
	if err := insertLabel(ctx, tx, personID, label, from, until); err != nil {
		return fmt.Errorf("granting a label: %w", err)
	}
	return a.labelChanges(ctx, tx, personID, from, until)
}

// EndLabel takes a label from a person at a moment, however long it was granted for. What they wrote before keeps it, as
// theirs when it was written. It composes like GrantLabel.
func (a *Accounts) EndLabel(ctx context.Context, tx *db.Tx, personID int64, label Label, at time.Time) error {
	if err := endLabel(ctx, tx, personID, label, at); err != nil {
		return fmt.Errorf("ending a label: %w", err)
	}
	return a.labelChanges(ctx, tx, personID, at)
}

// labelChanges has each of these moments shown; a zero one never comes.
func (a *Accounts) labelChanges(ctx context.Context, tx *db.Tx, personID int64, moments ...time.Time) error {
	for _, at := range moments {
		if at.IsZero() {
			continue
		}
		due := &river.InsertOpts{ScheduledAt: at.Add(afterwards)}
		if err := a.queue.Insert(ctx, tx, LabelChanged{PersonID: personID}, due); err != nil {
			return err
		}
	}
	return nil
}
