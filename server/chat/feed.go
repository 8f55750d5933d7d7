package chat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"

	"firstdrops/server/accounts"
)

const (
	ringSize = 512 // events a feed remembers, so that a joiner finds what came while it read
	// What is caught up with at once, so that it fits the queue of a reader who keeps up, and the pause
	// in which that reader reads.
	chunkSize  = 64
	chunkBytes = 32 << 10
	chunkPause = 10 * time.Millisecond
	// How often a node compares its rooms with the database, by whether hints flow.
	compareUp   = 15 * time.Second
	compareDown = 2 * time.Second
	// roomSubject + a room's id carries its seq as decimal digits, and nothing else.
	roomSubject = "chat.room."
)

// feeds are the rooms that somebody on this node follows.
type feeds struct {
	mu   sync.Mutex
	open map[int64]*feed
}

// feed is one room's live events on this node, strictly in order of seq.
type feed struct {
	roomID int64
	slug   string

	mu        sync.Mutex
	warm      bool  // seq is known; a cold feed has nobody who waits for events
	seq       int64 // everything up to here was delivered
	want      int64 // the highest seq that we have heard of
	lastN     int64 // the number of the newest message that we know of
	reading   bool  // a catch-up is on its way to the database
	ring      []event
	followers map[*Following]struct{}
}

// event is one visible change, encoded once for everybody and once more for its author.
type event struct {
	seq    int64
	wire   wireEvent
	all    *Object
	author int64
	own    *Object
	apart  []int64 // who is not shown it
	none   *Object // what they get, made when it is needed
}

func (e *event) seenBy(f *Following) *Object {
	switch {
	case e.wire.State != nil:
		personal := e.wire
		personal.State = e.wire.State.of(f.me, f.apart)
		return NewObject(personal)
	case e.author != 0 && e.author == f.viewer.ID:
		return e.own
	case e.hides(f):
		if e.none == nil {
			e.none = f.feed.nilEvent(e.seq, f.feed.lastN).all
		}
		return e.none
	default:
		return e.all
	}
}

func (f *feed) messageEvent(m Message) event {
	others := m.Wire(0)
	e := event{seq: m.Rev, author: m.AuthorID}
	if m.Label != accounts.AsModerator {
		e.apart = m.Apart
	}
	e.wire = wireEvent{T: "ev", Room: f.slug, Seq: m.Rev, K: kindOf(m), M: &others}
	e.all = NewObject(e.wire)
	own := m.Wire(m.AuthorID)
	mine := e.wire
	mine.M = &own
	e.own = NewObject(mine)
	return e
}

// kindOf is a hint for display: the row says it all.
func kindOf(m Message) string {
	switch {
	case m.Deleted:
		return "del"
	case m.Rev > m.Seq:
		return "edit"
	default:
		return "msg"
	}
}

// deliver gives the next event to everybody live; the caller holds the lock and e.seq is f.seq+1.
func (f *feed) deliver(e event) {
	f.seq = e.seq
	if e.wire.M != nil {
		f.lastN = max(f.lastN, e.wire.M.N)
		if e.wire.M.Deleted {
			f.forget(e.wire.M.N)
		}
	}
	if len(f.ring) == ringSize {
		f.ring = append(f.ring[:0], f.ring[ringSize/2:]...)
	}
	f.ring = append(f.ring, e)
	for follower := range f.followers {
		if follower.live {
			follower.give(&e)
		}
	}
}

// forget takes a removed message's words out of what joiners are given; the caller holds the lock.
func (f *feed) forget(n int64) {
	for i := range f.ring {
		if m := f.ring[i].wire.M; m != nil && m.N == n {
			f.ring[i] = f.nilEvent(f.ring[i].seq, f.lastN)
		}
	}
}

// offer brings a commit of our own. It is delivered only when nothing is missing before it; else a
// catch-up brings it with what is missing.
func (c *Chat) offer(roomID int64, messages []Message) {
	f := c.feeds.find(roomID)
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range messages {
		switch {
		case f.warm && m.Rev == f.seq+1:
			f.deliver(f.messageEvent(m))
		case m.Rev > f.seq:
			c.hear(f, m.Rev)
		}
	}
}

func (c *Chat) hint(roomID, seq int64) {
	c.tell(roomSubject+strconv.FormatInt(roomID, 10), strconv.AppendInt(nil, seq, 10))
}

// listen subscribes the node's wildcards once, before it says that it is ready.
func (c *Chat) listen() error {
	c.bus.OnChange(func(up bool) {
		if up {
			c.begin(c.compare) // hints were lost meanwhile
		}
	})
	return errors.Join(
		c.bus.Subscribe(roomSubject+"*", c.heardHint),
		c.bus.Subscribe(presentSubject+"*", c.heardPresent),
		c.bus.Subscribe(typingSubject+"*", c.heardTyping),
		c.bus.Subscribe(readSubject+"*", c.heardRead),
		c.bus.Subscribe(resetSubject+"*", c.heardApart(resetSubject)),
		c.bus.Subscribe(accounts.ApartSubject+"*", c.heardApart(accounts.ApartSubject)),
	)
}

// heardHint is about a room by id; a forged or garbled one can only make us look once more.
func (c *Chat) heardHint(subject string, data []byte) {
	roomID, err := roomOf(subject, roomSubject)
	if err != nil {
		return
	}
	seq, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil {
		return
	}
	c.hearOf(roomID, seq)
}

// hearOf is hear for a room that may not be followed here.
func (c *Chat) hearOf(roomID, seq int64) {
	if f := c.feeds.find(roomID); f != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		c.hear(f, seq)
	}
}

func roomOf(subject, prefix string) (int64, error) {
	return strconv.ParseInt(strings.TrimPrefix(subject, prefix), 10, 64)
}

// hear notes that the room has reached seq and sends for what is missing: one read in flight a room.
// The caller holds the feed's lock.
func (c *Chat) hear(f *feed, seq int64) {
	f.want = max(f.want, seq)
	if !f.warm || f.reading || f.want <= f.seq {
		return
	}
	f.reading = true
	c.begin(func() { c.catchUp(f) })
}

// catchUp reads until the feed has what it heard of. Where Postgres is away it tries again, slower
// and slower.
func (c *Chat) catchUp(f *feed) {
	wait := 50 * time.Millisecond
	for {
		f.mu.Lock()
		if !f.warm || f.want <= f.seq {
			f.reading = false
			f.mu.Unlock()
			return
		}
		from := f.seq
		f.mu.Unlock()
		reached, err := c.readOn(f, from)
		if err == nil && reached > from {
			wait = 50 * time.Millisecond
			c.pause(chunkPause)
			continue
		}
		if err == nil { // a hint ahead of the database: a lie, or one that we can wait for
			f.mu.Lock()
			f.want = f.seq
			f.mu.Unlock()
			continue
		}
		slog.Warn("catching up with a room", "room", f.roomID, "error", err)
		if !c.pause(wait) {
			return
		}
		wait = min(2*wait, 2*time.Second)
	}
}

func (c *Chat) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-c.ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// readOn delivers what changed after from, at most a chunk of it, and tells how far it came.
func (c *Chat) readOn(f *feed, from int64) (int64, error) {
	ctx, cancel := c.brief()
	defer cancel()
	head, err := c.head(ctx, f.slug, accounts.Viewer{})
	if err != nil {
		return 0, err
	}
	to := min(head.Seq, from+chunkSize)
	if to <= from {
		return from, nil
	}
	var changed []Message
	if err := c.queries.since.Scan(ctx, &changed, f.roomID, from, to); err != nil {
		return 0, fmt.Errorf("reading what changed: %w", err)
	}
	events := f.eventsOf(changed, head, from, to)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range events {
		if e.seq == f.seq+1 { // our own commits may have been faster
			f.deliver(e)
		}
	}
	return from + int64(len(events)), nil
}

// eventsOf makes one event for every seq after from up to to: the rows whose last change it is
// (several: a stretch that was cleared), else the room's state, else nothing that has a place now.
// It stops early where they grow too large for one delivery.
func (f *feed) eventsOf(changed []Message, head head, from, to int64) []event {
	events := make([]event, 0, to-from)
	size := 0
	for seq := from + 1; seq <= to && size <= chunkBytes; seq++ {
		count := 0
		for count < len(changed) && changed[count].Rev == seq {
			count++
		}
		rows := changed[:count]
		changed = changed[count:]
		e := f.eventOf(rows, head, seq)
		if e.all != nil {
			size += len(e.all.Line)
		}
		events = append(events, e)
	}
	return events
}

func (f *feed) eventOf(rows []Message, head head, seq int64) event {
	e := event{seq: seq, wire: wireEvent{T: "ev", Room: f.slug, Seq: seq}}
	switch {
	case len(rows) == 1:
		return f.messageEvent(rows[0])
	case len(rows) > 1:
		e.wire.K, e.wire.From, e.wire.To = "clear", rows[0].N, rows[len(rows)-1].N
	case head.StateRev == seq:
		state := head.state()
		e.wire.K, e.wire.State = "state", &state
		return e // encoded for each follower
	default:
		return f.nilEvent(seq, head.LastN)
	}
	e.all = NewObject(e.wire)
	return e
}

// nilEvent is a change that has no place of its own any more.
func (f *feed) nilEvent(seq, lastN int64) event {
	return event{seq: seq, all: NewObject(wireNil{T: "ev", Room: f.slug, Seq: seq, K: "nil", LastN: lastN})}
}

// head is a room as it stands.
type head struct {
	ID       int64
	Topic    string
	Seq      int64
	LastN    int64 `bun:"last_n"`
	StateRev int64
	ReadN    int64         `bun:"read_n"`
	Labels   []wearer      `bun:",type:json"`
	Apart    []int64       `bun:",array"` // from the reader
	ResetSeq int64         // what the reader holds up to there may be wrong
	Asked    int64         // the last parting that the reader asked for
	Role     accounts.Role // the reader's, and how they stand
	accounts.Standing
}

func (c *Chat) head(ctx context.Context, slug string, viewer accounts.Viewer) (head, error) {
	var h head
	if err := c.queries.head.Scan(ctx, &h, slug, viewer.ID, c.now(), spokeLately, sight(viewer)); err != nil {
		return h, fmt.Errorf("reading a room's head: %w", err)
	}
	return h, nil
}

// me is who the reader is in the room.
func (h head) me(name string, now time.Time) Me {
	me := Me{Name: name, Mod: accounts.Viewer{Role: h.Role}.Staff()}
	if h.Muted(now) {
		me.MutedUntil = h.MutedUntil.UnixMilli()
	}
	return me
}

func (h head) state() State {
	return State{Mode: "open", Topic: h.Topic, Labels: labelsOf(h.Labels, nil), wearers: h.Labels}
}

// watch compares each followed room's seq with the database's: seldom while hints flow, often while
// they do not.
func (c *Chat) watch() {
	for {
		pause := compareUp
		if !c.bus.Up() {
			pause = compareDown
		}
		last := time.Now()
		for time.Since(last) < pause { // the bus may go down meanwhile
			if !c.pause(min(pause-time.Since(last), compareDown)) {
				return
			}
			if !c.bus.Up() {
				break
			}
		}
		c.compare()
	}
}

func (c *Chat) compare() {
	followed := c.feeds.all()
	if len(followed) == 0 {
		return
	}
	ids := make([]int64, 0, len(followed))
	for _, f := range followed {
		ids = append(ids, f.roomID)
	}
	ctx, cancel := c.brief()
	defer cancel()
	var rows []struct{ RoomID, Seq int64 }
	if err := c.queries.seqs.Scan(ctx, &rows, pq.Array(ids)); err != nil {
		slog.Warn("comparing the rooms with the database", "error", err)
		return
	}
	for _, row := range rows {
		c.hearOf(row.RoomID, row.Seq)
	}
}

func (fs *feeds) find(roomID int64) *feed {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return fs.open[roomID]
}

func (fs *feeds) all() []*feed {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	all := make([]*feed, 0, len(fs.open))
	for _, f := range fs.open {
		all = append(all, f)
	}
	return all
}
