// Package search finds posts by the words that stand in them and in their threads' titles.
//
// Owns: no table; it reads the forum's threads and posts, and the words that the forum keeps of them.
// Emits: nothing.
// Not here: the keeping of what is looked through (forum), consultants (directory), rooms, which are never searched.
package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/keyset"
	"firstdrops/server/platform/text"
)

const (
	hitsPerPage = 20

	// MaxQuery is how much of what was typed is read, in code points; maxQueryWords how many words of it count. The
	// rest is let be: nobody who is looking for help is sent away for having said too much.
	MaxQuery      = 200
	maxQueryWords = 12
)

// Search answers for what can be found.
type Search struct {
	now           func() time.Time
	typed, likely *db.Statement // by the words as they were typed, and by those that they may have been meant as
}

// New makes a Search of a migrated database.
func New(database *db.DB, now func() time.Time) *Search {
	return &Search{
		now:    now,
		typed:  database.Prepare("search.typed", searching(asked)),
		likely: database.Prepare("search.likely", searching(meant)),
	}
}

// Query is what somebody looks for. Words that are no letters or digits count for nothing; empty filters let all through.
type Query struct {
	Words    string
	Category string         // its slug
	Author   string         // a handle or an alias, as people write it: nothing written under an alias is found by the handle
	Label    accounts.Label // that the posts were written under
	Before   string         // the cursor of the page; empty for the first
}

// Hit is a post that a search found, by its own words or by its thread's title.
type Hit struct {
	forum.Post
	Slug         string // its thread's
	CategoryName string
	Audience     forum.Audience
	Title        Marked // its thread's
	Excerpt      Marked // the passage that speaks of it
	Words        string // the words that it was found by
}

// MembersOnly reports whether guests know nothing of it.
func (h Hit) MembersOnly() bool { return h.Audience == forum.Members }

// Path is the hit's lasting address.
func (h Hit) Path() string { return fmt.Sprintf("/p/%d", h.ID) }

// Found is a page of what a search found, the newest first.
type Found struct {
	Words  string // the words that were looked for; empty where nothing was asked
	Meant  string // the words that were found instead, where those were mistyped
	Hits   []Hit
	Next   string // the cursor of the next page; empty on the last
	Capped bool   // more was typed than was read
}

// Find gives the posts that have all the words, in themselves or in their thread's title. Where nothing has them, it
// looks once more for the words that they may have been meant as. In a category that is not there, or not for the viewer,
// there is nothing to find.
func (s *Search) Find(ctx context.Context, viewer accounts.Viewer, q Query) (Found, error) {
	words, capped := text.Words(q.Words, MaxQuery, maxQueryWords)
	found := Found{Words: strings.Join(words, " "), Capped: capped}
	from, err := keyset.Parse(q.Before)
	if err != nil || !knownFilters(q) {
		return Found{}, fault.Missing()
	}
	if len(words) == 0 {
		return found, nil
	}
	author, known := foldedHandle(q.Author)
	if !known {
		return found, nil
	}
	look := func(read *db.Statement) error {
		found.Hits = make([]Hit, 0, hitsPerPage+1)
		return read.Scan(ctx, &found.Hits, sight(viewer), found.Words, from.At, from.ID, q.Category, author, string(q.Label),
			hitsPerPage+1, s.now(), viewer.ID)
	}
	if err := look(s.typed); err != nil {
		return Found{}, fmt.Errorf("searching: %w", err)
	}
	if len(found.Hits) == 0 && q.Before == "" {
		if err := look(s.likely); err != nil {
			return Found{}, fmt.Errorf("searching for what was meant: %w", err)
		}
		if len(found.Hits) > 0 {
			found.Meant = found.Hits[0].Words
		}
	}
	found.turn()
	for i := range found.Hits {
		found.Hits[i].Excerpt = found.Hits[i].Excerpt.passage()
	}
	return found, nil
}

// sight is how far a viewer sees, for the clauses of the reads: guests and who waits to be let in 0, a member 1, one from whom
// somebody is apart 2. Staff see those too, as members do.
func sight(viewer accounts.Viewer) int {
	switch {
	case !viewer.Admitted():
		return 0
	case viewer.Apart && !viewer.Staff():
		return 2
	}
	return 1
}

// turn cuts the page, and names the next where there is one.
func (f *Found) turn() {
	if len(f.Hits) > hitsPerPage {
		f.Hits = f.Hits[:hitsPerPage]
		last := f.Hits[hitsPerPage-1]
		f.Next = keyset.Key{At: last.CreatedAt, ID: last.ID}.String()
	}
}

// knownFilters says whether the filters are ones that a page offers.
func knownFilters(q Query) bool {
	labels := []accounts.Label{"", accounts.Peer, accounts.Supporter, accounts.IBCLC, accounts.AsModerator}
	return slices.Contains(labels, q.Label) && (q.Category == "" || text.IsSlug(q.Category))
}

// foldedHandle is a handle as it is compared; what nobody can be called is not known.
func foldedHandle(typed string) (folded string, known bool) {
	if typed = strings.TrimPrefix(strings.TrimSpace(typed), "@"); typed == "" {
		return "", true
	}
	_, folded, err := text.Handle(typed)
	return folded, err == nil
}
