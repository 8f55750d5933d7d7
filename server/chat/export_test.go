package chat

import (
	"context"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"firstdrops/server/accounts"
)

// LabelChanged is the work on such a job.
func (c *Chat) LabelChanged(ctx context.Context, personID int64) error {
	worker := &labeler{chat: c}
	return worker.Work(ctx, &river.Job[accounts.LabelChanged]{Args: accounts.LabelChanged{PersonID: personID}})
}

// Parted is the work on such a job, with its number.
func (c *Chat) Parted(ctx context.Context, number int64, args accounts.Parted) error {
	worker := &parter{chat: c}
	return worker.Work(ctx, &river.Job[accounts.Parted]{JobRow: &rivertype.JobRow{ID: number}, Args: args})
}

// RegardAll is the look that is taken every 30 s, for tests that will not wait so long.
func (c *Chat) RegardAll() { c.regardAll() }
