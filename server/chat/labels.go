package chat

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// spokeLately is how many of a room's newest messages tell whose labels its state holds.
const spokeLately = 200

// Workers adds the workers of the jobs that concern the rooms.
func (c *Chat) Workers(workers *river.Workers) {
	river.AddWorker(workers, &labeler{chat: c})
	river.AddWorker(workers, &parter{chat: c})
}

// labeler works on accounts.LabelChanged.
type labeler struct {
	river.WorkerDefaults[accounts.LabelChanged]
	chat *Chat
}

// Work gives the rooms where the person spoke lately a new state, which every open page is sent. Done twice, they are sent
// the same once more.
func (l *labeler) Work(ctx context.Context, job *river.Job[accounts.LabelChanged]) error {
	err := l.chat.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		moved, err := moveStates(ctx, tx, job.Args.PersonID)
		tx.AfterCommit(func() {
			for _, room := range moved {
				l.chat.moved(room.RoomID, room.Seq)
			}
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("telling the rooms of a label: %w", err)
	}
	return nil
}

// moved tells this node and the others that a room has reached seq by a change that is not at hand.
func (c *Chat) moved(roomID, seq int64) {
	c.hearOf(roomID, seq)
	c.hint(roomID, seq)
}
