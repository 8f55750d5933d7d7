package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/text"
)

// keeper gives the others their roles and verifies credentials.
const keeper = "admin-ada"

// settled is how long somebody is here before they are given a role or a label.
const settled = time.Hour

func (c *community) gatherPeople() error {
	t, err := readTalk("words/people.txt")
	if err != nil {
		return err
	}
	for _, s := range t.said {
		name, _, _ := strings.Cut(s.body, "\n")
		role := accounts.Member
		if s.has("administrator") { // made from outside, before there was anybody to ask
			role = accounts.Administrator
		}
		c.joins(s, name, role)
		if s.has("moderator") {
			c.then(s.age-settled, s.where, func(ctx context.Context, tx *db.Tx) error {
				c.wears(s.handle, func(v *accounts.Viewer) { v.Role = accounts.Moderator })
				return c.accounts.PlantRole(ctx, tx, c.people[keeper], c.people[s.handle].ID, accounts.Moderator)
			})
		}
		if s.has("supporter") {
			c.then(s.age-settled, s.where, func(ctx context.Context, tx *db.Tx) error {
				c.wears(s.handle, func(v *accounts.Viewer) { v.Label = accounts.Supporter })
				return c.accounts.GrantLabel(ctx, tx, c.people[s.handle].ID, accounts.Supporter, c.moment(), time.Time{})
			})
		}
	}
	return nil
}

// looked is how long ago everybody last looked at their notices.
const looked = 20 * time.Hour

// joins lets somebody join, and look at their notices until now.
func (c *community) joins(s saying, name string, role accounts.Role) {
	c.joined[s.handle] = s.age
	c.then(s.age, s.where, func(ctx context.Context, tx *db.Tx) error {
		password := ""
		if slices.Contains(SignIns, s.handle) {
			password = Password
		}
		v, err := c.accounts.Plant(ctx, tx, accounts.Seedling{Handle: s.handle, Name: name, Role: role, Password: password})
		c.people[s.handle] = v
		if err == nil && text.Fold(name) != text.Fold(s.handle) {
			err = c.claims(ctx, tx, v)
		}
		if err == nil && slices.Contains(staff, s.handle) {
			err = c.signin.Plant(ctx, tx, v.ID, Secret)
		}
		return err
	})
	c.then(min(s.age, looked), s.where, func(ctx context.Context, tx *db.Tx) error {
		return c.notify.PlantLook(ctx, tx, c.people[s.handle].ID)
	})
}

// claims makes somebody's name their own, as the page of settings does.
func (c *community) claims(ctx context.Context, tx *db.Tx, v accounts.Viewer) error {
	theirs, err := accounts.ClaimName(ctx, tx, v.ID, text.Fold(v.Name), accounts.DisplayName)
	if err == nil && !theirs {
		err = fmt.Errorf("the name %q is taken", v.Name)
	}
	return err
}

// wears changes what somebody is seen as from this moment on.
func (c *community) wears(handle string, change func(*accounts.Viewer)) {
	v := c.people[handle]
	change(&v)
	c.people[handle] = v
}

// person is somebody who is here at this moment.
func (c *community) person(handle string) (accounts.Viewer, error) {
	v, found := c.people[handle]
	if !found {
		return accounts.Viewer{}, fmt.Errorf("%s is not here at that moment", handle)
	}
	return v, nil
}

// speaks is who said it, under the label that they chose for it: their own, where it names none.
func (c *community) speaks(s saying) (v accounts.Viewer, as accounts.Label, err error) {
	v, err = c.person(s.handle)
	return v, accounts.Label(s.mark("as")), err
}
