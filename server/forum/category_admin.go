package forum

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// maxAbout bounds the line about a category, in code points.
const maxAbout = 120

// AddCategory opens a category, for administrators. Its slug stays what it is.
func (f *Forum) AddCategory(ctx context.Context, viewer accounts.Viewer, c Category) error {
	return f.arrange(ctx, viewer, c, audit.Add, func(ctx context.Context, tx *db.Tx, c Category) (int64, error) {
		id, err := insertCategory(ctx, tx, c)
		if db.IsUnique(err, categoryTaken) {
			err = fault.Field("slug", "There is a category at this address already.")
		}
		return id, err
	})
}

// ChangeCategory gives the category with this slug another name, line, audience or place, for administrators. Its audience
// is that of all that it holds, from this moment on: every read asks for it anew.
func (f *Forum) ChangeCategory(ctx context.Context, viewer accounts.Viewer, c Category) error {
	if !text.IsSlug(c.Slug) {
		return fault.Missing()
	}
	return f.arrange(ctx, viewer, c, audit.Change, func(ctx context.Context, tx *db.Tx, c Category) (int64, error) {
		before, err := lockCategory(ctx, tx, c.Slug)
		if db.IsMissing(err) {
			return 0, fault.Missing()
		}
		if c.ID = before.ID; err != nil || c == before {
			return 0, err
		}
		return c.ID, updateCategory(ctx, tx, c)
	})
}

// arrange does something to a category, as accounts.Administer has it done.
func (f *Forum) arrange(ctx context.Context, viewer accounts.Viewer, c Category, verb audit.Verb, do func(context.Context, *db.Tx, Category) (int64, error)) error {
	entry := audit.Entry{At: f.clock(), Verb: verb, Kind: audit.Category}
	err := accounts.Administer(ctx, f.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		c, err := c.written()
		if err != nil {
			return 0, err
		}
		return do(ctx, tx, c)
	})
	if err != nil {
		return fmt.Errorf("arranging a category: %w", err)
	}
	return nil
}

// written is what an administrator says of a category, as it is kept.
func (c Category) written() (Category, error) {
	faults := map[string]string{}
	said := text.Place{Slug: c.Slug, Name: c.Name, About: c.About}.Written(maxAbout, faults)
	kept := Category{Slug: said.Slug, Name: said.Name, About: said.About, Audience: c.Audience, Position: c.Position}
	if c.Audience != Public && c.Audience != Members {
		faults["audience"] = "Please choose who can read it."
	}
	text.CheckPosition(c.Position, faults)
	return kept, fault.Fields(faults)
}
