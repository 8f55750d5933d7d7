package forum

import (
	"context"
	"fmt"
	"slices"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Kind is something that one can say to a post without words.
type Kind string

// The kinds of reactions.
const (
	SameHere Kind = "same_here"
	Hug      Kind = "hug"
	Helpful  Kind = "helpful"
	Thanks   Kind = "thanks"
)

// Kinds are all of them, in the order in which a page offers them.
var Kinds = []Kind{SameHere, Hug, Helpful, Thanks}

// Known reports whether it is one of the kinds.
func (k Kind) Known() bool { return slices.Contains(Kinds, k) }

// Reaction is how many people said this to a post. Who they are nobody is told, but that the asker found it helpful.
type Reaction struct {
	Kind  Kind
	Count int  // all of them, those of the next two among them
	Mine  bool // one is the viewer's
	Asker bool // one is from who began the thread: with Helpful only
}

// React sets or takes back what the viewer says to a post, and tells where that stands. What is so already changes nothing.
func (f *Forum) React(ctx context.Context, viewer accounts.Viewer, postID int64, kind Kind, on bool) (Place, error) {
	if !kind.Known() {
		return Place{}, fault.Field("kind", "Please choose one of the four.")
	}
	post, err := f.Post(ctx, viewer, postID)
	if err != nil {
		return Place{}, err
	}
	now := f.clock()
	err = f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := accounts.Admit(ctx, tx, viewer, now); err != nil {
			return err
		}
		switch {
		case post.AuthorID == viewer.ID:
			return fault.New(fault.Forbidden, "These are your own words. What they mean to others is for the others to say.")
		case !MayReact(viewer, post):
			return fault.New(fault.Forbidden, "A moderator has hidden this post.")
		case on:
			return insertReaction(ctx, tx, postID, viewer.ID, kind, now)
		}
		return deleteReaction(ctx, tx, postID, viewer.ID, kind)
	})
	if err != nil {
		return Place{}, fmt.Errorf("reacting to the post: %w", err)
	}
	return f.place(ctx, viewer, postID)
}
