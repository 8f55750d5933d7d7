package forum

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
	"firstdrops/server/words"
)

// PlantThread is Start in the transaction that fills the demo, at the clock's moment; it gives the first post's id, too.
func (f *Forum) PlantThread(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, o Opening) (threadID, postID int64, err error) {
	category, err := f.Category(ctx, viewer, o.Category)
	if err != nil {
		return 0, 0, fmt.Errorf("planting a thread in %q: %w", o.Category, err)
	}
	title, body, err := readOpening(o)
	if err != nil {
		return 0, 0, err
	}
	first := f.written(viewer, body)
	first.Alias = o.Alias
	if first.Label, err = speaking(viewer, o.As); err != nil {
		return 0, 0, err
	}
	threadID, err = f.addThread(ctx, tx, viewer, newThread{
		CategoryID: category.ID, AuthorID: viewer.ID, Title: title, Slug: text.Slug(title), Key: uuid.New(), CreatedAt: first.CreatedAt,
		Topic: o.Topic,
	}, first)
	if err != nil {
		return 0, 0, fmt.Errorf("planting a thread: %w", err)
	}
	postID, err = firstPost(ctx, tx, threadID)
	return threadID, postID, err
}

// PlantPost is Reply in the transaction that fills the demo, at the clock's moment.
func (f *Forum) PlantPost(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, a Answer) (postID int64, err error) {
	body, wrong := readBody(a.Body)
	if wrong != "" {
		return 0, fault.Field("body", wrong)
	}
	post := f.written(viewer, body)
	post.Alias = a.Alias
	if post.Label, err = speaking(viewer, a.As); err != nil {
		return 0, err
	}
	post.ThreadID, post.ReplyTo, post.Key = a.ThreadID, a.ReplyTo, uuid.NullUUID{UUID: uuid.New(), Valid: true}
	if post.Notices, err = words.Match(ctx, tx, body); err != nil {
		return 0, err
	}
	return f.addReply(ctx, tx, viewer, post, a.Quote)
}

// PlantReaction is React in the transaction that fills the demo, at the clock's moment.
func (f *Forum) PlantReaction(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, postID int64, kind Kind) error {
	if !kind.Known() {
		return fmt.Errorf("planting a reaction: nobody says %q", kind)
	}
	return insertReaction(ctx, tx, postID, viewer.ID, kind, f.clock())
}
