package notify

import (
	"context"
	"math"

	"github.com/riverqueue/river"

	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
)

// Plant tells what the job is there to tell, in the transaction that fills the demo and at the clock's moment, and sends no
// letter. Other domains' jobs tell nobody.
func (n *Notify) Plant(ctx context.Context, tx *db.Tx, job river.JobArgs) (err error) {
	switch args := job.(type) {
	case forum.Posted:
		return n.tellPosted(ctx, tx, args)
	case moderation.Opened:
		if args.Crisis {
			_, err = n.tellOpened(ctx, tx, args)
		}
	case moderation.Seen:
		return n.tellSeen(ctx, tx, args)
	case moderation.Decided:
		return n.tellDecided(ctx, tx, args)
	case directory.Judged:
		_, err = n.tell(ctx, tx, subject{objectID: args.ConsultantID, round: once}, same(Verified, []int64{args.PersonID}))
	case directory.Contacted:
		_, err = n.tell(ctx, tx, subject{objectID: args.RequestID, round: once}, same(Contact, []int64{args.PersonID}))
	case directory.Answered:
		_, err = n.tell(ctx, tx, subject{objectID: args.RequestID, round: once}, same(ContactAnswered, []int64{args.PersonID}))
	}
	return err
}

// PlantLook is MarkSeen of all that a person was told so far, in the transaction that fills the demo.
func (n *Notify) PlantLook(ctx context.Context, tx *db.Tx, personID int64) error {
	return n.mark(ctx, tx, personID, 0, math.MaxInt64)
}
