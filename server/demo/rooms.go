package demo

import (
	"context"
	"fmt"
	"strconv"

	"firstdrops/server/chat"
	"firstdrops/server/chat/planting"
	"firstdrops/server/platform/db"
)

func (c *community) gatherRooms() error {
	talks, err := read("rooms")
	if err != nil {
		return err
	}
	for _, t := range talks {
		for i, s := range t.said {
			c.then(s.age, s.where, func(ctx context.Context, tx *db.Tx) error { return c.say(ctx, tx, t, s, i+1) })
		}
	}
	return nil
}

// say adds the nth message to a room.
func (c *community) say(ctx context.Context, tx *db.Tx, t talk, s saying, n int) error {
	author, as, err := c.speaks(s)
	if err != nil {
		return err
	}
	line := chat.Line{Room: t.value("room"), Body: s.body}
	if s.has("answers") {
		if line.Re, err = strconv.ParseInt(s.mark("answers"), 10, 64); err != nil {
			return fmt.Errorf("it answers %q, which is no number", s.mark("answers"))
		}
	}
	u := utterance{saying: s, talk: t, n: n, by: author, at: c.moment()}
	if as != "" {
		author.Label = as
	}
	if u.id, err = planting.Message(ctx, tx, author, line, c.moment()); err != nil {
		return err
	}
	c.keep(u, as)
	return nil
}
