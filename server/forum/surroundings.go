package forum

import (
	"context"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"firstdrops/server/accounts"
)

// The posts around the one that is judged.
const (
	postsAround = 2 // on each side
	postsAhead  = 3 // of a thread as a whole
)

// Context reads a post with what it stands among: its thread, and the post between up to two before and two after it that
// the viewer may see. A post that they may not see is missing.
func (f *Forum) Context(ctx context.Context, viewer accounts.Viewer, postID int64) (Thread, []Post, error) {
	post, err := f.Post(ctx, viewer, postID)
	if err != nil {
		return Thread{}, nil, err
	}
	head, err := f.head(ctx, viewer, post.ThreadID, post.N, postsAround+1)
	if err != nil {
		return Thread{}, nil, err
	}
	posts, err := f.posts(ctx, viewer, f.reads.posts, head.Thread, head.Before, 2*postsAround+1)
	if err != nil {
		return Thread{}, nil, err
	}
	at := slices.IndexFunc(posts, func(p Post) bool { return p.ID == postID })
	return head.Thread, posts[:min(len(posts), at+1+postsAround)], nil
}

// ThreadContext reads a thread with its first posts that the viewer may see.
func (f *Forum) ThreadContext(ctx context.Context, viewer accounts.Viewer, threadID int64) (Thread, []Post, error) {
	thread, err := f.Thread(ctx, viewer, threadID)
	if err != nil {
		return Thread{}, nil, err
	}
	posts, err := f.posts(ctx, viewer, f.reads.posts, thread, 0, postsAhead)
	return thread, posts, err
}

// PostLine names a post in one line, where others tell of it.
type PostLine struct {
	PostID       int64
	ThreadID     int64
	N            int    // its number in the thread
	Title        string // the thread's
	AuthorName   string
	AuthorHandle string         // empty for an alias, and for who has left
	Masked       bool           // they write here under an alias, which is their name
	Label        accounts.Label // who spoke, as it was when they wrote
	Verified     bool           // as in Post
}

// Path is the post's lasting address.
func (l PostLine) Path() string { return fmt.Sprintf("/p/%d", l.PostID) }

// Lines names those of the posts that the viewer may read now, by their ids.
func (f *Forum) Lines(ctx context.Context, viewer accounts.Viewer, postIDs []int64) (map[int64]PostLine, error) {
	lines := make(map[int64]PostLine, len(postIDs))
	if len(postIDs) == 0 {
		return lines, nil
	}
	var read []PostLine
	if err := f.reads.lines.Scan(ctx, &read, sight(viewer), viewer.ID, pq.Array(postIDs), f.clock()); err != nil {
		return nil, fmt.Errorf("naming the posts: %w", err)
	}
	for _, line := range read {
		lines[line.PostID] = line
	}
	return lines, nil
}
