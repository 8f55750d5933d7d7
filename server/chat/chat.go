// Package chat is the live rooms: what is said in them, in which order, and who hears it.
//
// Owns: rooms, room_counters, messages, read_markers, resets.
// Emits the job Alarmed; and as hints on the bus: that a room has a new seq, who is present, who types, how far a person
// has read. Postgres is the room's log; a lost hint delays and loses nothing.
// Not here: sockets (web/live), pages (web/chat), who may be here at all (accounts), which words tell of danger (words).
package chat

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/ratelimit"
	"firstdrops/server/words"
)

// Bus is the way to the other nodes: platform/bus, and in the tests one that loses, doubles and
// delays.
type Bus interface {
	Publish(subject string, data []byte) error
	Subscribe(subject string, fn func(subject string, data []byte)) error
	Up() bool
	OnChange(fn func(up bool))
}

// Chat is the rooms of one node.
type Chat struct {
	db       *db.DB
	queue    *jobs.Queue
	bus      Bus
	now      func() time.Time
	node     string // tells our own hints from the others'
	queries  queries
	sends    *ratelimit.Limiter
	lookout  *words.Lookout
	ctx      context.Context // ends with the node
	stop     context.CancelFunc
	mu       sync.Mutex // held while work begins, so that none begins once the node is closed
	closed   bool
	work     sync.WaitGroup
	desks    desks
	feeds    feeds
	present  presence
	readings readings
}

// New joins the rooms to the bus; from then on no hint is missed. sends limits each person's
// messages; nil lifts the limit.
func New(database *db.DB, queue *jobs.Queue, bus Bus, sends *ratelimit.Limiter, now func() time.Time) (*Chat, error) {
	ctx, stop := context.WithCancel(context.Background())
	c := &Chat{
		db: database, queue: queue, bus: bus, now: now, node: uuid.NewString(), queries: prepare(database), sends: sends,
		lookout: words.NewLookout(database, now), ctx: ctx, stop: stop,
	}
	c.desks.open = map[string]*desk{}
	c.feeds.open = map[int64]*feed{}
	c.present.rooms = map[int64]*gathering{}
	c.readings.unsaved = map[reading]int64{}
	if err := c.listen(); err != nil {
		stop()
		return nil, err
	}
	c.every(presenceBeat, c.beatPresence)
	c.every(readBeat, c.saveReadings)
	c.every(apartBeat, c.regardAll)
	c.begin(c.watch)
	return c, nil
}

// clock is the present as Postgres keeps it, in microseconds.
func (c *Chat) clock() time.Time { return c.now().UTC().Truncate(time.Microsecond) }

// NewSendLimiter is the protocol's limit of messages: eight at once, then one in two seconds.
func NewSendLimiter() *ratelimit.Limiter { return ratelimit.New(8, 16*time.Second) }

// Close ends the node's part: what was accepted is committed and read markers are saved first.
func (c *Chat) Close() {
	c.desks.drain()
	c.saveReadings()
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.stop()
	c.work.Wait()
}

// begin does work of the node's own beside everything else; hints may ask for it at any time.
func (c *Chat) begin(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.work.Go(do)
	}
}

func (c *Chat) every(pause time.Duration, do func()) {
	c.begin(func() {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for {
			select {
			case <-c.ctx.Done():
				return
			case <-tick.C:
				do()
			}
		}
	})
}

// brief is the deadline of one of the node's own queries.
func (c *Chat) brief() (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.ctx, 3*time.Second)
}

// tell publishes a hint. Losing it is allowed, so it is only worth a line for who looks for it.
func (c *Chat) tell(subject string, data []byte) {
	if err := c.bus.Publish(subject, data); err != nil {
		slog.Debug("a hint was lost", "error", err)
	}
}
