package forum

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/richtext"
	"firstdrops/server/words"
)

// Post is what one person wrote in a thread at one time.
type Post struct {
	ID           int64
	N            int // its lasting number in the thread
	AuthorID     int64
	AuthorName   string
	AuthorHandle string         // empty for an alias, and for who has left
	Masked       bool           // they write here under an alias, which is their name
	Label        accounts.Label // who spoke, as it was when they wrote
	Verified     bool           // that was a verified consultant, who is one now: on the pages of a thread
	HTML         string         // the body rendered and sanitised: on the pages of a thread
	Body         string         // the Markdown: where one post is read to be quoted or changed, as the next two
	Version      int            // counts the edits from 1
	ThreadID     int64
	CreatedAt    time.Time
	EditedAt     time.Time `bun:",nullzero"`
	DeletedAt    time.Time `bun:",nullzero"`
	Judgement
	AnsweredID   int64          // the post that it quotes or replies to; 0 where there is none
	AnsweredN    int            `bun:"answered_n"` // that post's number
	AnsweredName string         // and who wrote it; empty where the viewer cannot see it
	Quotes       bool           // it repeats words of that post
	Folded       bool           // those words are of somebody whom the viewer does not meet: HTML and Quote go without them
	Notices      []words.Notice `bun:",type:jsonb"` // what the house says below it: on the pages of a thread
	Reactions    []Reaction     `bun:",type:jsonb"` // what others said to it without words: on the pages of a thread
	Locked       bool           // its thread is
}

// Deleted reports whether the post was taken away.
func (p Post) Deleted() bool { return !p.DeletedAt.IsZero() }

// Edited reports whether its words are not the first ones.
func (p Post) Edited() bool { return !p.EditedAt.IsZero() }

// Place is where a post is found: the page of its thread, and the anchor there.
type Place struct {
	PostID   int64
	ThreadID int64
	Slug     string
	After    int  // the number that the page begins after
	Gone     bool // the post is not to be seen; the page that it stood on remains
	Crisis   bool // its author, who just wrote it, may be in danger
}

// CrisisAnchor is where a page of a thread has the help for somebody who may be in danger.
const CrisisAnchor = "help-for-you"

// Path is the address of the page, with the post's anchor, or that of help where the post asks for it.
func (p Place) Path() string {
	path := threadPath(p.ThreadID, p.Slug)
	if p.After > 0 {
		path += fmt.Sprintf("?after=%d", p.After)
	}
	switch {
	case p.Gone:
		return path
	case p.Crisis:
		return path + "#" + CrisisAnchor
	}
	return path + fmt.Sprintf("#p-%d", p.PostID)
}

// Place finds a post that the viewer may see; others are missing.
func (f *Forum) Place(ctx context.Context, viewer accounts.Viewer, postID int64) (Place, error) {
	place, err := f.place(ctx, viewer, postID)
	if err == nil && place.Gone {
		return Place{}, fault.Missing()
	}
	return place, err
}

func (f *Forum) place(ctx context.Context, viewer accounts.Viewer, postID int64) (Place, error) {
	var p Place
	switch err := f.reads.place.Scan(ctx, &p, sight(viewer), viewer.ID, postID, postsPerPage); {
	case db.IsMissing(err):
		return Place{}, fault.Missing()
	case err != nil:
		return Place{}, fmt.Errorf("finding the post: %w", err)
	}
	return p, nil
}

// Post reads a post that the viewer may see, with the Markdown of its body: to quote it, to change it.
func (f *Forum) Post(ctx context.Context, viewer accounts.Viewer, id int64) (Post, error) {
	var p Post
	switch err := f.reads.post.Scan(ctx, &p, sight(viewer), viewer.ID, id); {
	case db.IsMissing(err):
		return Post{}, fault.Missing()
	case err != nil:
		return Post{}, fmt.Errorf("reading the post: %w", err)
	}
	return p, nil
}

// OwnPost is Post for whoever wrote it; somebody else's is forbidden.
func (f *Forum) OwnPost(ctx context.Context, viewer accounts.Viewer, id int64) (Post, error) {
	p, err := f.Post(ctx, viewer, id)
	if err == nil && !MayDelete(viewer, p) {
		return Post{}, notYours()
	}
	return p, err
}

// EditablePost is OwnPost while it may be changed; hidden, or in a locked thread, it is forbidden.
func (f *Forum) EditablePost(ctx context.Context, viewer accounts.Viewer, id int64) (Post, error) {
	p, err := f.OwnPost(ctx, viewer, id)
	if err == nil && !MayEdit(viewer, p) {
		return Post{}, fixed(p)
	}
	return p, err
}

// Answer is a reply as it is written.
type Answer struct {
	ThreadID int64
	Body     string
	Key      uuid.UUID      // made with the form: the same again gives the same post
	ReplyTo  int64          // a post of the same thread; 0 for the thread as a whole
	Quote    Quote          // where quoted lines come from; the zero Quote where there are none
	As       accounts.Label // AsModerator to speak as one; empty for the viewer's own label
	Alias    string         // the name to write under in the thread, from its first post on; empty for the name of before
}

// Reply adds a post under the thread's next number, and lets go of the draft. The same key again gives the place of the
// first result, whatever the body says now.
func (f *Forum) Reply(ctx context.Context, viewer accounts.Viewer, a Answer) (Place, error) {
	body, wrong := readBody(a.Body)
	if wrong != "" {
		return Place{}, fault.Field("body", wrong)
	}
	label, err := speaking(viewer, a.As)
	if err != nil {
		return Place{}, err
	}
	post := f.written(viewer, body)
	post.Label, post.Alias = label, a.Alias
	post.ThreadID, post.ReplyTo, post.Key = a.ThreadID, a.ReplyTo, uuid.NullUUID{UUID: a.Key, Valid: true}
	var id int64
	err = f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := f.admit(ctx, tx, viewer); err != nil {
			id, err = taken(err, func() (int64, error) { return postByKey(ctx, tx, post) })
			return err
		}
		if post.Notices, err = words.Match(ctx, tx, body); err != nil {
			return err
		}
		id, err = f.addReply(ctx, tx, viewer, post, a.Quote)
		return err
	})
	if err != nil {
		return Place{}, fmt.Errorf("replying: %w", err)
	}
	place, err := f.place(ctx, viewer, id)
	place.Crisis = crisis(post.Notices)
	return place, err
}

// addReply holds the thread's row from reading its last number until the commit, so that numbers are dense and in the
// order of the commits.
func (f *Forum) addReply(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, post newPost, quote Quote) (int64, error) {
	thread, err := lockThread(ctx, tx, viewer, post.ThreadID)
	if err != nil {
		return 0, err
	}
	if !MayAnswer(viewer, thread) {
		return taken(closed(viewer, thread), func() (int64, error) { return postByKey(ctx, tx, post) })
	}
	post.N = thread.LastN + 1
	id, fresh, err := insertPost(ctx, tx, post)
	if err != nil || !fresh {
		return id, err
	}
	if err := checkReplyTo(ctx, tx, viewer, post); err != nil {
		return 0, err
	}
	if err := addQuote(ctx, tx, viewer, id, post, quote); err != nil {
		return 0, err
	}
	if err := countReply(ctx, tx, post); err != nil {
		return 0, err
	}
	if post.Label, err = f.mask(ctx, tx, viewer, post); err != nil {
		return 0, err
	}
	if post.Label == accounts.IBCLC {
		if err := deleteTake(ctx, tx, post.ThreadID, viewer.ID); err != nil {
			return 0, err
		}
	}
	if err := deleteDraft(ctx, tx, viewer.ID, replyTarget(post.ThreadID)); err != nil {
		return 0, err
	}
	return id, f.posted(ctx, tx, id, post)
}

// posted stores what follows from a fresh post: the notices below it, that its author watches the thread, and the jobs of
// telling others.
func (f *Forum) posted(ctx context.Context, tx *db.Tx, id int64, post newPost) error {
	if err := insertNotices(ctx, tx, id, post.Notices); err != nil {
		return err
	}
	if err := insertWatch(ctx, tx, post.AuthorID, post.ThreadID, post.CreatedAt); err != nil {
		return err
	}
	if err := f.queue.Insert(ctx, tx, Posted{PostID: id}, nil); err != nil {
		return err
	}
	return f.alarm(ctx, tx, id, post.Notices)
}

// alarm has a moderator look at a post with a notice of danger.
func (f *Forum) alarm(ctx context.Context, tx *db.Tx, id int64, notices []words.Notice) error {
	if !crisis(notices) {
		return nil
	}
	return f.queue.Insert(ctx, tx, Alarmed{PostID: id}, nil)
}

// checkReplyTo wants the answered post to stand in the same thread.
func checkReplyTo(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, post newPost) error {
	if post.ReplyTo == 0 {
		return nil
	}
	if _, err := source(ctx, tx, viewer, post.ReplyTo, post.ThreadID); err != nil {
		return goneFault(err, "reply_to", "The post that you answer is no longer there. Send it once more to answer the thread.")
	}
	return nil
}

// goneFault turns the lack of a post into a fault of the field that names it.
func goneFault(err error, field, message string) error {
	if db.IsMissing(err) {
		return fault.Field(field, message)
	}
	return err
}

// written is a post of the viewer's, now, rendered once.
func (f *Forum) written(viewer accounts.Viewer, body string) newPost {
	return newPost{
		AuthorID: viewer.ID, Label: viewer.Label, Body: body,
		HTML: richtext.Render(body), HTMLVersion: richtext.Version, CreatedAt: f.clock(),
	}
}

// Revision is a post's new words.
type Revision struct {
	PostID  int64
	Version int // the version that the words were changed from
	Body    string
}

// Edit gives a post new words. Where the post has changed since the revision's version, that is a Conflict and nothing is
// stored, except that the words which stand already are no change at all.
func (f *Forum) Edit(ctx context.Context, viewer accounts.Viewer, r Revision) (Place, error) {
	body, wrong := readBody(r.Body)
	if wrong != "" {
		return Place{}, fault.Field("body", wrong)
	}
	edited := f.written(viewer, body)
	err := f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := f.admit(ctx, tx, viewer); err != nil {
			return err
		}
		post, err := lockOwn(ctx, tx, viewer, r.PostID)
		switch {
		case err != nil:
			return err
		case post.Deleted():
			return fault.Missing()
		case post.Body == body:
			return nil
		case !MayEdit(viewer, post.Post):
			return fixed(post.Post)
		case post.Version != r.Version:
			return changedMeanwhile(post, body)
		}
		if edited.Notices, err = words.Match(ctx, tx, withTitle(post.Title, body)); err != nil {
			return err
		}
		return f.change(ctx, tx, post, edited)
	})
	if err != nil {
		return Place{}, fmt.Errorf("editing the post: %w", err)
	}
	place, err := f.place(ctx, viewer, r.PostID)
	place.Crisis = crisis(edited.Notices)
	return place, err
}

// change stores a post's new words, and what follows from them.
func (f *Forum) change(ctx context.Context, tx *db.Tx, post lockedPost, edited newPost) error {
	if !sameQuotes(post.Body, edited.Body) {
		if err := deleteQuote(ctx, tx, post.ID); err != nil {
			return err
		}
	}
	if err := replaceNotices(ctx, tx, post.ID, edited.Notices); err != nil {
		return err
	}
	if err := updateBody(ctx, tx, post.ID, edited); err != nil {
		return err
	}
	return f.alarm(ctx, tx, post.ID, edited.Notices)
}

func changedMeanwhile(post lockedPost, yours string) error {
	e := fault.New(fault.Conflict, "This post was changed in the meantime. Nothing is lost: your words are below, beside the ones that stand now.")
	e.Details = map[string]any{"version": post.Version, "current": post.Body, "yours": yours}
	return e
}

// Delete takes a post of the viewer's away and tells where it stood. Its number stays given. Deleting once more changes
// nothing.
func (f *Forum) Delete(ctx context.Context, viewer accounts.Viewer, postID int64) (Place, error) {
	now := f.clock()
	err := f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		post, err := lockOwn(ctx, tx, viewer, postID)
		if err != nil || post.Deleted() {
			return err
		}
		post.DeletedAt = now
		return updateStanding(ctx, tx, post.Post)
	})
	if err != nil {
		return Place{}, fmt.Errorf("deleting the post: %w", err)
	}
	return f.place(ctx, viewer, postID)
}

// lockOwn holds a post that the viewer wrote, deleted or not. Somebody else's is forbidden while the viewer may see it, and
// else as missing as any other.
func lockOwn(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id int64) (lockedPost, error) {
	post, err := lockPost(ctx, tx, viewer, id)
	if err != nil {
		return lockedPost{}, err
	}
	own := member(viewer) && post.AuthorID == viewer.ID
	switch {
	case !MaySee(viewer, post.Thread), post.Removed(), !own && !MayReadPost(viewer, post.Post):
		return lockedPost{}, fault.Missing()
	case !own:
		return lockedPost{}, notYours()
	}
	return post, nil
}

func notYours() error {
	return fault.New(fault.Forbidden, "Only the one who wrote it can change it.")
}

// fixed says why the author's own post cannot be changed.
func fixed(p Post) error {
	if p.Hidden() {
		return fault.New(fault.Forbidden, "A moderator has hidden this post: you can take it away, and not change it.")
	}
	return locked()
}

func locked() error {
	return fault.New(fault.Forbidden, LockedWords+" Your words are kept where you typed them.")
}

// LockedWords say what a lock means to whoever reads the thread.
const LockedWords = "A moderator has locked this thread: it can be read, and nothing more can be written in it."
