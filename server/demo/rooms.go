package demo

import (
	"context"
	"fmt"
	"strconv"

	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
)

func (c *community) gatherRooms() error {
	talks, err := read("rooms")
	if err != nil {
		return err
	}
	for _, t := range talks {
		for _, s := range t.said {
			c.then(s.age, s.where, func(ctx context.Context, tx *db.Tx) error { return c.say(ctx, tx, t, s) })
		}
	}
	return nil
}

// say adds a message to a room.
func (c *community) say(ctx context.Context, tx *db.Tx, t talk, s saying) error {
	author, err := c.speaker(s)
	if err != nil {
		return err
	}
	seedling := chat.Seedling{Room: t.value("room"), Author: author, Body: s.body, At: c.clock}
	if answered := s.mark("answers"); answered != "" {
		if seedling.Re, err = strconv.ParseInt(answered, 10, 64); err != nil {
			return fmt.Errorf("what it answers is a number: %w", err)
		}
	}
	n, err := chat.Plant(ctx, tx, seedling)
	if name := s.mark("id"); err == nil && name != "" {
		c.messages[name] = message{room: seedling.Room, n: n}
	}
	return err
}
