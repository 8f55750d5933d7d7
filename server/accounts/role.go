package accounts

import (
	"context"
	"fmt"
	"strings"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Roles are all of them, from the least to the most.
var Roles = []Role{Member, Consultant, Moderator, Administrator}

// made is how the audit names that somebody was given a role.
var made = map[Role]audit.Verb{
	Member: audit.MakeMember, Consultant: audit.MakeConsultant, Moderator: audit.MakeModerator, Administrator: audit.MakeAdministrator,
}

const peoplePerPage = 30

// PeoplePage is a stretch of the list of people, by handle.
type PeoplePage struct {
	People []Person
	Next   string // the handle after which the next page begins; empty on the last
}

// People lists those whose handle begins with these letters, after a handle, for administrators. E-mails are no part of it.
func (a *Accounts) People(ctx context.Context, viewer Viewer, begins, after string) (PeoplePage, error) {
	if viewer.Role != Administrator {
		return PeoplePage{}, fault.Missing()
	}
	people, err := peopleAfter(ctx, a.db, folded(begins), folded(after), a.now(), peoplePerPage+1)
	if err != nil {
		return PeoplePage{}, fmt.Errorf("listing the people: %w", err)
	}
	page := PeoplePage{People: people}
	if len(people) > peoplePerPage {
		page.People = people[:peoplePerPage]
		page.Next = page.People[peoplePerPage-1].Handle
	}
	return page, nil
}

// folded is what was typed of a handle as handles are compared; what no handle holds finds nobody.
func folded(typed string) string {
	plain := strings.ReplaceAll(strings.ToValidUTF8(typed, "\ufffd"), "\x00", "\ufffd")
	return text.Fold(strings.TrimSpace(plain))
}

// SetRole gives somebody a role. Only administrators may, never to themselves, so that the house always has one. What is
// so already changes nothing.
func (a *Accounts) SetRole(ctx context.Context, viewer Viewer, personID int64, role Role) error {
	if viewer.Role != Administrator {
		return fault.Missing()
	}
	verb, known := made[role]
	if !known {
		return fault.Field("role", "Please choose what they may do.")
	}
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		roles, err := lockRoles(ctx, tx, viewer.ID, personID)
		switch has, found := roles[personID]; {
		case err != nil:
			return err
		case roles[viewer.ID] != Administrator, !found: // perhaps somebody took it from them this moment
			return fault.Missing()
		case personID == viewer.ID:
			return fault.New(fault.Forbidden, "Nobody changes their own role. Please ask another administrator.")
		case has == role:
			return nil
		}
		if err := updateRole(ctx, tx, personID, role); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{At: a.now(), ActorID: viewer.ID, Verb: verb, Kind: audit.Person, ObjectID: personID})
	})
	if err != nil {
		return fmt.Errorf("giving a role: %w", err)
	}
	return nil
}

// Administer does something that is for administrators only, and writes it into the audit: both, or neither. do gives the id
// of what it was done to, or 0 where it is so already, which nobody writes down. For all others it is missing.
func Administer(ctx context.Context, database *db.DB, viewer Viewer, entry audit.Entry, do func(context.Context, *db.Tx) (int64, error)) error {
	if viewer.Role != Administrator {
		return fault.Missing()
	}
	return database.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := Admit(ctx, tx, viewer, entry.At); err != nil {
			return err
		}
		id, err := do(ctx, tx)
		if err != nil || id == 0 {
			return err
		}
		entry.ActorID, entry.ObjectID = viewer.ID, id
		return audit.Write(ctx, tx, entry)
	})
}

// HoldAdministrator makes sure that the viewer is an administrator still, and holds their role and somebody else's until the
// commit. Whoever decides about that person calls it first.
func (a *Accounts) HoldAdministrator(ctx context.Context, tx *db.Tx, viewer Viewer, personID int64) error {
	roles, err := lockRoles(ctx, tx, viewer.ID, personID)
	if err != nil {
		return fmt.Errorf("holding roles: %w", err)
	}
	if roles[viewer.ID] != Administrator {
		return fault.Missing()
	}
	return nil
}

// MakeConsultant gives a member a consultant's role in the transaction of the administrator who found their credential true.
// Who has another role keeps it.
func (a *Accounts) MakeConsultant(ctx context.Context, tx *db.Tx, viewer Viewer, personID int64) error {
	switch raised, err := raiseMember(ctx, tx, personID); {
	case err != nil:
		return fmt.Errorf("making a consultant: %w", err)
	case !raised:
		return nil
	}
	return audit.Write(ctx, tx, audit.Entry{At: a.now(), ActorID: viewer.ID, Verb: audit.MakeConsultant, Kind: audit.Person, ObjectID: personID})
}

// Names tells the people behind these ids, for those who may see who did what: staff.
func (a *Accounts) Names(ctx context.Context, viewer Viewer, ids []int64) (map[int64]Person, error) {
	if !viewer.Staff() {
		return nil, fault.Missing()
	}
	people, err := peopleByID(ctx, a.db, ids, a.now())
	if err != nil {
		return nil, fmt.Errorf("reading who they are: %w", err)
	}
	named := map[int64]Person{}
	for _, p := range people {
		named[p.ID] = p
	}
	return named, nil
}
