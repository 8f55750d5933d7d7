package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// inhabitant is somebody of the community.
type inhabitant struct {
	accounts.Viewer
	joined time.Time
}

// keeper gives the others their roles.
const keeper = "admin-ada"

// roleAfter is how long somebody is here before they are given a role or a label.
const roleAfter = time.Hour

func (c *community) gatherPeople() error {
	t, err := readTalk("words/people.txt")
	if err != nil {
		return err
	}
	for _, s := range t.said {
		name, _, _ := strings.Cut(s.body, "\n")
		c.joins(s, name)
	}
	return nil
}

// joins lets somebody join, and be given what their marks say.
func (c *community) joins(s saying, name string) {
	c.then(s.age, s.where, func(ctx context.Context, tx *db.Tx) error {
		role := accounts.Member
		if s.has("administrator") { // made from outside, before there was anybody to ask
			role = accounts.Administrator
		}
		password := ""
		if slices.Contains(SignIns, s.handle) {
			password = Password
		}
		v, err := c.accounts.Plant(ctx, tx, accounts.Seedling{Handle: s.handle, Name: name, Role: role, Password: password})
		if err != nil {
			return err
		}
		c.people[s.handle] = inhabitant{v, c.clock}
		return nil
	})
	if s.has("moderator") {
		c.then(s.age-roleAfter, s.where, func(ctx context.Context, tx *db.Tx) error {
			p := c.people[s.handle]
			p.Role = accounts.Moderator
			c.people[s.handle] = p
			return c.accounts.PlantRole(ctx, tx, c.people[keeper].Viewer, p.ID, accounts.Moderator)
		})
	}
	if s.has("supporter") {
		c.then(s.age-roleAfter, s.where, func(ctx context.Context, tx *db.Tx) error {
			p := c.people[s.handle]
			p.Label = accounts.Supporter
			c.people[s.handle] = p
			return c.accounts.GrantLabel(ctx, tx, p.ID, accounts.Supporter, c.clock, time.Time{})
		})
	}
}

// speaker is who said it, with the label that they wore at that moment. They act as a moderator where they say so.
func (c *community) speaker(s saying) (accounts.Viewer, error) {
	p, found := c.people[s.handle]
	if !found {
		return accounts.Viewer{}, fmt.Errorf("%s is not here at that moment", s.handle)
	}
	if s.mark("as") == "moderator" {
		if !p.Staff() {
			return accounts.Viewer{}, fmt.Errorf("%s is no moderator", s.handle)
		}
		p.Label = accounts.AsModerator
	}
	return p.Viewer, nil
}
