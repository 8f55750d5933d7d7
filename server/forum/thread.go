package forum

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/keyset"
	"firstdrops/server/platform/richtext"
	"firstdrops/server/platform/text"
	"firstdrops/server/words"
)

const (
	threadsPerPage = 30
	postsPerPage   = 20
)

// Thread is a question or a story, and the posts below it.
type Thread struct {
	ID           int64
	Slug         string
	Title        string
	CategorySlug string
	CategoryName string
	Audience     Audience // its category's
	AuthorID     int64
	AuthorName   string
	AuthorHandle string // empty for an alias, and for who has left
	Masked       bool   // they write here under an alias, which is their name
	Posts        int    // those that everybody sees
	Replies      int    // those among them that are not the first
	Answers      int    // those that another wrote under the label IBCLC
	LastN        int    `bun:"last_n"` // the highest number given
	CreatedAt    time.Time
	ActiveAt     time.Time // when somebody last wrote in it
	Apart        bool      // it is not for the viewer who is about to write: a block keeps who began it and them apart
	PinnedAt     time.Time `bun:",nullzero"` // what moderators did to it; zero where they did not
	LockedAt     time.Time `bun:",nullzero"`
	Judgement
	Topic
}

// Path is the thread's address.
func (t Thread) Path() string { return threadPath(t.ID, t.Slug) }

// MembersOnly reports whether guests know nothing of it.
func (t Thread) MembersOnly() bool { return t.Audience == Members }

// Pinned reports whether it comes first in its category.
func (t Thread) Pinned() bool { return !t.PinnedAt.IsZero() }

// Locked reports whether members can no longer write in it.
func (t Thread) Locked() bool { return !t.LockedAt.IsZero() }

func threadPath(id int64, slug string) string { return fmt.Sprintf("/t/%d/%s", id, slug) }

// Sort is the order of a list of threads.
type Sort string

// The orders; whatever else is asked for is Active.
const (
	Active     Sort = "active"     // by when somebody last wrote
	Newest     Sort = "new"        // by when they were begun
	Unanswered Sort = "unanswered" // those without a reply, newest first
)

// Listing is a page of a category's threads.
type Listing struct {
	Category Category
	Threads  []Thread
	Sort     Sort
	Next     string // the cursor of the next page; empty on the last
}

// Listing is the page of a category's threads before the cursor.
func (f *Forum) Listing(ctx context.Context, viewer accounts.Viewer, slug string, sort Sort, before string) (Listing, error) {
	category, err := f.Category(ctx, viewer, slug)
	if err != nil {
		return Listing{}, err
	}
	from, err := parseCursor(before)
	if err != nil {
		return Listing{}, err
	}
	read, known := f.reads.listings[sort]
	if !known {
		sort, read = Active, f.reads.listings[Active]
	}
	page := Listing{Category: category, Sort: sort, Threads: make([]Thread, 0, threadsPerPage+1)}
	err = read.Scan(ctx, &page.Threads, sight(viewer), viewer.ID, category.ID, from.pinned, from.At, from.ID, threadsPerPage+1)
	if err != nil {
		return Listing{}, fmt.Errorf("listing the threads: %w", err)
	}
	if len(page.Threads) > threadsPerPage {
		page.Threads = page.Threads[:threadsPerPage]
		page.Next = sort.cursor(page.Threads[threadsPerPage-1]).String()
	}
	return page, nil
}

// cursor is the place of a thread in this order.
func (s Sort) cursor(t Thread) cursor {
	if s == Active {
		return cursor{keyset.Key{At: t.ActiveAt, ID: t.ID}, t.Pinned()}
	}
	return cursor{keyset.Key{At: t.CreatedAt, ID: t.ID}, t.Pinned()}
}

// Latest lists the threads that somebody last wrote in, over all that the viewer may read.
func (f *Forum) Latest(ctx context.Context, viewer accounts.Viewer, limit int) ([]Thread, error) {
	var threads []Thread
	if err := f.reads.latest.Scan(ctx, &threads, sight(viewer), viewer.ID, limit); err != nil {
		return nil, fmt.Errorf("listing the latest threads: %w", err)
	}
	return threads, nil
}

// Waiting lists the newest threads that nobody has replied to yet, over all that the viewer may read.
func (f *Forum) Waiting(ctx context.Context, viewer accounts.Viewer, limit int) ([]Thread, error) {
	var threads []Thread
	if err := f.reads.waiting.Scan(ctx, &threads, sight(viewer), viewer.ID, limit); err != nil {
		return nil, fmt.Errorf("listing the waiting threads: %w", err)
	}
	return threads, nil
}

// Page is one page of a thread: its visible posts after a number.
type Page struct {
	Thread   Thread
	Posts    []Post
	After    int    // the number that the page begins after; 0 is the thread's start
	Before   int    // the number that the page before this one begins after; meaningful only where After > 0
	Newest   int    // the number that the page of the newest posts begins after
	More     bool   // there are further posts
	Watched  bool   // the viewer is told of replies
	Alias    string // the name by which the viewer writes here; empty for their own
	Draft    Draft  // what the viewer has written here and not sent
	Verified bool   // of the posts it holds only these, and the first
	Take     Take   // which consultant is writing one
}

// Next is the number after which the next page begins.
func (p Page) Next() int { return p.Posts[len(p.Posts)-1].N }

// Opened reports whether the thread's first post is there to be seen; without it the first page begins below a line that
// says so.
func (p Page) Opened() bool { return p.After > 0 || len(p.Posts) > 0 && p.Posts[0].N == 1 }

// Page reads the visible posts of a thread after a number, and the viewer's draft.
func (f *Forum) Page(ctx context.Context, viewer accounts.Viewer, threadID int64, after int) (Page, error) {
	return f.page(ctx, viewer, f.reads.posts, threadID, after)
}

// Answers is Page with no posts but the first and those that a consultant wrote in answer, under the label IBCLC.
func (f *Forum) Answers(ctx context.Context, viewer accounts.Viewer, threadID int64, after int) (Page, error) {
	page, err := f.page(ctx, viewer, f.reads.answers, threadID, after)
	page.Verified, page.Before = true, 0
	return page, err
}

func (f *Forum) page(ctx context.Context, viewer accounts.Viewer, read *db.Statement, threadID int64, after int) (Page, error) {
	if after < 0 || after > math.MaxInt32 {
		return Page{}, fault.Missing()
	}
	head, err := f.head(ctx, viewer, threadID, after, postsPerPage)
	if err != nil {
		return Page{}, err
	}
	page := Page{
		Thread: head.Thread, Before: head.Before, Newest: head.Newest, After: after,
		Watched: head.Watched, Alias: head.Alias, Take: head.Take,
	}
	if page.Posts, err = f.posts(ctx, viewer, read, head.Thread, after, postsPerPage+1); err != nil {
		return Page{}, err
	}
	if page.More = len(page.Posts) > postsPerPage; page.More {
		page.Posts = page.Posts[:postsPerPage]
	}
	page.Draft, err = f.draft(ctx, viewer, replyTarget(threadID))
	return page, err
}

// head is a thread with what its page says above the posts, and where pages of it begin.
type head struct {
	Thread
	Take
	Before  int // the page that ends with the number which was asked for
	Newest  int // the page that ends with the newest post
	Watched bool
	Alias   string
}

// head reads a thread, and where the pages of so many posts begin around the one after a number.
func (f *Forum) head(ctx context.Context, viewer accounts.Viewer, threadID int64, after, perPage int) (head, error) {
	var h head
	switch err := f.reads.thread.Scan(ctx, &h, sight(viewer), viewer.ID, threadID, after, perPage); {
	case db.IsMissing(err):
		return head{}, fault.Missing()
	case err != nil:
		return head{}, fmt.Errorf("reading the thread: %w", err)
	}
	return h, nil
}

// posts reads those of a thread that the viewer may see, after a number.
func (f *Forum) posts(ctx context.Context, viewer accounts.Viewer, read *db.Statement, thread Thread, after, limit int) ([]Post, error) {
	posts := make([]Post, 0, limit)
	if err := read.Scan(ctx, &posts, sight(viewer), viewer.ID, thread.ID, after, limit, f.clock()); err != nil {
		return nil, fmt.Errorf("reading the posts: %w", err)
	}
	for i := range posts {
		posts[i].Locked = thread.Locked()
		if p := &posts[i]; p.Folded {
			p.HTML, p.AnsweredID = richtext.WithoutQuotes(p.HTML, goneWords), 0
		}
	}
	return posts, nil
}

// Thread reads what a thread is called and where it stands, without its posts.
func (f *Forum) Thread(ctx context.Context, viewer accounts.Viewer, id int64) (Thread, error) {
	h, err := f.head(ctx, viewer, id, 0, postsPerPage)
	return h.Thread, err
}

// Opening is a thread as it is begun.
type Opening struct {
	Category string // its slug
	Title    string
	Body     string
	Key      uuid.UUID      // made with the form: the same again gives the same thread
	As       accounts.Label // AsModerator to speak as one; empty for the viewer's own label
	Alias    string         // the name to write under in the thread; empty for the viewer's own
	Topic
}

// Start begins a thread with its first post, and lets go of the draft.
func (f *Forum) Start(ctx context.Context, viewer accounts.Viewer, o Opening) (Thread, error) {
	category, err := f.Category(ctx, viewer, o.Category)
	if err != nil {
		return Thread{}, err
	}
	if !MayReply(viewer, category.Audience) {
		return Thread{}, closed(viewer, Thread{Audience: category.Audience})
	}
	title, body, err := readOpening(o)
	if err != nil {
		return Thread{}, err
	}
	first := f.written(viewer, body)
	first.Alias = o.Alias
	if first.Label, err = speaking(viewer, o.As); err != nil {
		return Thread{}, err
	}
	begun := newThread{
		CategoryID: category.ID, AuthorID: viewer.ID, Title: title, Slug: slugOf(title), Key: o.Key, CreatedAt: first.CreatedAt,
		Topic: o.Topic,
	}
	var id int64
	err = f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if id, err = f.addThread(ctx, tx, viewer, begun, first); err != nil {
			return err
		}
		return deleteDraft(ctx, tx, viewer.ID, openingTarget(category.Slug))
	})
	if err != nil {
		return Thread{}, fmt.Errorf("starting a thread: %w", err)
	}
	return f.Thread(ctx, viewer, id)
}

// slugOf is what stands for the title in the address. A thread called after one of the pages below a thread's address would
// stand in its way.
func slugOf(title string) string {
	slug := text.Slug(title)
	if slices.Contains([]string{"report", "alias", "unmask"}, slug) {
		return "the-" + slug
	}
	return slug
}

// addThread adds a thread and the post that it opens with; what the title says is said in that.
func (f *Forum) addThread(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, begun newThread, first newPost) (int64, error) {
	if err := f.admit(ctx, tx, viewer); err != nil {
		return taken(err, func() (int64, error) { return threadByKey(ctx, tx, begun) })
	}
	id, fresh, err := insertThread(ctx, tx, begun)
	if err != nil || !fresh {
		return id, err
	}
	first.ThreadID, first.N = id, 1
	if first.Notices, err = words.Match(ctx, tx, withTitle(begun.Title, first.Body)); err != nil {
		return 0, err
	}
	postID, _, err := insertPost(ctx, tx, first)
	if err != nil {
		return 0, err
	}
	if _, err := f.mask(ctx, tx, viewer, first); err != nil {
		return 0, err
	}
	return id, f.posted(ctx, tx, postID, first)
}

// readOpening gives the words as they are kept, or each field's fault.
func readOpening(o Opening) (title, body string, err error) {
	title, titleFault := readTitle(o.Title)
	body, bodyFault := readBody(o.Body)
	faults := o.faults()
	if titleFault != "" {
		faults["title"] = titleFault
	}
	if bodyFault != "" {
		faults["body"] = bodyFault
	}
	return title, body, fault.Fields(faults)
}

// closed is the answer to whoever may not write there; to whoever may not even read there it is that there is nothing.
func closed(viewer accounts.Viewer, t Thread) error {
	switch {
	case !MaySee(viewer, t):
		return fault.Missing()
	case viewer.Guest():
		return signInFirst()
	}
	return locked()
}

// admit lets the viewer write in this transaction, or says why not. What guests may not even know of is missing for them,
// and they are sent to sign in for the rest: that is judged where the thread is read.
func (f *Forum) admit(ctx context.Context, tx *db.Tx, viewer accounts.Viewer) error {
	if viewer.Guest() {
		return nil
	}
	return accounts.Admit(ctx, tx, viewer, f.now())
}

// taken is what the same key made before its author was refused: a form that is sent again gets its first answer. Where it
// made nothing, the refusal stands.
func taken(refusal error, byKey func() (int64, error)) (int64, error) {
	if !fault.Is(refusal, fault.Forbidden) {
		return 0, refusal
	}
	id, err := byKey()
	if db.IsMissing(err) {
		return 0, refusal
	}
	return id, err
}

func signInFirst() error {
	return fault.New(fault.Unauthenticated, "Please sign in to write here.")
}
