package notify

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
)

// posted tells those whom a new post concerns, each once and by the nearest reason.
func (n *Notify) posted(ctx context.Context, job *river.Job[forum.Posted]) error {
	err := n.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return n.tellPosted(ctx, tx, job.Args) })
	if err != nil {
		return fmt.Errorf("telling of a post: %w", err)
	}
	return nil
}

func (n *Notify) tellPosted(ctx context.Context, tx *db.Tx, args forum.Posted) error {
	post, err := standingPost(ctx, tx, args.PostID)
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	people, err := concerned(ctx, tx, post.ID, mentioned(post.HTML))
	if err != nil {
		return err
	}
	_, err = n.tell(ctx, tx, subject{objectID: post.ID, threadID: post.ThreadID, round: once}, people)
	return err
}

// post is what is needed of one to tell of it.
type post struct {
	ID       int64
	ThreadID int64
	HTML     string
}
