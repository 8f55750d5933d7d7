package accounts

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Bounds of what is said about a group, in code points, and of how many people a page of it shows.
const (
	maxGroupName   = 60
	maxGroupAbout  = 200
	groupPerPage   = 50
	maxGroups      = 200
	groupSlugTaken = "groups_slug_key"
)

// Group is a circle of people within the place. Who is in one is known to its moderators and to administrators only.
type Group struct {
	ID     int64
	Slug   string
	Name   string
	About  string // one line
	Open   bool   // anybody may join; else its moderators let people in
	Grants bool   // its moderators may let its people wear the label Supporter

	Mine      bool // the viewer is in it
	Moderates bool // the viewer looks after it: they are one of its moderators, or an administrator
	Supports  bool // the viewer wears the label by this group
}

// Path is the address of its people.
func (g Group) Path() string { return "/groups/" + g.Slug }

// GroupMember is somebody in a group.
type GroupMember struct {
	ID          int64
	Handle      string
	Name        string
	Moderator   bool
	SupporterAt time.Time `bun:",nullzero"` // when the group let them wear the label; zero where it does not
	JoinedAt    time.Time
}

// GroupPeople is a group with a stretch of its people, by handle.
type GroupPeople struct {
	Group
	People []GroupMember
	Next   string // the handle after which the next page begins; empty on the last
}

// Groups lists all groups, for people who have joined, with what the viewer is in each.
func (a *Accounts) Groups(ctx context.Context, viewer Viewer) ([]Group, error) {
	if viewer.Guest() {
		return nil, fault.Missing()
	}
	all, err := groupsSeen(ctx, a.db, viewer, "")
	if err != nil {
		return nil, fmt.Errorf("listing the groups: %w", err)
	}
	return all, nil
}

// Group is one of them, for administrators.
func (a *Accounts) Group(ctx context.Context, viewer Viewer, slug string) (Group, error) {
	if viewer.Role != Administrator {
		return Group{}, fault.Missing()
	}
	return a.seenGroup(ctx, viewer, slug)
}

func (a *Accounts) seenGroup(ctx context.Context, viewer Viewer, slug string) (Group, error) {
	if viewer.Guest() || !text.IsSlug(slug) {
		return Group{}, fault.Missing()
	}
	found, err := groupsSeen(ctx, a.db, viewer, slug)
	switch {
	case err != nil:
		return Group{}, fmt.Errorf("reading a group: %w", err)
	case len(found) == 0:
		return Group{}, fault.Missing()
	}
	return found[0], nil
}

// AddGroup makes a group, for administrators. Its slug stays what it is.
func (a *Accounts) AddGroup(ctx context.Context, viewer Viewer, g Group) error {
	return a.arrangeGroup(ctx, viewer, g, audit.Add, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		id, err := insertGroup(ctx, tx, g, a.now())
		if db.IsUnique(err, groupSlugTaken) {
			err = fault.Field("slug", "There is a group at this address already.")
		}
		return id, err
	})
}

// ChangeGroup says something else about the group with this slug, for administrators. Where it may no longer grant the label,
// what it granted ends.
func (a *Accounts) ChangeGroup(ctx context.Context, viewer Viewer, g Group) error {
	if !text.IsSlug(g.Slug) {
		return fault.Missing()
	}
	return a.arrangeGroup(ctx, viewer, g, audit.Change, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		before, err := lockGroup(ctx, tx, g.Slug)
		if db.IsMissing(err) {
			return 0, fault.Missing()
		}
		if g.ID = before.ID; err != nil || g == before {
			return 0, err
		}
		if before.Grants && !g.Grants {
			if err := a.endGrants(ctx, tx, g.ID); err != nil {
				return 0, err
			}
		}
		return g.ID, updateGroup(ctx, tx, g)
	})
}

func (a *Accounts) arrangeGroup(ctx context.Context, viewer Viewer, g Group, verb audit.Verb, do func(context.Context, *db.Tx, Group) (int64, error)) error {
	entry := audit.Entry{At: a.now(), Verb: verb, Kind: audit.Group}
	err := Administer(ctx, a.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		g, err := g.written()
		if err != nil {
			return 0, err
		}
		return do(ctx, tx, g)
	})
	if err != nil {
		return fmt.Errorf("arranging a group: %w", err)
	}
	return nil
}

// written is what an administrator says of a group, as it is kept.
func (g Group) written() (Group, error) {
	kept := Group{Slug: g.Slug, Open: g.Open, Grants: g.Grants}
	faults := map[string]string{}
	if !text.IsSlug(g.Slug) {
		faults["slug"] = "An address is made of small letters, digits and hyphens: at least one, at most 80."
	}
	var err error
	if kept.Name, err = text.Line(g.Name, maxGroupName); err != nil {
		faults["name"] = err.Error()
	} else if kept.Name == "" {
		faults["name"] = "Please give it a name."
	}
	if kept.About, err = text.Line(g.About, maxGroupAbout); err != nil {
		faults["about"] = err.Error()
	} else if kept.About == "" {
		faults["about"] = "Please say in one line who it is for."
	}
	return kept, fault.Fields(faults)
}
