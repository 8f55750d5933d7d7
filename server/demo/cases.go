package demo

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/richtext"
	"firstdrops/server/platform/text"
)

const (
	around  = 2   // how many posts or messages on either side of the reported one stand in a case
	excerpt = 280 // runes of the reported words that a list shows
)

func (c *community) gatherCases() error {
	talks, err := read("cases")
	if err != nil {
		return err
	}
	for _, t := range talks {
		var id int64
		for _, s := range t.said {
			c.then(s.age, s.where, func(ctx context.Context, tx *db.Tx) (err error) {
				id, err = c.step(ctx, tx, t, s, id)
				return err
			})
		}
	}
	return nil
}

// step takes a case one step on: a report, a claim or a decision.
func (c *community) step(ctx context.Context, tx *db.Tx, t talk, s saying, id int64) (int64, error) {
	by, err := c.person(s.handle)
	if err != nil {
		return 0, err
	}
	switch {
	case s.has("reports"):
		subject, err := c.subject(ctx, t.value("target"))
		if err != nil {
			return 0, err
		}
		return c.moderation.PlantReport(ctx, tx, by, subject, audit.Reason(s.mark("reports")), s.body)
	case s.has("claims"):
		return id, c.moderation.PlantClaim(ctx, tx, by, id)
	}
	decided := s.marks["decides"]
	if len(decided) != 2 {
		return 0, fmt.Errorf("a decision names what is done and why, such as `decides hide medical`")
	}
	return id, c.moderation.PlantDecision(ctx, tx, by, id, moderation.Decision{
		Action: audit.Verb(decided[0]), Reason: audit.Reason(decided[1]), Note: s.body,
	})
}

// subject is what a case is about, as its reporter saw it: the kind of thing, and the id that the words give it.
func (c *community) subject(ctx context.Context, target string) (moderation.Subject, error) {
	kind, name, _ := strings.Cut(target, " ")
	u, found := c.said[c.named[name]]
	if !found {
		return moderation.Subject{}, fmt.Errorf("nothing is called %q at that moment", name)
	}
	s := moderation.Subject{
		Kind: audit.Kind(kind), ObjectID: u.id, AboutID: u.by.ID, Author: u.by.Name, Title: u.talk.value("title"),
		Path: fmt.Sprintf("/p/%d", u.id), Words: richtext.Plain(u.body, excerpt), Lines: c.lines(u),
	}
	switch s.Kind {
	case audit.Post:
		return s, nil
	case audit.Thread:
		thread := forum.Thread{ID: c.threads[u.talk.name], Slug: text.Slug(s.Title)}
		s.ObjectID, s.Path, s.Words = thread.ID, thread.Path(), s.Title
		return s, nil
	case audit.Message:
		room, err := c.chat.Room(ctx, u.by, u.talk.value("room"))
		s.RoomID, s.Title, s.Path = room.ID, room.Name, fmt.Sprintf("/rooms/%s?around=%d#m-%d", room.Slug, u.id, u.id)
		return s, err
	}
	return moderation.Subject{}, fmt.Errorf("the demo has no cases about a %s", kind)
}

// lines are the reported words and what stands around them at this moment.
func (c *community) lines(reported utterance) []moderation.Line {
	var lines []moderation.Line
	for n := reported.n - around; n <= reported.n+around; n++ {
		u, found := c.said[place(reported.talk, strconv.Itoa(n))]
		if !found {
			continue
		}
		lines = append(lines, moderation.Line{
			ID: u.id, Author: u.by.Name, Handle: u.by.Handle, Label: u.by.Label, HTML: richtext.Render(u.body), At: u.at, Reported: n == reported.n,
		})
	}
	return lines
}
