package groups

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
)

// Plant makes a group with people in it, as an administrator would; who supports wears the label already.
func (c *Groups) Plant(ctx context.Context, tx *db.Tx, by accounts.Viewer, g Group, members []Member) error {
	g, err := g.written()
	if err != nil {
		return err
	}
	id, err := insertGroup(ctx, tx, g, c.now())
	for _, m := range members {
		if err == nil {
			err = plantMember(ctx, tx, id, m, c.now())
		}
	}
	if err != nil {
		return fmt.Errorf("planting the group %s: %w", g.Slug, err)
	}
	return audit.Write(ctx, tx, audit.Entry{At: c.now(), ActorID: by.ID, Verb: audit.Add, Kind: audit.Group, ObjectID: id})
}
