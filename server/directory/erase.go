package directory

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// Erase takes the listing of somebody who leaves, with its credential and what was written to it, and the words that the
// search knew from it alone. What they wrote to others goes with them: see accounts.Erase.
func (d *Directory) Erase(ctx context.Context, tx *db.Tx, l accounts.Leaver) error {
	listed, err := deleteConsultant(ctx, tx, l.ID)
	if err == nil && listed {
		err = forgetWords(ctx, tx)
	}
	if err != nil {
		return fmt.Errorf("erasing a listing: %w", err)
	}
	return nil
}
