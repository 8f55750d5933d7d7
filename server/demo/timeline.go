package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/signin"
)

// community is the demo while it is filled: what happens in it, and who and what is there already. The domains here have
// the community's clock, so that what they write down happened then.
type community struct {
	now    time.Time // the moment of filling, from which ages count back
	clock  atomic.Pointer[time.Time]
	events []event

	joined      map[string]time.Duration // how long ago, by handle
	people      map[string]accounts.Viewer
	said        map[string]utterance // by place
	named       map[string]string    // a place, by the id in the words
	threads     map[string]int64     // by file
	consultants map[string]int64     // by handle

	accounts   *accounts.Accounts
	forum      *forum.Forum
	chat       *chat.Chat
	directory  *directory.Directory
	moderation *moderation.Moderation
	notify     *notify.Notify
	signin     *signin.Signin
}

// utterance is a post or a message that is there.
type utterance struct {
	saying
	talk talk
	n    int
	id   int64 // of a message its n
	by   accounts.Viewer
	at   time.Time
}

// place is where the nth thing of a talk was said.
func place(t talk, n string) string { return t.name + "#" + n }

// event is something that happened.
type event struct {
	at     time.Time
	where  string // file and line, for the complaint about it
	happen func(context.Context, *db.Tx) error
}

// gather reads all words into events.
func gather(database *db.DB, queue *jobs.Queue, now time.Time) (*community, error) {
	c := &community{
		now: now.UTC().Truncate(time.Microsecond), joined: map[string]time.Duration{}, people: map[string]accounts.Viewer{},
		said: map[string]utterance{}, named: map[string]string{}, threads: map[string]int64{},
		consultants: map[string]int64{},
	}
	c.clock.Store(&c.now)
	for _, each := range []func() error{c.gatherPeople, c.gatherGroups, c.gatherConsultants, c.gatherThreads, c.gatherRooms, c.gatherCases, c.gatherRequests} {
		if err := each(); err != nil {
			return nil, err
		}
	}
	c.accounts = accounts.New(database, queue, nobody{}, c.moment)
	told := jobs.Handing(func(ctx context.Context, tx *db.Tx, job river.JobArgs) error { return c.notify.Plant(ctx, tx, job) })
	c.forum = forum.New(database, told, c.moment)
	c.directory = directory.New(database, told, c.accounts, c.moment)
	var err error
	if c.chat, err = chat.New(database, told, nobody{}, nil, c.moment); err != nil {
		return nil, err
	}
	c.moderation = moderation.New(moderation.Deps{
		DB: database, Queue: told, Accounts: c.accounts, Forum: c.forum, Chat: c.chat, Directory: c.directory, Now: c.moment,
	})
	c.notify = notify.New(notify.Deps{DB: database, Queue: told, Accounts: c.accounts, Moderation: c.moderation, Now: c.moment})
	c.signin = signin.New(signin.Deps{DB: database, Queue: told, Accounts: c.accounts, Now: c.moment})
	return c, nil
}

// moment is the clock of the community.
func (c *community) moment() time.Time { return *c.clock.Load() }

// live lets everything happen, the oldest first, so that ids, counters and the audit grow as they would have.
func (c *community) live(ctx context.Context, tx *db.Tx) error {
	slices.SortStableFunc(c.events, func(a, b event) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	for _, e := range c.events {
		c.clock.Store(&e.at)
		if err := e.happen(ctx, tx); err != nil {
			return fmt.Errorf("%s: %w%s", e.where, err, faults(err))
		}
	}
	return nil
}

// faults are what a form would show at its fields.
func faults(err error) (words string) {
	if refused := new(fault.Error); errors.As(err, &refused) && len(refused.Fields) > 0 {
		words = fmt.Sprint(" ", refused.Fields)
	}
	return words
}

// then adds what happened that long ago.
func (c *community) then(age time.Duration, where string, happen func(context.Context, *db.Tx) error) {
	c.events = append(c.events, event{c.now.Add(-age), where, happen})
}

// nobody hears the community's news: it has no sockets.
type nobody struct{}

func (nobody) Publish(string, []byte) error                 { return nil }
func (nobody) Subscribe(string, func(string, []byte)) error { return nil }
func (nobody) Up() bool                                     { return true }
func (nobody) OnChange(func(bool))                          {}
