package notify

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/joining"
	"firstdrops/server/moderation"
)

// Mentioned is mentioned.
var Mentioned = mentioned

// Work does a job at once, as its worker would; id is the job's.
func (n *Notify) Work(ctx context.Context, id int64, args river.JobArgs) error {
	row := &rivertype.JobRow{ID: id}
	switch args := args.(type) {
	case forum.Posted:
		return n.posted(ctx, &river.Job[forum.Posted]{JobRow: row, Args: args})
	case moderation.Opened:
		return n.opened(ctx, &river.Job[moderation.Opened]{JobRow: row, Args: args})
	case moderation.Seen:
		return n.seen(ctx, &river.Job[moderation.Seen]{JobRow: row, Args: args})
	case moderation.Decided:
		return n.decided(ctx, &river.Job[moderation.Decided]{JobRow: row, Args: args})
	case directory.Judged:
		return n.judged(ctx, &river.Job[directory.Judged]{JobRow: row, Args: args})
	case directory.Contacted:
		return n.contacted(ctx, &river.Job[directory.Contacted]{JobRow: row, Args: args})
	case directory.Answered:
		return n.answered(ctx, &river.Job[directory.Answered]{JobRow: row, Args: args})
	case joining.Waits:
		return n.waits(ctx, &river.Job[joining.Waits]{JobRow: row, Args: args})
	}
	return fmt.Errorf("%s is no job of this domain", args.Kind())
}
