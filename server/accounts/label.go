package accounts

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/platform/db"
)

// GrantLabel lets a person wear a label from one moment to another; a zero until is open. Only
// Supporter and IBCLC are granted: Peer is everybody's, AsModerator is worn while acting as one.
// It composes into the transaction of whoever judged that it is deserved.
func (a *Accounts) GrantLabel(ctx context.Context, tx *db.Tx, personID int64, label Label, from, until time.Time) error {
	if err := insertLabel(ctx, tx, personID, label, from, until); err != nil {
		return fmt.Errorf("granting a label: %w", err)
	}
	return nil
}

// EndLabel takes a label from a person at a moment, whichever grants of it they hold then or later.
func (a *Accounts) EndLabel(ctx context.Context, tx *db.Tx, personID int64, label Label, at time.Time) error {
	if err := endLabel(ctx, tx, personID, label, at); err != nil {
		return fmt.Errorf("ending a label: %w", err)
	}
	return nil
}
