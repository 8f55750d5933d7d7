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
