package notify

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"firstdrops/server/directory"
	"firstdrops/server/platform/db"
)

// judged tells a consultant that somebody has looked at their credential, and closes the case that asked for it, which the
// directory knows nothing of. The job itself is the round: nothing else tells one judgement from the next.
func (n *Notify) judged(ctx context.Context, job *river.Job[directory.Judged]) error {
	if err := n.cases.Settle(ctx, job.Args.ConsultantID); err != nil {
		return err
	}
	kind := Refused
	if job.Args.Verified {
		kind = Verified
	}
	return n.tellOne(ctx, subject{objectID: job.Args.ConsultantID, round: job.ID}, told{job.Args.PersonID, kind})
}

// contacted tells a consultant that somebody wrote to them.
func (n *Notify) contacted(ctx context.Context, job *river.Job[directory.Contacted]) error {
	return n.tellOne(ctx, subject{objectID: job.Args.RequestID, round: once}, told{job.Args.PersonID, Contact})
}

// answered tells a person that the consultant has answered them.
func (n *Notify) answered(ctx context.Context, job *river.Job[directory.Answered]) error {
	return n.tellOne(ctx, subject{objectID: job.Args.RequestID, round: once}, told{job.Args.PersonID, ContactAnswered})
}

// tellOne tells one person in a transaction of its own.
func (n *Notify) tellOne(ctx context.Context, about subject, whom told) error {
	err := n.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := n.tell(ctx, tx, about, []told{whom})
		return err
	})
	if err != nil {
		return fmt.Errorf("telling a %s notice: %w", whom.Kind, err)
	}
	return nil
}
