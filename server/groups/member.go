package groups

import (
	"context"
	"fmt"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Join lets the viewer into a group that is open. Who is in it already stays.
func (c *Groups) Join(ctx context.Context, viewer accounts.Viewer, slug string) error {
	return c.inGroup(ctx, viewer, slug, func(ctx context.Context, tx *db.Tx, g Group) error {
		if viewer.Awaits != "" {
			return viewer.Refusal(c.now())
		}
		if !g.Open {
			return fault.New(fault.Forbidden, "The moderators of this group let people in. Please ask one of them.")
		}
		_, err := insertMember(ctx, tx, g.ID, viewer.ID, c.now())
		return err
	})
}

// Leave takes the viewer out of a group, with the label that it let them wear.
func (c *Groups) Leave(ctx context.Context, viewer accounts.Viewer, slug string) error {
	return c.inGroup(ctx, viewer, slug, func(ctx context.Context, tx *db.Tx, g Group) error {
		_, err := c.takeOut(ctx, tx, g, viewer.ID)
		return err
	})
}

// People lists who is in a group, after a handle, for those who look after it.
func (c *Groups) People(ctx context.Context, viewer accounts.Viewer, slug, after string) (Circle, error) {
	group, err := c.seen(ctx, viewer, slug)
	if err != nil {
		return Circle{}, err
	}
	if !group.Moderates {
		return Circle{}, fault.Missing()
	}
	page := Circle{Group: group}
	if page.People, err = membersAfter(ctx, c.db, group.ID, text.Fold(strings.ToValidUTF8(after, "\ufffd")), perPage+1); err != nil {
		return Circle{}, fmt.Errorf("listing the people of a group: %w", err)
	}
	if len(page.People) > perPage {
		page.People = page.People[:perPage]
		page.Next = page.People[perPage-1].Handle
	}
	return page, nil
}

// LetIn lets the person with this handle into a group, by those who look after it.
func (c *Groups) LetIn(ctx context.Context, viewer accounts.Viewer, slug, handle string) error {
	person, err := c.people.Person(ctx, viewer, handle) // before the transaction, which would wait for a second connection
	return c.lookAfter(ctx, viewer, slug, audit.LetIn, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		if fault.Is(err, fault.NotFound) {
			return 0, fault.Field("handle", nobodyThere)
		}
		if err != nil {
			return 0, err
		}
		added, err := insertMember(ctx, tx, g.ID, person.ID, c.now())
		return only(person.ID, added), err
	})
}

const nobodyThere = "Nobody has this name. It is the one that stands in the address of their profile."

// TakeOut takes somebody out of a group, with the label that it let them wear.
func (c *Groups) TakeOut(ctx context.Context, viewer accounts.Viewer, slug string, personID int64) error {
	return c.lookAfter(ctx, viewer, slug, audit.TakeOut, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		out, err := c.takeOut(ctx, tx, g, personID)
		return only(personID, out), err
	})
}

// SetModerator makes somebody in a group one of its moderators, or no longer; for administrators.
func (c *Groups) SetModerator(ctx context.Context, viewer accounts.Viewer, slug string, personID int64, on bool) error {
	verb := audit.MakeGroupModerator
	if !on {
		verb = audit.EndGroupModerator
	}
	return c.lookAfter(ctx, viewer, slug, verb, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		if viewer.Role != accounts.Administrator {
			return 0, fault.Missing()
		}
		changed, err := updateModerator(ctx, tx, g.ID, personID, on)
		return only(personID, changed), err
	})
}

// SetSupporter lets somebody in a group wear the label Supporter from now on, or no longer. Only a group that may grant it
// can, and nobody grants it to themselves.
func (c *Groups) SetSupporter(ctx context.Context, viewer accounts.Viewer, slug string, personID int64, on bool) error {
	verb := audit.GrantSupporter
	if !on {
		verb = audit.EndSupporter
	}
	return c.lookAfter(ctx, viewer, slug, verb, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		switch {
		case !g.Grants:
			return 0, fault.New(fault.Forbidden, "This group cannot say who is a trained supporter.")
		case personID == viewer.ID:
			return 0, fault.New(fault.Forbidden, "Nobody gives a label to themselves. Please ask another moderator of the group.")
		}
		changed, err := updateSupporter(ctx, tx, g.ID, personID, on, c.now())
		if err != nil || !changed {
			return 0, err
		}
		if on {
			return personID, c.people.GrantLabel(ctx, tx, personID, accounts.Supporter, c.now(), time.Time{})
		}
		return personID, c.endSupporter(ctx, tx, personID)
	})
}

// inGroup does something of the viewer's own in a group, whom nobody keeps from it; the group is held until the commit.
func (c *Groups) inGroup(ctx context.Context, viewer accounts.Viewer, slug string, do func(context.Context, *db.Tx, Group) error) error {
	if _, err := c.seen(ctx, viewer, slug); err != nil {
		return err
	}
	err := c.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
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
func (c *Groups) lookAfter(ctx context.Context, viewer accounts.Viewer, slug string, verb audit.Verb, do func(context.Context, *db.Tx, Group) (int64, error)) error {
	if group, err := c.seen(ctx, viewer, slug); err != nil || !group.Moderates {
		return missingUnless(err)
	}
	return c.inGroup(ctx, viewer, slug, func(ctx context.Context, tx *db.Tx, g Group) error {
		if err := accounts.Admit(ctx, tx, viewer, c.now()); err != nil {
			return err
		}
		if ok, err := looksAfter(ctx, tx, g.ID, viewer); err != nil || !ok {
			return missingUnless(err)
		}
		id, err := do(ctx, tx, g)
		if err != nil || id == 0 {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{At: c.now(), ActorID: viewer.ID, Verb: verb, Kind: audit.Person, ObjectID: id, IntoID: g.ID})
	})
}

// takeOut ends somebody's being in a group; false where they were not.
func (c *Groups) takeOut(ctx context.Context, tx *db.Tx, g Group, personID int64) (bool, error) {
	supporter, err := deleteMember(ctx, tx, g.ID, personID)
	if db.IsMissing(err) {
		return false, nil
	}
	if err == nil && supporter {
		err = c.endSupporter(ctx, tx, personID)
	}
	return true, err
}

// endGrants takes the label from all whom a group let wear it.
func (c *Groups) endGrants(ctx context.Context, tx *db.Tx, groupID int64) error {
	people, err := clearSupporters(ctx, tx, groupID)
	for _, id := range people {
		if err == nil {
			err = c.endSupporter(ctx, tx, id)
		}
	}
	return err
}

// endSupporter takes the label from somebody, unless another group lets them wear it still.
func (c *Groups) endSupporter(ctx context.Context, tx *db.Tx, personID int64) error {
	still, err := supportsElsewhere(ctx, tx, personID)
	if err != nil || still {
		return err
	}
	return c.people.EndLabel(ctx, tx, personID, accounts.Supporter, c.now())
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
