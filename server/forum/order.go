package forum

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Order is what a moderator wants done to a thread or to a post, and why.
type Order struct {
	Verb     audit.Verb
	ThreadID int64  // the thread; of no account where a post is named
	PostID   int64  // the post; 0 for the thread as a whole
	Category string // for a Move the slug of where it goes
	Reason   audit.Reason
}

// Carry carries an order out in the caller's transaction and writes it into the audit there, both or neither. What is so
// already changes nothing and is not written down again. A post may be hidden, removed and restored, a thread also pinned,
// unpinned, locked, unlocked and moved. Only staff may, and nobody judges their own words: that is Forbidden; where the
// reason or the category is not known, it is at fault.
func (f *Forum) Carry(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, o Order) error {
	entry := audit.Entry{At: f.clock(), ActorID: viewer.ID, Verb: o.Verb, Kind: audit.Thread, ObjectID: o.ThreadID, Reason: o.Reason}
	carry := carryThread
	if o.PostID != 0 {
		entry.Kind, entry.ObjectID, carry = audit.Post, o.PostID, carryPost
	}
	changed, err := carry(ctx, tx, viewer, o, &entry)
	if err != nil {
		return fmt.Errorf("carrying out %s: %w", o.Verb, err)
	}
	if !changed {
		return nil
	}
	return audit.Write(ctx, tx, entry)
}

func carryThread(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, o Order, entry *audit.Entry) (changed bool, err error) {
	thread, err := lockThread(ctx, tx, viewer, o.ThreadID)
	if err != nil {
		return false, err
	}
	known := MaySee(viewer, thread) || viewer.Staff() && judges(o.Verb) // a removed one is restored unseen
	if err := o.check(viewer, known, thread.AuthorID); err != nil {
		return false, err
	}
	if o.Verb == audit.Move {
		if entry.IntoID, err = o.into(ctx, tx); err != nil {
			return false, err
		}
	}
	after, err := o.done(thread, entry.At)
	if err != nil || after == thread {
		return false, err
	}
	return true, updateThread(ctx, tx, after)
}

// into is the category that a thread is to be moved to.
func (o Order) into(ctx context.Context, tx *db.Tx) (int64, error) {
	nowhere := fault.Field("category", "Please choose where it should go.")
	if !text.IsSlug(o.Category) {
		return 0, nowhere
	}
	id, err := categoryID(ctx, tx, o.Category)
	if db.IsMissing(err) {
		return 0, nowhere
	}
	return id, err
}

// done is the thread as it is once the order is carried out.
func (o Order) done(t Thread, now time.Time) (Thread, error) {
	switch o.Verb {
	case audit.Pin:
		t.PinnedAt = since(t.PinnedAt, now)
	case audit.Unpin:
		t.PinnedAt = time.Time{}
	case audit.Lock:
		t.LockedAt = since(t.LockedAt, now)
	case audit.Unlock:
		t.LockedAt = time.Time{}
	case audit.Move:
		t.CategorySlug = o.Category
	default:
		if !judges(o.Verb) {
			return Thread{}, fmt.Errorf("nobody can %s a thread", o.Verb)
		}
		t.Judgement = t.judged(o.Verb, now)
	}
	return t, nil
}

func carryPost(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, o Order, entry *audit.Entry) (changed bool, err error) {
	post, err := lockPost(ctx, tx, viewer, o.PostID)
	if err != nil {
		return false, err
	}
	known := viewer.Staff() || MaySee(viewer, post.Thread) && MayReadPost(viewer, post.Post)
	if err := o.check(viewer, known, post.AuthorID); err != nil {
		return false, err
	}
	if !judges(o.Verb) {
		return false, fmt.Errorf("nobody can %s a post", o.Verb)
	}
	before := post.Judgement
	if post.Judgement = before.judged(o.Verb, entry.At); post.Judgement == before {
		return false, nil
	}
	if err := judgeQuotes(ctx, tx, post.Post); err != nil {
		return false, err
	}
	return true, updateStanding(ctx, tx, post.Post)
}

// check says why the viewer, who may know of what the order is about or not, may not have it carried out.
func (o Order) check(viewer accounts.Viewer, known bool, authorID int64) error {
	switch {
	case !known:
		return fault.Missing()
	case !viewer.Staff():
		return fault.New(fault.Forbidden, "Only moderators can do this.")
	case judges(o.Verb) && authorID == viewer.ID:
		return fault.New(fault.Forbidden, "These are your own words. Please ask another moderator to decide.")
	case !o.Reason.Known():
		return fault.Field("reason_code", "Please choose why.")
	}
	return nil
}
