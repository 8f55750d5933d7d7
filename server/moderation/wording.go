package moderation

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/words"
)

// ApproveWording puts an administrator's name under what a rule of words says, in the version that they read.
func (m *Moderation) ApproveWording(ctx context.Context, viewer accounts.Viewer, number int64, version string) error {
	entry := audit.Entry{At: m.clock(), Verb: audit.Verify, Kind: audit.Wording}
	err := accounts.Administer(ctx, m.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		fresh, err := words.Approve(ctx, tx, number, version, viewer.Name)
		if err != nil || !fresh {
			return 0, err
		}
		return number, nil
	})
	if err != nil {
		return fmt.Errorf("approving a wording: %w", err)
	}
	return nil
}
