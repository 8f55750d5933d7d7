package accounts

import (
	"context"
	"fmt"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
)

// Seedling is a person of the demo community, as they join.
type Seedling struct {
	Handle, Name string
	Role         Role
	Password     string // empty for those as whom nobody signs in
}

// Plant lets somebody of the demo community join at the clock's moment, without a form, a session or a letter, and gives
// them as a viewer.
func (a *Accounts) Plant(ctx context.Context, tx *db.Tx, s Seedling) (Viewer, error) {
	h, err := parseHandle(s.Handle)
	if err != nil {
		return Viewer{}, fmt.Errorf("planting %q: %w", s.Handle, err)
	}
	n := newcomer{handle: h, email: s.Handle + "@example.invalid", role: s.Role, createdAt: a.now()}
	if s.Password != "" {
		if n.passwordHash, err = a.passwords.Hash(ctx, s.Password); err != nil {
			return Viewer{}, fmt.Errorf("hashing the password of %s: %w", s.Handle, err)
		}
	}
	v := Viewer{Handle: s.Handle, Name: s.Name, Role: s.Role, Label: Peer}
	if v.ID, err = insertPerson(ctx, tx, n); err == nil {
		err = updateName(ctx, tx, v.ID, s.Name)
	}
	if err != nil {
		return Viewer{}, fmt.Errorf("planting %s: %w", s.Handle, err)
	}
	return v, nil
}

// PlantRole is SetRole in the transaction that fills the demo, at the clock's moment.
func (a *Accounts) PlantRole(ctx context.Context, tx *db.Tx, by Viewer, personID int64, role Role) error {
	if err := updateRole(ctx, tx, personID, role); err != nil {
		return fmt.Errorf("planting a role: %w", err)
	}
	return audit.Write(ctx, tx, audit.Entry{At: a.now(), ActorID: by.ID, Verb: made[role], Kind: audit.Person, ObjectID: personID})
}

// PlantGroup makes a group with people in it, as an administrator would; who supports wears the label already.
func (a *Accounts) PlantGroup(ctx context.Context, tx *db.Tx, by Viewer, g Group, members []GroupMember) error {
	g, err := g.written()
	if err != nil {
		return err
	}
	id, err := insertGroup(ctx, tx, g, a.now())
	for _, m := range members {
		if err == nil {
			err = plantMember(ctx, tx, id, m, a.now())
		}
	}
	if err != nil {
		return fmt.Errorf("planting the group %s: %w", g.Slug, err)
	}
	return audit.Write(ctx, tx, audit.Entry{At: a.now(), ActorID: by.ID, Verb: audit.Add, Kind: audit.Group, ObjectID: id})
}
