package demo

import (
	"context"
	"fmt"
	"strings"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

func (c *community) gatherGroups() error {
	t, err := readTalk("words/groups.txt")
	if err != nil {
		return err
	}
	for _, s := range t.said {
		c.then(s.age, s.where, func(ctx context.Context, tx *db.Tx) error { return c.circle(ctx, tx, s) })
	}
	return nil
}

// circle makes a group with its people.
func (c *community) circle(ctx context.Context, tx *db.Tx, s saying) error {
	lines := strings.Split(s.body, "\n")
	if len(lines) < 3 {
		return fmt.Errorf("a group has a name, a line on who it is for, and people")
	}
	group := accounts.Group{Slug: s.handle, Name: lines[0], About: lines[1], Open: s.has("open"), Grants: s.has("grants")}
	var members []accounts.GroupMember
	for _, line := range lines[2:] {
		handle, what, _ := strings.Cut(line, " ")
		who, err := c.person(handle)
		if err != nil {
			return err
		}
		m := accounts.GroupMember{ID: who.ID, Moderator: what == "moderates"}
		if what == "supports" {
			m.SupporterAt = c.moment()
		}
		members = append(members, m)
	}
	return c.accounts.PlantGroup(ctx, tx, c.people[keeper], group, members)
}
