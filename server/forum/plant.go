package forum

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/text"
	"firstdrops/server/words"
)

// Seedling is a thread or a post of the demo community, as its author writes it.
type Seedling struct {
	Author   accounts.Viewer
	Category string // of a thread: its slug
	Title    string // of a thread
	ThreadID int64  // of a reply, as ReplyTo and Quotes
	ReplyTo  int64  // the post that it answers; 0 for the thread as a whole
	Quotes   bool   // it opens with words of that post
	Body     string
}

// PlantThread is Start in the transaction that fills the demo, at the clock's moment. Nobody is told of it.
func (f *Forum) PlantThread(ctx context.Context, tx *db.Tx, s Seedling) (threadID, postID int64, err error) {
	title, body, err := readOpening(Opening{Title: s.Title, Body: s.Body})
	if err != nil {
		return 0, 0, fmt.Errorf("planting a thread: %w", err)
	}
	category, err := f.Category(ctx, s.Author, s.Category)
	if err != nil {
		return 0, 0, fmt.Errorf("planting a thread in %q: %w", s.Category, err)
	}
	first := f.written(s.Author, body)
	first.N, first.Planted = 1, true
	first.ThreadID, _, err = insertThread(ctx, tx, newThread{
		CategoryID: category.ID, AuthorID: s.Author.ID, Title: title, Slug: text.Slug(title), Key: uuid.New(), CreatedAt: first.CreatedAt,
	})
	if err != nil {
		return 0, 0, fmt.Errorf("planting a thread: %w", err)
	}
	if first.Notices, err = words.Match(ctx, tx, withTitle(title, body)); err != nil {
		return 0, 0, err
	}
	if postID, _, err = insertPost(ctx, tx, first); err != nil {
		return 0, 0, err
	}
	return first.ThreadID, postID, f.posted(ctx, tx, postID, first)
}

// PlantPost is Reply in the transaction that fills the demo, as PlantThread is Start.
func (f *Forum) PlantPost(ctx context.Context, tx *db.Tx, s Seedling) (postID int64, err error) {
	body, wrong := readBody(s.Body)
	if wrong != "" {
		return 0, fmt.Errorf("planting a post: %s", wrong)
	}
	post := f.written(s.Author, body)
	post.Planted = true
	post.ThreadID, post.ReplyTo, post.Key = s.ThreadID, s.ReplyTo, uuid.NullUUID{UUID: uuid.New(), Valid: true}
	if post.Notices, err = words.Match(ctx, tx, body); err != nil {
		return 0, err
	}
	var quote Quote
	if s.Quotes {
		quote.PostID = s.ReplyTo
	}
	return f.addReply(ctx, tx, s.Author, post, quote)
}
