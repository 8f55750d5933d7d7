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
	return a.RingAll(ctx, tx, []int64{personID}, by)
}

// RingAll is Ring for each of these people, in any order and without repeats; those who have left are passed over.
func (a *Accounts) RingAll(ctx context.Context, tx *db.Tx, people []int64, by int) error {
	if len(people) == 0 {
		return nil
	}
	bells, err := addUnread(ctx, tx, people, by)
	if err != nil {
		return fmt.Errorf("counting people's notices: %w", err)
	}
	tx.AfterCommit(func() {
		for _, b := range bells {
			a.tell(BellSubject+strconv.FormatInt(b.PersonID, 10), strconv.AppendInt(nil, int64(b.Unread), 10))
		}
	})
	return nil
}
