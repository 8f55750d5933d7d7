package forum

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// Watch has the viewer told of replies in the thread, or no longer, and gives the thread. Whoever writes in it watches it
// from then on.
func (f *Forum) Watch(ctx context.Context, viewer accounts.Viewer, threadID int64, on bool) (Thread, error) {
	thread, err := f.Thread(ctx, viewer, threadID)
	if err != nil {
		return Thread{}, err
	}
	if viewer.Guest() {
		return Thread{}, signInFirst()
	}
	now := f.clock()
	err = f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if on {
			return insertWatch(ctx, tx, viewer.ID, threadID, now)
		}
		return deleteWatch(ctx, tx, viewer.ID, threadID)
	})
	if err != nil {
		return Thread{}, fmt.Errorf("watching a thread: %w", err)
	}
	return thread, nil
}
