package accounts

import (
	"context"
	"fmt"
	"strconv"

	"firstdrops/server/platform/db"
)

// BellSubject and a person's id is the news of how many notices wait for them: a decimal number. Viewer.Unread heals what
// is lost.
const BellSubject = "accounts.bell."

// Ring counts that this many more notices wait for a person, or fewer where by is negative, in the transaction that writes
// or reads them. The count is held until the commit. Their open pages are told.
func (a *Accounts) Ring(ctx context.Context, tx *db.Tx, personID int64, by int) error {
	unread, err := addUnread(ctx, tx, personID, by)
	if err != nil {
		return fmt.Errorf("counting a person's notices: %w", err)
	}
	tx.AfterCommit(func() {
		a.tell(BellSubject+strconv.FormatInt(personID, 10), strconv.AppendInt(nil, int64(unread), 10))
	})
	return nil
}
