package forum

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Audience is who may read a category and all that it holds.
type Audience string

// The audiences.
const (
	Public  Audience = "public"  // everybody, signed in or not
	Members Audience = "members" // people who have joined
)

// Category is a subject that threads belong to.
type Category struct {
	ID       int64
	Slug     string
	Name     string
	About    string // one line
	Audience Audience
	Position int       // among the categories, from 1
	ActiveAt time.Time `bun:",nullzero"` // when somebody last wrote there; zero if nobody has, or if the viewer may not know
}

// Path is the category's address.
func (c Category) Path() string { return "/c/" + c.Slug }

// MembersOnly reports whether guests know no more of it than its name.
func (c Category) MembersOnly() bool { return c.Audience == Members }

// Categories lists all of them in their order. Guests are told that a members-only one is there, and nothing of what
// happens in it.
func (f *Forum) Categories(ctx context.Context, viewer accounts.Viewer) ([]Category, error) {
	var all []Category
	if err := f.reads.categories.Scan(ctx, &all, sight(viewer)); err != nil {
		return nil, fmt.Errorf("listing the categories: %w", err)
	}
	return all, nil
}

// Category is one of them; unknown and hidden ones are missing.
func (f *Forum) Category(ctx context.Context, viewer accounts.Viewer, slug string) (Category, error) {
	if !text.IsSlug(slug) {
		return Category{}, fault.Missing()
	}
	var c Category
	switch err := f.reads.category.Scan(ctx, &c, sight(viewer), slug); {
	case db.IsMissing(err):
		return Category{}, fault.Missing()
	case err != nil:
		return Category{}, fmt.Errorf("reading the category: %w", err)
	}
	return c, nil
}
