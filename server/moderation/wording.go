package moderation

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/words"
)

// ApproveWording puts an administrator's name under what a rule of words says, in the version that they read.
func (m *Moderation) ApproveWording(ctx context.Context, viewer accounts.Viewer, number int64, version string) error {
	if viewer.Role != accounts.Administrator {
		return fault.Missing()
	}
	now := m.clock()
	err := m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, viewer, now); err != nil {
			return err
		}
		fresh, err := words.Approve(ctx, tx, number, version, viewer.Name)
		if err != nil || !fresh {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{At: now, ActorID: viewer.ID, Verb: audit.Verify, Kind: audit.Wording, ObjectID: number})
	})
	if err != nil {
		return fmt.Errorf("approving a wording: %w", err)
	}
	return nil
}
