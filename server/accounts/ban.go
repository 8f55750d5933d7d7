package accounts

import (
	"context"
	"fmt"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// BanEmail keeps letters from an address, or lets them go there again. Nothing else about it changes, so that nobody can tell
// from outside. Only administrators may.
func (a *Accounts) BanEmail(ctx context.Context, viewer Viewer, typed string, banned bool) error {
	email, complaint := ValidEmail(typed)
	if complaint != "" && viewer.Role == Administrator {
		return fault.Field("email", complaint)
	}
	entry := audit.Entry{At: a.now(), Verb: audit.Add, Kind: audit.BannedEmail}
	if !banned {
		entry.Verb = audit.Remove
	}
	err := Administer(ctx, a.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		if banned {
			return insertBan(ctx, tx, addressHash(email), entry.At)
		}
		return deleteBan(ctx, tx, addressHash(email))
	})
	if err != nil {
		return fmt.Errorf("changing which addresses are welcome: %w", err)
	}
	return nil
}
