package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
)

// pinAfter is how long a pinned thread stands before its author, who is of the staff, pins it.
const pinAfter = 5 * time.Minute

func (c *community) gatherThreads() error {
	talks, err := read("threads")
	if err != nil {
		return err
	}
	for _, t := range talks {
		for i, s := range t.said {
			c.then(s.age, s.where, func(ctx context.Context, tx *db.Tx) error { return c.write(ctx, tx, t, s, i+1) })
		}
		if first := t.said[0]; t.value("pinned") != "" {
			c.then(first.age-pinAfter, first.where, func(ctx context.Context, tx *db.Tx) error {
				return c.forum.Carry(ctx, tx, c.people[first.handle].Viewer, forum.Order{Verb: audit.Pin, ThreadID: c.threads[t.name], Reason: audit.Care})
			})
		}
	}
	return nil
}

// write adds the nth post of a thread; the first begins it.
func (c *community) write(ctx context.Context, tx *db.Tx, t talk, s saying, n int) error {
	author, err := c.speaker(s)
	if err != nil {
		return err
	}
	seedling := forum.Seedling{
		Author: author, Body: s.body, Category: t.value("category"), Title: t.value("title"), ThreadID: c.threads[t.name], Quotes: s.has("quotes"),
	}
	if seedling.ReplyTo, err = c.answered(t, s); err != nil {
		return err
	}
	var id int64
	if n == 1 {
		c.threads[t.name], id, err = c.forum.PlantThread(ctx, tx, seedling)
	} else {
		id, err = c.forum.PlantPost(ctx, tx, seedling)
	}
	if err != nil {
		return err
	}
	c.posts[place(t, strconv.Itoa(n))] = id
	if name := s.mark("id"); name != "" {
		c.posts[name] = id
		if n == 1 {
			c.threads[name] = c.threads[t.name]
		}
	}
	return nil
}

// place is the nth thing said in a talk.
func place(t talk, n string) string { return t.name + "#" + n }

// answered is the post that a saying answers or quotes, by its number in the same file; 0 where it answers none.
func (c *community) answered(t talk, s saying) (int64, error) {
	n := s.mark("answers")
	if s.has("quotes") {
		n = s.mark("quotes")
	}
	if n == "" {
		return 0, nil
	}
	id, found := c.posts[place(t, n)]
	if !found {
		return 0, fmt.Errorf("it answers %s, which is not there at that moment", n)
	}
	return id, nil
}
