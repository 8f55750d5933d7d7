package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/lib/pq"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// The sizes of a sync, from CHAT-PROTOCOL section 4.
const (
	newest    = 50       // messages for who comes without a cursor
	syncRows  = 100      // rows on a page
	syncBytes = 32 << 10 // or this many bytes, but at least one row
	tooMuch   = 500      // changed rows over which a client starts afresh
	handover  = 64       // live events that may wait for the last page; more are synced first
)

// Outlet is where a follower's objects go: a socket, or a listener in a test. Push never waits;
// losable objects are the first to be dropped under pressure. Sync asks for Next to be called again until the room is in
// sync; it does not wait for it either.
type Outlet interface {
	Push(object *Object, losable bool)
	Sync(f *Following)
}

// Following is one outlet following one room. Its owner calls Next until the room is in sync; live
// events are pushed from then on. Next belongs to one goroutine.
type Following struct {
	chat   *Chat
	feed   *feed
	viewer accounts.Viewer
	out    Outlet

	// Under the feed's lock.
	live  bool
	gone  bool
	seq   int64   // the last seq given, or covered by the sync
	readN int64   // how far this person has read, as far as this outlet knows
	me    Me      // who they are in the room, as of the last look
	here  bool    // they are counted among those present
	apart []int64 // who is apart from them
	told  string  // what they were last told of who is present, where that is their own
	begun bool    // it is known where the sync starts
	reset int64   // the last parting of theirs that is known of
	stale bool    // what the client holds is of before that

	asked          int64 // the cursor that the client came with
	head           head
	afresh         bool  // the client was told to drop what it holds
	fromRev, fromN int64 // the row that the next page comes after
	floor          int64 // for who comes without a cursor: older messages stay away
}

// Follow joins a room's live feed. Joining comes before reading, else messages are lost between the
// two. cursor is the last seq that the client holds; 0 asks for the newest messages.
func (c *Chat) Follow(ctx context.Context, viewer accounts.Viewer, slug string, cursor int64, out Outlet) (*Following, error) {
	room, err := c.Room(ctx, viewer, slug)
	if err != nil {
		return nil, err
	}
	f := &Following{chat: c, viewer: viewer, out: out, asked: cursor, readN: room.ReadN}
	f.feed = c.feeds.join(room, f)
	return f, nil
}

func (fs *feeds) join(room Room, f *Following) *feed {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	open, ok := fs.open[room.ID]
	if !ok {
		open = &feed{roomID: room.ID, slug: room.Slug, followers: map[*Following]struct{}{}}
		fs.open[room.ID] = open
	}
	open.mu.Lock()
	defer open.mu.Unlock()
	open.lastN = max(open.lastN, room.LastN) // what is read may be told before the sync
	open.followers[f] = struct{}{}
	return open
}

// Leave ends the following; nothing is pushed after it returns.
func (f *Following) Leave() {
	fs := &f.chat.feeds
	fs.mu.Lock()
	f.feed.mu.Lock()
	f.gone = true
	f.live = false
	wasHere := f.here
	delete(f.feed.followers, f)
	if len(f.feed.followers) == 0 {
		f.feed.warm = false
		delete(fs.open, f.feed.roomID)
	}
	f.feed.mu.Unlock()
	fs.mu.Unlock()
	if wasHere {
		f.chat.left(f)
	}
}

// Room is the slug of what is followed.
func (f *Following) Room() string { return f.feed.slug }

// Next makes the next object of the sync, and says whether it is the last. After an error it may be
// called again; once the following was left there is no object.
func (f *Following) Next(ctx context.Context) (object *Object, last bool, err error) {
	switch begun, left := f.standing(); {
	case left:
		return nil, true, nil
	case !begun:
		if err := f.begin(ctx); err != nil {
			return nil, false, err
		}
		if f.afresh {
			return NewObject(wireReset{T: "reset", Room: f.feed.slug, Seq: f.head.Seq}), false, nil
		}
	}
	rows, more, err := f.rows(ctx)
	if err != nil {
		return nil, false, err
	}
	page := f.page(rows)
	if !more {
		if last, err = f.arrive(ctx); err != nil {
			return nil, false, err
		}
	}
	if _, left := f.standing(); last && left {
		return nil, true, nil
	}
	if last {
		page.End, page.Seq = true, f.head.Seq
	}
	return NewObject(page), last, nil
}

// begin reads the room as it stands, after the reader's own marker is in it, and decides where the
// sync starts.
func (f *Following) begin(ctx context.Context) error {
	f.chat.saveReadingsOf(f.viewer.ID)
	if err := f.look(ctx); err != nil {
		return err
	}
	f.fromRev, f.fromN = f.asked, math.MaxInt64
	f.floor, f.afresh = 0, false
	switch {
	case f.asked == 0:
		if err := f.findFloor(ctx); err != nil {
			return err
		}
	case f.asked > f.head.Seq, f.asked <= f.head.ResetSeq:
		f.startAfresh()
	default:
		var behind struct{ N int64 }
		if err := f.chat.queries.behind.Scan(ctx, &behind, f.feed.roomID, f.asked, f.head.Seq, tooMuch+1); err != nil {
			return fmt.Errorf("counting what was missed: %w", err)
		}
		if behind.N > tooMuch {
			f.startAfresh()
		}
	}
	if f.refreshed() {
		f.startAfresh()
	}
	return nil
}

// refreshed notes that the client's rows will be of this head, and tells whether those that it holds were to be dropped.
func (f *Following) refreshed() bool {
	f.feed.mu.Lock()
	defer f.feed.mu.Unlock()
	stale := f.begun && f.stale || f.head.Asked < f.reset // the news were faster than the look
	f.begun, f.stale, f.reset = true, false, max(f.reset, f.head.Asked)
	return stale
}

// findFloor keeps the sync to the newest messages that the viewer is shown.
func (f *Following) findFloor(ctx context.Context) error {
	f.floor = f.head.LastN - newest
	if len(f.head.Apart) == 0 {
		return nil
	}
	var oldest struct{ N int64 }
	if err := f.chat.queries.newest.Scan(ctx, &oldest, f.feed.roomID, pq.Array(f.head.Apart), newest); err != nil {
		return fmt.Errorf("finding the newest messages: %w", err)
	}
	f.floor = oldest.N - 1
	return nil
}

// startAfresh leaves the messages to the page: the client loads the newest over HTTP.
func (f *Following) startAfresh() {
	f.afresh = true
	f.asked, f.fromRev = f.head.Seq, f.head.Seq
}

// look reads the head and, where this is the feed's first follower, sets the feed going from there.
func (f *Following) look(ctx context.Context) error {
	h, err := f.chat.head(ctx, f.feed.slug, f.viewer)
	if db.IsMissing(err) {
		return fault.Missing()
	}
	if err != nil {
		return err
	}
	if err := closed(h.Standing, f.chat.now()); err != nil { // since the viewer was read
		return err
	}
	f.head = h
	f.feed.mu.Lock()
	defer f.feed.mu.Unlock()
	f.me = h.me(f.viewer.Name, f.chat.now())
	if !f.stale { // else what is known of it is newer
		f.apart = h.Apart
	}
	if !f.feed.warm && !f.gone {
		f.feed.warm, f.feed.seq = true, h.Seq
	}
	f.feed.lastN = max(f.feed.lastN, h.LastN)
	f.readN = max(f.readN, h.ReadN)
	f.chat.hear(f.feed, h.Seq)
	return nil
}

// rows reads what a page may hold, and whether there is more up to the head.
func (f *Following) rows(ctx context.Context) ([]WireMessage, bool, error) {
	var changed []Message
	err := f.chat.queries.changed.Scan(ctx, &changed, f.feed.roomID, f.fromRev, f.fromN, f.head.Seq, f.floor, syncRows+1, pq.Array(f.head.Apart))
	if err != nil {
		return nil, false, fmt.Errorf("reading a page of a sync: %w", err)
	}
	rows, size := []WireMessage{}, 0
	for _, m := range changed {
		row := m.Wire(f.viewer.ID)
		if size += len(encode(row)); len(rows) > 0 && (size > syncBytes || len(rows) == syncRows) {
			return rows, true, nil
		}
		rows = append(rows, row)
		f.fromRev, f.fromN = m.Rev, m.N
	}
	return rows, false, nil
}

func (f *Following) page(rows []WireMessage) wireSync {
	return wireSync{
		T: "sync", Room: f.feed.slug, Up: rows, State: f.head.state().of(f.me, f.head.Apart),
		Seq: f.asked, LastN: f.head.LastN, ReadN: f.head.ReadN,
	}
}

// arrive goes live from the head on, if the feed still remembers all that came after it. Where too
// much came meanwhile the sync goes on to a newer head first.
func (f *Following) arrive(ctx context.Context) (bool, error) {
	if f.goLive() {
		return true, nil
	}
	reached := f.head.Seq
	if err := f.look(ctx); err != nil {
		return false, err
	}
	f.fromRev, f.fromN = reached, math.MaxInt64
	return false, nil
}

func (f *Following) goLive() bool {
	feed := f.feed
	feed.mu.Lock()
	defer feed.mu.Unlock()
	missed := feed.seq - f.head.Seq
	if f.stale || missed > handover || missed > int64(len(feed.ring)) {
		return false
	}
	if f.gone {
		return true // left while it read; there is nobody to push to
	}
	f.live, f.seq = true, f.head.Seq
	if !f.here {
		f.here = true
		f.chat.joined(f)
	}
	for i := max(0, len(feed.ring)-int(max(0, missed))); i < len(feed.ring); i++ {
		f.push(&feed.ring[i])
	}
	return true
}

// standing tells whether the sync has begun and is to go on, and whether there is nobody left to tell.
func (f *Following) standing() (begun, left bool) {
	f.feed.mu.Lock()
	defer f.feed.mu.Unlock()
	return f.begun && !f.stale, f.gone
}

// give pushes an event that is new to this follower; the caller holds the feed's lock.
func (f *Following) give(e *event) {
	if e.seq > f.seq {
		f.push(e)
		f.seq = e.seq
	}
}

func (f *Following) push(e *event) { f.out.Push(e.seenBy(f), false) }

// decode is for hints of other nodes; what cannot be read is dropped.
func decode[T any](data []byte) (T, bool) {
	var value T
	err := json.Unmarshal(data, &value)
	return value, err == nil
}
