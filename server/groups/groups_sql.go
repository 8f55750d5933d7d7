package groups

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// looks says of a group member m whether the viewer looks after the group: only in a session with a second factor.
const looks = `(?1 OR ?2 AND coalesce(m.moderator, false))`

// groupsSeen lists the groups, or the one with a slug, with what the viewer is in them.
func groupsSeen(ctx context.Context, idb bun.IDB, viewer accounts.Viewer, slug string) ([]Group, error) {
	var all []Group
	err := idb.NewRaw(`
		SELECT g.id, g.slug, g.name, g.about, g.open, g.grants,
			m.person_id IS NOT NULL AS mine, `+looks+` AS moderates, NOT ?2 AND coalesce(m.moderator, false) AS withheld, m.supporter_at IS NOT NULL AS supports
		FROM groups g LEFT JOIN group_members m ON m.group_id = g.id AND m.person_id = ?0
		WHERE ?3 = '' OR g.slug = ?3
		ORDER BY g.name, g.id LIMIT ?4`,
		viewer.ID, viewer.Role == accounts.Administrator, viewer.SecondFactor, slug, maxGroups).Scan(ctx, &all)
	return all, err
}

// looksAfter asks anew whether the viewer looks after a group, and holds that they do.
func looksAfter(ctx context.Context, tx *db.Tx, groupID int64, viewer accounts.Viewer) (bool, error) {
	if viewer.Role == accounts.Administrator {
		return true, nil
	}
	var moderator bool
	err := tx.NewRaw(`SELECT moderator FROM group_members WHERE group_id = ? AND person_id = ? FOR SHARE`, groupID, viewer.ID).Scan(ctx, &moderator)
	if db.IsMissing(err) {
		return false, nil
	}
	return moderator && viewer.SecondFactor, err
}

func insertGroup(ctx context.Context, tx *db.Tx, g Group, now time.Time) (int64, error) {
	var id int64
	err := tx.NewRaw(`
		INSERT INTO groups (slug, name, about, open, grants, created_at) VALUES (?, ?, ?, ?, ?, ?)
		RETURNING id`, g.Slug, g.Name, g.About, g.Open, g.Grants, now).Scan(ctx, &id)
	return id, err
}

// lockGroup reads what is said about a group and holds it until the commit.
func lockGroup(ctx context.Context, tx *db.Tx, slug string) (Group, error) {
	var g Group
	err := tx.NewRaw(`SELECT id, slug, name, about, open, grants FROM groups WHERE slug = ? FOR UPDATE`, slug).Scan(ctx, &g)
	return g, err
}

func updateGroup(ctx context.Context, tx *db.Tx, g Group) error {
	_, err := tx.NewRaw(`UPDATE groups SET name = ?, about = ?, open = ?, grants = ? WHERE id = ?`, g.Name, g.About, g.Open, g.Grants, g.ID).Exec(ctx)
	return err
}

func membersAfter(ctx context.Context, idb bun.IDB, groupID int64, after string, limit int) ([]Member, error) {
	var people []Member
	err := idb.NewRaw(`
		SELECT p.id, p.handle, p.display_name AS name, m.moderator, m.supporter_at, m.joined_at
		FROM group_members m JOIN people p ON p.id = m.person_id
		WHERE m.group_id = ? AND p.handle_fold COLLATE "C" > ?
		ORDER BY p.handle_fold COLLATE "C" LIMIT ?`, groupID, after, limit).Scan(ctx, &people)
	return people, err
}

// insertMember lets somebody into a group, and says whether they were not in it.
func insertMember(ctx context.Context, tx *db.Tx, groupID, personID int64, now time.Time) (bool, error) {
	result, err := tx.NewRaw(`
		INSERT INTO group_members (group_id, person_id, joined_at) VALUES (?, ?, ?)
		ON CONFLICT (group_id, person_id) DO NOTHING`, groupID, personID, now).Exec(ctx)
	if err != nil {
		return false, err
	}
	added, err := result.RowsAffected()
	return added > 0, err
}

// deleteMember says whether the group let them wear the label; the row is missing where they were not in it.
func deleteMember(ctx context.Context, tx *db.Tx, groupID, personID int64) (bool, error) {
	var supporter bool
	err := tx.NewRaw(`
		DELETE FROM group_members WHERE group_id = ? AND person_id = ?
		RETURNING supporter_at IS NOT NULL`, groupID, personID).Scan(ctx, &supporter)
	return supporter, err
}

func updateModerator(ctx context.Context, tx *db.Tx, groupID, personID int64, on bool) (bool, error) {
	result, err := tx.NewRaw(`
		UPDATE group_members SET moderator = ?2 WHERE group_id = ?0 AND person_id = ?1 AND moderator <> ?2`, groupID, personID, on).Exec(ctx)
	if err != nil {
		return false, err
	}
	changed, err := result.RowsAffected()
	return changed > 0, err
}

func updateSupporter(ctx context.Context, tx *db.Tx, groupID, personID int64, on bool, now time.Time) (bool, error) {
	result, err := tx.NewRaw(`
		UPDATE group_members SET supporter_at = CASE WHEN ?2 THEN ?3::timestamptz END
		WHERE group_id = ?0 AND person_id = ?1 AND (supporter_at IS NULL) = ?2`, groupID, personID, on, now).Exec(ctx)
	if err != nil {
		return false, err
	}
	changed, err := result.RowsAffected()
	return changed > 0, err
}

// clearSupporters ends what a group granted, and gives to whom.
func clearSupporters(ctx context.Context, tx *db.Tx, groupID int64) ([]int64, error) {
	var people []int64
	err := tx.NewRaw(`
		UPDATE group_members SET supporter_at = NULL WHERE group_id = ? AND supporter_at IS NOT NULL
		RETURNING person_id`, groupID).Scan(ctx, &people)
	return people, err
}

func supportsElsewhere(ctx context.Context, tx *db.Tx, personID int64) (bool, error) {
	var still bool
	err := tx.NewRaw(`SELECT EXISTS (SELECT FROM group_members WHERE person_id = ? AND supporter_at IS NOT NULL)`, personID).Scan(ctx, &still)
	return still, err
}

func plantMember(ctx context.Context, tx *db.Tx, groupID int64, m Member, now time.Time) error {
	_, err := tx.NewRaw(`
		INSERT INTO group_members (group_id, person_id, moderator, supporter_at, joined_at) VALUES (?, ?, ?, ?, ?)`,
		groupID, m.ID, m.Moderator, bun.NullTime{Time: m.SupporterAt}, now).Exec(ctx)
	return err
}
