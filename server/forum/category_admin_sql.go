package forum

import (
	"context"

	"firstdrops/server/platform/db"
)

// categoryTaken is the constraint that keeps the addresses of categories apart.
const categoryTaken = "categories_slug_key"

func insertCategory(ctx context.Context, tx *db.Tx, c Category) (id int64, err error) {
	err = tx.NewRaw(`INSERT INTO categories (slug, name, about, audience, position) VALUES (?, ?, ?, ?, ?) RETURNING id`,
		c.Slug, c.Name, c.About, c.Audience, c.Position).Scan(ctx, &id)
	return id, err
}

// lockCategory reads what administrators say of a category and holds it until the commit; people write on.
func lockCategory(ctx context.Context, tx *db.Tx, slug string) (Category, error) {
	var c Category
	err := tx.NewRaw(`SELECT id, slug, name, about, audience, position FROM categories WHERE slug = ? FOR NO KEY UPDATE`, slug).Scan(ctx, &c)
	return c, err
}

func updateCategory(ctx context.Context, tx *db.Tx, c Category) error {
	_, err := tx.NewRaw(`UPDATE categories SET name = ?, about = ?, audience = ?, position = ? WHERE id = ?`,
		c.Name, c.About, c.Audience, c.Position, c.ID).Exec(ctx)
	return err
}
