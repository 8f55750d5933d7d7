// Package groups keeps circles of people within the place, each with moderators of its own.
//
// Owns: groups and who is in them (tables groups, group_members).
// Emits: nothing of its own; a label that a group grants is for accounts to keep and to tell.
// Not here: who people are and what labels they wear (accounts), what the place's moderators do (moderation).
package groups

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// Bounds of what is said about a group, in code points, and of how many people a page of it shows.
const (
	maxAbout  = 200
	perPage   = 50
	maxGroups = 200
	slugTaken = "groups_slug_key"
)

// Groups is the one door to them.
type Groups struct {
	db     *db.DB
	people *accounts.Accounts
	now    func() time.Time
}

// New builds the domain; now is the clock, so that tests may own it.
func New(database *db.DB, people *accounts.Accounts, now func() time.Time) *Groups {
	return &Groups{db: database, people: people, now: now}
}

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
	Withheld  bool // they would, in a session with a second factor
	Supports  bool // the viewer wears the label by this group
}

// Path is the address of its people.
func (g Group) Path() string { return "/groups/" + g.Slug }

// Member is somebody in a group.
type Member struct {
	ID          int64
	Handle      string
	Name        string
	Moderator   bool
	SupporterAt time.Time `bun:",nullzero"` // when the group let them wear the label; zero where it does not
	JoinedAt    time.Time
}

// Circle is a group with a stretch of its people, by handle.
type Circle struct {
	Group
	People []Member
	Next   string // the handle after which the next page begins; empty on the last
}

// All lists the groups, for people who have joined, with what the viewer is in each. Who waits to be let in finds none.
func (c *Groups) All(ctx context.Context, viewer accounts.Viewer) ([]Group, error) {
	switch {
	case viewer.Guest():
		return nil, fault.Missing()
	case !viewer.Admitted():
		return nil, nil
	}
	all, err := groupsSeen(ctx, c.db, viewer, "")
	if err != nil {
		return nil, fmt.Errorf("listing the groups: %w", err)
	}
	return all, nil
}

// Group is one of them, for administrators.
func (c *Groups) Group(ctx context.Context, viewer accounts.Viewer, slug string) (Group, error) {
	if viewer.Role != accounts.Administrator {
		return Group{}, fault.Missing()
	}
	return c.seen(ctx, viewer, slug)
}

func (c *Groups) seen(ctx context.Context, viewer accounts.Viewer, slug string) (Group, error) {
	if !viewer.Admitted() || !text.IsSlug(slug) {
		return Group{}, fault.Missing()
	}
	found, err := groupsSeen(ctx, c.db, viewer, slug)
	switch {
	case err != nil:
		return Group{}, fmt.Errorf("reading a group: %w", err)
	case len(found) == 0:
		return Group{}, fault.Missing()
	}
	return found[0], nil
}

// Add makes a group, for administrators. Its slug stays what it is.
func (c *Groups) Add(ctx context.Context, viewer accounts.Viewer, g Group) error {
	return c.arrange(ctx, viewer, g, audit.Add, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		id, err := insertGroup(ctx, tx, g, c.now())
		if db.IsUnique(err, slugTaken) {
			err = fault.Field("slug", "There is a group at this address already.")
		}
		return id, err
	})
}

// Change says something else about the group with this slug, for administrators. Where it may no longer grant the label,
// what it granted ends.
func (c *Groups) Change(ctx context.Context, viewer accounts.Viewer, g Group) error {
	if !text.IsSlug(g.Slug) {
		return fault.Missing()
	}
	return c.arrange(ctx, viewer, g, audit.Change, func(ctx context.Context, tx *db.Tx, g Group) (int64, error) {
		before, err := lockGroup(ctx, tx, g.Slug)
		if db.IsMissing(err) {
			return 0, fault.Missing()
		}
		if g.ID = before.ID; err != nil || g == before {
			return 0, err
		}
		if before.Grants && !g.Grants {
			if err := c.endGrants(ctx, tx, g.ID); err != nil {
				return 0, err
			}
		}
		return g.ID, updateGroup(ctx, tx, g)
	})
}

func (c *Groups) arrange(ctx context.Context, viewer accounts.Viewer, g Group, verb audit.Verb, do func(context.Context, *db.Tx, Group) (int64, error)) error {
	entry := audit.Entry{At: c.now(), Verb: verb, Kind: audit.Group}
	err := accounts.Administer(ctx, c.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
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
	faults := map[string]string{}
	said := text.Place{Slug: g.Slug, Name: g.Name, About: g.About}.Written(maxAbout, faults)
	kept := Group{Slug: said.Slug, Name: said.Name, About: said.About, Open: g.Open, Grants: g.Grants}
	return kept, fault.Fields(faults)
}
