package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
)

const (
	// pinAfter is how long a pinned thread stands before its author, who is of the staff, pins it.
	pinAfter = 5 * time.Minute

	// reactAfter is how long each reader of a post takes longer than the one before to react.
	reactAfter = 17 * time.Minute
)

func (c *community) gatherThreads() error {
	talks, err := read("threads")
	if err != nil {
		return err
	}
	for _, t := range talks {
		for i, s := range t.said {
			c.then(s.age, s.where, func(ctx context.Context, tx *db.Tx) error { return c.write(ctx, tx, t, s, i+1) })
			c.gatherReactions(s, place(t, strconv.Itoa(i+1)))
		}
		if first := t.said[0]; t.value("pinned") != "" {
			c.then(first.age-pinAfter, first.where, func(ctx context.Context, tx *db.Tx) error {
				return c.forum.Carry(ctx, tx, c.people[first.handle], forum.Order{Verb: audit.Pin, ThreadID: c.threads[t.name], Reason: audit.Care})
			})
		}
	}
	return nil
}

// gatherReactions lets readers react, once they have joined.
func (c *community) gatherReactions(s saying, at string) {
	after := time.Duration(0)
	for _, kind := range forum.Kinds {
		for _, handle := range s.marks[string(kind)] {
			after += reactAfter
			age := max(min(s.age, c.joined[handle])-after, 0)
			c.then(age, s.where, func(ctx context.Context, tx *db.Tx) error {
				v, err := c.person(handle)
				if err != nil {
					return err
				}
				return c.forum.PlantReaction(ctx, tx, v, c.said[at].id, kind)
			})
		}
	}
}

// write adds the nth post of a thread; the first begins it.
func (c *community) write(ctx context.Context, tx *db.Tx, t talk, s saying, n int) error {
	author, as, err := c.speaks(s)
	if err != nil {
		return err
	}
	var id int64
	if n == 1 {
		c.threads[t.name], id, err = c.forum.PlantThread(ctx, tx, author, forum.Opening{
			Category: t.value("category"), Title: t.value("title"), Body: s.body, As: as,
			Topic: forum.Topic{Language: "en", Specialty: accounts.Specialty(t.value("specialty"))},
		})
	} else {
		id, err = c.answer(ctx, tx, t, s, author, as)
	}
	if err != nil {
		return err
	}
	c.keep(utterance{saying: s, talk: t, n: n, id: id, by: author, at: c.moment()}, as)
	return nil
}

func (c *community) answer(ctx context.Context, tx *db.Tx, t talk, s saying, author accounts.Viewer, as accounts.Label) (int64, error) {
	a := forum.Answer{ThreadID: c.threads[t.name], Body: s.body, As: as}
	for _, mark := range []string{"answers", "quotes"} {
		if !s.has(mark) {
			continue
		}
		before, found := c.said[place(t, s.mark(mark))]
		if !found {
			return 0, fmt.Errorf("it %s %q, which is not there at that moment", mark, s.mark(mark))
		}
		a.ReplyTo = before.id
		if mark == "quotes" {
			a.Quote.PostID = before.id
		}
	}
	return c.forum.PlantPost(ctx, tx, author, a)
}

// keep remembers what was said, for those who answer or report it.
func (c *community) keep(u utterance, as accounts.Label) {
	if as != "" {
		u.by.Label = as
	}
	at := place(u.talk, strconv.Itoa(u.n))
	c.said[at] = u
	if name := u.mark("id"); name != "" {
		c.named[name] = at
	}
}
