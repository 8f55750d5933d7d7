package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
)

// community is the demo while it is filled: what happens in it, and who and what is there already. The domains here have
// the community's clock, so that what they write down happened then.
type community struct {
	now      time.Time // the moment of filling, from which ages count back
	clock    time.Time // the moment that is lived again
	events   []event
	people   map[string]inhabitant
	posts    map[string]int64   // by the id in the words, and by file and number
	threads  map[string]int64   // by id, and by file
	messages map[string]message // by id

	accounts *accounts.Accounts
	forum    *forum.Forum
}

// message is one that others speak of: its room and its number there.
type message struct {
	room string
	n    int64
}

// event is something that happened.
type event struct {
	at     time.Time
	where  string // file and line, for the complaint about it
	happen func(context.Context, *db.Tx) error
}

// gather reads all words into events.
func gather(database *db.DB, queue *jobs.Queue, now time.Time) (*community, error) {
	c := &community{
		now: now.UTC().Truncate(time.Microsecond), people: map[string]inhabitant{}, posts: map[string]int64{}, threads: map[string]int64{},
		messages: map[string]message{},
	}
	clock := func() time.Time { return c.clock }
	c.accounts = accounts.New(database, queue, nobody{}, clock)
	c.forum = forum.New(database, queue, clock)
	for _, each := range []func() error{c.gatherPeople, c.gatherThreads, c.gatherRooms} {
		if err := each(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// live lets everything happen, the oldest first, so that ids, counters and the audit grow as they would have.
func (c *community) live(ctx context.Context, tx *db.Tx) error {
	slices.SortStableFunc(c.events, func(a, b event) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	for _, e := range c.events {
		c.clock = e.at
		if err := e.happen(ctx, tx); err != nil {
			return fmt.Errorf("%s: %w", e.where, err)
		}
	}
	return nil
}

// then adds what happened that long ago.
func (c *community) then(age time.Duration, where string, happen func(context.Context, *db.Tx) error) {
	c.events = append(c.events, event{c.now.Add(-age), where, happen})
}

// nobody hears the community's news: it has no sockets.
type nobody struct{}

func (nobody) Publish(string, []byte) error { return nil }
