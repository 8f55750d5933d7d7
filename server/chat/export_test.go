package chat

import (
	"context"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
)

// LabelChanged is the work on such a job.
func (c *Chat) LabelChanged(ctx context.Context, personID int64) error {
	worker := &labeler{chat: c}
	return worker.Work(ctx, &river.Job[accounts.LabelChanged]{Args: accounts.LabelChanged{PersonID: personID}})
}
