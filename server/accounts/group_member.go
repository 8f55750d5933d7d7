package accounts

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// JoinGroup lets the viewer into a group that is open. Who is in it already stays.
func (a *Accounts) JoinGroup(ctx context.Context, viewer Viewer, slug string) error {
	return a.inGroup(ctx, viewer, slug, func(ctx context.Context, tx *db.Tx, g Group) error {
		if !g.Open {
			return fault.New(fault.Forbidden, "The moderators of this group let people in. Please ask one of them.")
		}
		_, err := insertMember(ctx, tx, g.ID, viewer.ID, a.now())
		return err
	})
}

// LeaveGroup takes the viewer out of a group, with the label that it let them wear.
func (a *Accounts) LeaveGroup(ctx context.Context, viewer Viewer, slug string) error {
	return a.inGroup(ctx, viewer, slug, func(ctx context.Context, tx *db.Tx, g Group) error {
		_, err := a.takeOut(ctx, tx, g, viewer.ID)
		return err
	})
}

// GroupPeople lists who is in a group, after a handle, for those who look after it.
func (a *Accounts) GroupPeople(ctx context.Context, viewer Viewer, slug, after string) (GroupPeople, error) {
	group, err := a.seenGroup(ctx, viewer, slug)
	if err != nil {
		return GroupPeople{}, err
	}
	if !group.Moderates {
		return GroupPeople{}, fault.Missing()
	}
	page := GroupPeople{Group: group}
	if page.People, err = membersAfter(ctx, a.db, group.ID, folded(after), groupPerPage+1); err != nil {
		return GroupPeople{}, fmt.Errorf("listing the people of a group: %w", err)
	}
	if len(page.People) > groupPerPage {
		page.People = page.People[:groupPerPage]
		page.Next = page.People[groupPerPage-1].Handle
	}
	return page, nil
}

// LetIn lets the person with this handle into a group, by those who look after it.
func (a *Accounts) LetIn(ctx context.Context, viewer Viewer, slug, handle string) error {
	return a.lookAfter(ctx, viewer, slug, audit.LetIn, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		h, err := parseHandle(handle)
		if err != nil {
			return 0, fault.Field("handle", nobodyThere)
		}
		id, err := personIDByHandle(ctx, tx, h)
		if db.IsMissing(err) {
			return 0, fault.Field("handle", nobodyThere)
		}
		if err != nil {
			return 0, err
		}
		added, err := insertMember(ctx, tx, g.ID, id, a.now())
		return only(id, added), err
	})
}

const nobodyThere = "Nobody has this name. It is the one that stands in the address of their profile."

// TakeOut takes somebody out of a group, with the label that it let them wear.
func (a *Accounts) TakeOut(ctx context.Context, viewer Viewer, slug string, personID int64) error {
	return a.lookAfter(ctx, viewer, slug, audit.TakeOut, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		out, err := a.takeOut(ctx, tx, g, personID)
		return only(personID, out), err
	})
}

// SetGroupModerator makes somebody in a group one of its moderators, or no longer; for administrators.
func (a *Accounts) SetGroupModerator(ctx context.Context, viewer Viewer, slug string, personID int64, on bool) error {
	verb := audit.MakeGroupModerator
	if !on {
		verb = audit.EndGroupModerator
	}
	return a.lookAfter(ctx, viewer, slug, verb, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		if viewer.Role != Administrator {
			return 0, fault.Missing()
		}
		changed, err := updateGroupModerator(ctx, tx, g.ID, personID, on)
		return only(personID, changed), err
	})
}

// SetSupporter lets somebody in a group wear the label Supporter from now on, or no longer. Only a group that may grant it
// can, and nobody grants it to themselves.
func (a *Accounts) SetSupporter(ctx context.Context, viewer Viewer, slug string, personID int64, on bool) error {
	verb := audit.GrantSupporter
	if !on {
		verb = audit.EndSupporter
	}
	return a.lookAfter(ctx, viewer, slug, verb, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		switch {
		case !g.Grants:
			return 0, fault.New(fault.Forbidden, "This group cannot say who is a trained supporter.")
		case personID == viewer.ID:
			return 0, fault.New(fault.Forbidden, "Nobody gives a label to themselves. Please ask another moderator of the group.")
		}
		changed, err := updateSupporter(ctx, tx, g.ID, personID, on, a.now())
		if err != nil || !changed {
			return 0, err
		}
		if on {
			return personID, a.GrantLabel(ctx, tx, personID, Supporter, a.now(), time.Time{})
		}
		return personID, a.endSupporter(ctx, tx, personID)
	})
}

// inGroup does something of the viewer's own in a group, whom nobody keeps from it; the group is held until the commit.
func (a *Accounts) inGroup(ctx context.Context, viewer Viewer, slug string, do func(context.Context, *db.Tx, Group) error) error {
	if _, err := a.seenGroup(ctx, viewer, slug); err != nil {
		return err
	}
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		group, err := lockGroup(ctx, tx, slug)
		if err != nil {
			return err
		}
		return do(ctx, tx, group)
	})
	if err != nil {
		return fmt.Errorf("changing who is in a group: %w", err)
	}
	return nil
}

// lookAfter does something to somebody in a group, by one who looks after it, and writes it into the audit: both, or neither.
// do gives the person's id, or 0 where it is so already.
func (a *Accounts) lookAfter(ctx context.Context, viewer Viewer, slug string, verb audit.Verb, do func(context.Context, *db.Tx, Group) (int64, error)) error {
	if group, err := a.seenGroup(ctx, viewer, slug); err != nil || !group.Moderates {
		return missingUnless(err)
	}
	return a.inGroup(ctx, viewer, slug, func(ctx context.Context, tx *db.Tx, g Group) error {
		if err := Admit(ctx, tx, viewer, a.now()); err != nil {
			return err
		}
		if ok, err := looksAfter(ctx, tx, g.ID, viewer); err != nil || !ok {
			return missingUnless(err)
		}
		id, err := do(ctx, tx, g)
		if err != nil || id == 0 {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{At: a.now(), ActorID: viewer.ID, Verb: verb, Kind: audit.Person, ObjectID: id, IntoID: g.ID})
	})
}

// takeOut ends somebody's being in a group; false where they were not.
func (a *Accounts) takeOut(ctx context.Context, tx *db.Tx, g Group, personID int64) (bool, error) {
	supporter, err := deleteMember(ctx, tx, g.ID, personID)
	if db.IsMissing(err) {
		return false, nil
	}
	if err == nil && supporter {
		err = a.endSupporter(ctx, tx, personID)
	}
	return true, err
}

// endGrants takes the label from all whom a group let wear it.
func (a *Accounts) endGrants(ctx context.Context, tx *db.Tx, groupID int64) error {
	people, err := clearSupporters(ctx, tx, groupID)
	for _, id := range people {
		if err == nil {
			err = a.endSupporter(ctx, tx, id)
		}
	}
	return err
}

// endSupporter takes the label from somebody, unless another group lets them wear it still.
func (a *Accounts) endSupporter(ctx context.Context, tx *db.Tx, personID int64) error {
	still, err := supportsElsewhere(ctx, tx, personID)
	if err != nil || still {
		return err
	}
	return a.EndLabel(ctx, tx, personID, Supporter, a.now())
}

// only is the id where something changed, else 0.
func only(id int64, changed bool) int64 {
	if !changed {
		return 0
	}
	return id
}

// missingUnless is an error that is ours, or else that there is nothing to see.
func missingUnless(err error) error {
	if err != nil {
		return err
	}
	return fault.Missing()
}
