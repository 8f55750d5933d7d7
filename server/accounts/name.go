package accounts

import (
	"context"
	"fmt"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/text"
)

// NameKind is what somebody has a name for.
type NameKind string

// The kinds of names. All stand in one namespace, so that nobody is taken for somebody else.
const (
	HandleName  NameKind = "handle"
	DisplayName NameKind = "display"
	AliasName   NameKind = "alias"
)

// ClaimName makes a folded name a person's own for this kind, in the transaction that uses it, and reports whether it could
// be: not where somebody else has it or one that looks like it, nor where they have it themselves for another kind. The same claim again is no fault.
// A claim waits for others of such a name that are not committed yet.
func ClaimName(ctx context.Context, tx *db.Tx, personID int64, fold string, kind NameKind) (bool, error) {
	taken, err := holdLooks(ctx, tx, text.Skeleton(fold), personID)
	if err != nil {
		return false, fmt.Errorf("looking for a name like it: %w", err)
	}
	if taken {
		return false, nil
	}
	theirs, err := claimName(ctx, tx, personID, fold, kind)
	if err != nil {
		return false, fmt.Errorf("claiming a name: %w", err)
	}
	return theirs, nil
}
