package moderation

import (
	"context"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

func aliasCalled(ctx context.Context, idb bun.IDB, threadID int64, fold string) (Alias, error) {
	var a Alias
	err := idb.NewRaw(`SELECT x.id, x.name, x.thread_id, t.slug, t.title, x.person_id FROM aliases x JOIN threads t ON t.id = x.thread_id
		WHERE x.thread_id = ? AND x.fold = ?`, threadID, fold).Scan(ctx, &a.ID, &a.Name, &a.ThreadID, &a.Slug, &a.Title, &a.personID)
	return a, err
}

// aliasesOf are the names under which the authors of these posts write, by post.
func aliasesOf(ctx context.Context, idb bun.IDB, postIDs []int64) (map[int64]string, error) {
	var found []struct {
		PostID int64
		Name   string
	}
	err := idb.NewRaw(`SELECT s.id AS post_id, x.name FROM posts s JOIN aliases x ON x.thread_id = s.thread_id AND x.person_id = s.author_id
		WHERE s.id = ANY (?)`, pgdialect.Array(postIDs)).Scan(ctx, &found)
	aliases := map[int64]string{}
	for _, f := range found {
		aliases[f.PostID] = f.Name
	}
	return aliases, err
}

// masked says whether the case is of an alias that the viewer has not looked behind.
func masked(ctx context.Context, idb bun.IDB, viewer accounts.Viewer, c Case) (bool, error) {
	var masked bool
	err := idb.NewRaw(`SELECT ?0 <> 0 AND NOT EXISTS (SELECT FROM unmaskings WHERE alias_id = ?0 AND actor_id = ?1)`,
		c.AliasID, viewer.ID).Scan(ctx, &masked)
	return masked, err
}

func insertUnmasking(ctx context.Context, tx *db.Tx, u unmasking) error {
	_, err := tx.NewRaw(`INSERT INTO unmaskings (alias_id, actor_id, reason_code, note, at) VALUES (?, ?, ?, ?, ?)`,
		u.AliasID, u.ActorID, u.Reason, u.Note, u.At).Exec(ctx)
	return err
}
