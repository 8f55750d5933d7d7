package notify

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// Erase takes the notices that others have of what goes with somebody who leaves: of their requests, of their listing, and
// of their posts where those go. The leaver's own go with them: see accounts.Erase.
func (n *Notify) Erase(ctx context.Context, tx *db.Tx, l accounts.Leaver) error {
	unseen, err := deleteNoticesOf(ctx, tx, l.ID, l.Parting.Removes())
	if err != nil {
		return fmt.Errorf("erasing notices: %w", err)
	}
	for _, u := range unseen {
		if err := n.people.Ring(ctx, tx, u.PersonID, -u.Count); err != nil {
			return err
		}
	}
	return nil
}

// unseen is how many of somebody's notices went before they saw them.
type unseen struct {
	PersonID int64
	Count    int
}
