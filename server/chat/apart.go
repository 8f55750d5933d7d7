package chat

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/lib/pq"
	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

const (
	// resetSubject and a person's id is the hint that this person asked to be apart from somebody, or no longer.
	resetSubject = "chat.reset."
	// apartBeat is how often a node looks who is apart, in case a hint was lost.
	apartBeat = 30 * time.Second
)

// parter works on accounts.Parted.
type parter struct {
	river.WorkerDefaults[accounts.Parted]
	chat *Chat
}

// Work stores how far each room had come, and has the open pages of who asked for it start afresh; the other's do at their
// next hello, as they are not told. Done twice it changes nothing.
func (p *parter) Work(ctx context.Context, job *river.Job[accounts.Parted]) error {
	person := job.Args.PersonID
	err := p.chat.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		tx.AfterCommit(func() {
			p.chat.regard([]int64{person})
			p.chat.tell(resetSubject+strconv.FormatInt(person, 10), nil)
		})
		return storeResets(ctx, tx, job.Args, job.ID)
	})
	if err != nil {
		return fmt.Errorf("parting two people in the rooms: %w", err)
	}
	return nil
}

// heardApart is of one person by id; a forged or garbled hint can only make us look once more.
func (c *Chat) heardApart(prefix string) func(subject string, data []byte) {
	return func(subject string, _ []byte) {
		if id, err := roomOf(subject, prefix); err == nil {
			c.begin(func() { c.regard([]int64{id}) })
		}
	}
}

// regardAll heals lost hints.
func (c *Chat) regardAll() {
	people := map[int64]bool{}
	for _, f := range c.feeds.all() {
		f.mu.Lock()
		for follower := range f.followers {
			people[follower.viewer.ID] = true
		}
		f.mu.Unlock()
	}
	c.regard(slices.Collect(maps.Keys(people)))
}

// parting is who is apart from somebody now, and the last job that they asked for.
type parting struct {
	PersonID int64
	Apart    []int64 `bun:",array"`
	Asked    int64
}

// regard reads anew who is apart from these people, for those of them who follow rooms here.
func (c *Chat) regard(people []int64) {
	ctx, cancel := c.brief()
	defer cancel()
	var found []parting
	if err := c.queries.partings.Scan(ctx, &found, pq.Array(people)); err != nil {
		slog.Warn("looking who is apart in the rooms", "error", err)
		return
	}
	byPerson := map[int64]parting{}
	for _, p := range found {
		byPerson[p.PersonID] = p
	}
	for _, f := range c.feeds.all() {
		if f.regard(byPerson) {
			c.present.retell(f.roomID)
		}
	}
}

// regard tells the followers who is apart from them, and whether that is news to one.
func (f *feed) regard(byPerson map[int64]parting) (news bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for follower := range f.followers {
		p, known := byPerson[follower.viewer.ID]
		if !known || follower.viewer.Staff() {
			continue
		}
		news = news || !slices.Equal(p.Apart, follower.apart)
		follower.apart = p.Apart
		if p.Asked > follower.reset {
			follower.reset = p.Asked
			follower.restart()
		}
	}
	return news
}

// restart takes a follower out of the live ones until its owner has told the client to start afresh; the caller holds the
// feed's lock.
func (f *Following) restart() {
	f.stale = true
	if f.live {
		f.live = false
		f.out.Sync(f)
	}
}

// hides reports whether this follower is not shown the event: its author is apart from them, and neither moderates. The
// author's side is read with the event, so that no hint is needed.
func (e *event) hides(f *Following) bool {
	return len(e.apart) > 0 && !f.viewer.Staff() && slices.Contains(e.apart, f.viewer.ID)
}
