package forum

import (
	"context"
	"fmt"
	"slices"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/richtext"
)

// erasedAtOnce is how much one transaction erases.
const erasedAtOnce = 20

// erasedTitle stands over threads whose words were removed with the one who asked.
const erasedTitle = "A thread whose words were removed"

// EraseWords takes away the posts of somebody who leaves, as deleting each does, and empties them and their titles; with
// RemoveQuotes also what others quote of them. It does so in transactions of its own: broken off and begun anew, it goes on.
func (f *Forum) EraseWords(ctx context.Context, l accounts.Leaver) error {
	for more := true; more; {
		err := f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			ids, err := writtenPosts(ctx, tx, l.ID, erasedAtOnce)
			for _, id := range ids {
				if err := f.erasePost(ctx, tx, id, l.Parting); err != nil {
					return err
				}
			}
			if more = len(ids) > 0; more || err != nil {
				return err
			}
			return emptyTitles(ctx, tx, l.ID)
		})
		if err != nil {
			return fmt.Errorf("erasing somebody's posts: %w", err)
		}
	}
	return nil
}

func (f *Forum) erasePost(ctx context.Context, tx *db.Tx, id int64, parting accounts.Parting) error {
	post, err := lockPost(ctx, tx, accounts.Viewer{}, id)
	if err != nil {
		return err
	}
	if parting == accounts.RemoveQuotes {
		if err := unquote(ctx, tx, id, post.Body, ""); err != nil {
			return err
		}
	}
	now := f.clock()
	if err := f.change(ctx, tx, post, newPost{CreatedAt: now}); err != nil {
		return err
	}
	post.DeletedAt = since(post.DeletedAt, now)
	return updateStanding(ctx, tx, post.Post)
}

// unquote takes for good what a post said before, and does not now, out of those that quote it, and of those that quote these.
func unquote(ctx context.Context, tx *db.Tx, id int64, before, now string) error {
	posts, err := postsQuoting(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("reading who quotes the post: %w", err)
	}
	for _, q := range posts {
		said := q.Body
		if q.Withheld != "" {
			said, q.Withheld = q.Withheld, ""
		}
		if !slices.ContainsFunc(quotedRuns(said), func(words string) bool { _, _, still := locate(now, words); return still }) {
			q.Body = withoutWords(said, before)
		}
		if err := updateQuoting(ctx, tx, q, richtext.Render(q.Body)); err != nil {
			return fmt.Errorf("emptying a quote: %w", err)
		}
		if err := unquote(ctx, tx, q.PostID, said, q.Body); err != nil {
			return err
		}
	}
	return nil
}

// naming is a text that may name somebody.
type naming struct {
	ID, PersonID int64
	Withheld     string
	Draft
}

// Unname puts another word wherever posts, titles and drafts name somebody who leaves with an @, a page of them at a time.
func (f *Forum) Unname(ctx context.Context, l accounts.Leaver) error {
	for after, more := int64(0), true; more; {
		err := f.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			page, err := namingPosts(ctx, tx, after, erasedAtOnce)
			for _, n := range page {
				after = n.ID
				body, withheld := l.Unnamed(n.Body), l.Unnamed(n.Withheld)
				if err == nil && (body != n.Body || withheld != n.Withheld) {
					err = updateQuoting(ctx, tx, quoting{PostID: n.ID, Body: body, Withheld: withheld}, richtext.Render(body))
				}
			}
			if more = len(page) == erasedAtOnce; more || err != nil {
				return err
			}
			return unnameRest(ctx, tx, l)
		})
		if err != nil {
			return fmt.Errorf("taking somebody's name out of posts: %w", err)
		}
	}
	return nil
}

// unnameRest is for titles and drafts, of which few name anybody.
func unnameRest(ctx context.Context, tx *db.Tx, l accounts.Leaver) error {
	err := eachNaming(ctx, tx, namingTitles, func(n naming) error {
		if title := l.Unnamed(n.Title); title != n.Title {
			return updateTitle(ctx, tx, n.ID, title, slugOf(title))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return eachNaming(ctx, tx, namingDrafts, func(n naming) error {
		if title, body := l.Unnamed(n.Title), l.Unnamed(n.Body); title+body != n.Title+n.Body {
			return upsertDraft(ctx, tx, n.PersonID, Draft{n.Target, title, body, n.UpdatedAt})
		}
		return nil
	})
}

// namedAtOnce is how many titles or drafts are read at a time.
const namedAtOnce = 500

// eachNaming does something to all that these pages hold.
func eachNaming(ctx context.Context, tx *db.Tx, page func(context.Context, *db.Tx, naming) ([]naming, error), do func(naming) error) error {
	for after := (naming{}); ; {
		some, err := page(ctx, tx, after)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, n := range some {
			if err := do(n); err != nil {
				return err
			}
		}
		after = some[len(some)-1]
	}
}
