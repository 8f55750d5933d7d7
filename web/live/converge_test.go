package live_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

var (
	convergeFor  = flag.Duration("converge.for", 10*time.Second, "how long the convergence test disturbs the house")
	convergeSeed = flag.Uint64("converge.seed", 0, "the seed of the disturbances; 0 takes one of the clock")
)

// weather is a bus on which hints are dropped, doubled, delayed and reordered, and which is away now
// and then.
type weather struct {
	chat.Bus
	mu     sync.Mutex
	dice   *rand.Rand
	down   bool
	clear  bool // nothing happens to hints, but that the bus may be away
	change []func(bool)
	late   sync.WaitGroup
}

func (w *weather) Publish(subject string, data []byte) error {
	publish := func() { _ = w.Bus.Publish(subject, data) }
	down, fate, delay := w.fate()
	switch {
	case down:
		return errors.New("the bus is away")
	case w.clear:
		publish()
	case fate < 3: // dropped
	case fate < 5:
		publish()
		publish()
	case fate < 8: // late, and so out of order
		w.late.Go(func() { time.Sleep(delay); publish() })
	default:
		publish()
	}
	return nil
}

func (w *weather) fate() (down bool, fate int, delay time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.clear {
		return w.down, 0, 0
	}
	return w.down, w.dice.IntN(10), time.Duration(w.dice.IntN(300)) * time.Millisecond
}

func (w *weather) OnChange(fn func(bool)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.change = append(w.change, fn)
}

func (w *weather) Up() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.down
}

func (w *weather) set(down bool) {
	w.mu.Lock()
	w.down = down
	listeners := w.change
	w.mu.Unlock()
	for _, fn := range listeners {
		fn(!down)
	}
}

// room is what a client holds: rows by n, and the cursor.
type heldRoom struct {
	rows   map[int64]chat.WireMessage
	cursor int64
	synced bool
}

func (r *heldRoom) upsert(m chat.WireMessage) {
	m.CMID = "" // only its author is told
	if held, ok := r.rows[m.N]; !ok || held.Rev <= m.Rev {
		r.rows[m.N] = m
	}
}

// listener is a client that follows rooms for as long as the test lasts, resumes whenever it is cut
// off, and checks that no seq is missed or comes twice.
type listener struct {
	t      *testing.T
	token  string
	nodes  []*node
	mu     sync.Mutex
	rooms  map[string]*heldRoom
	conn   *websocket.Conn
	faults []string
}

func newListener(t *testing.T, token string, nodes []*node, rooms []string) *listener {
	l := &listener{t: t, token: token, nodes: nodes, rooms: map[string]*heldRoom{}}
	for _, room := range rooms {
		l.rooms[room] = &heldRoom{rows: map[int64]chat.WireMessage{}}
	}
	return l
}

// run connects again and again until done, each time to a node that the dice choose.
func (l *listener) run(done <-chan struct{}, seed uint64) {
	dice := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test's dice
	for {
		select {
		case <-done:
			return
		default:
		}
		n := l.nodes[dice.IntN(len(l.nodes))]
		conn, status := n.dial(l.t, n.header(l.token))
		if conn == nil {
			l.fault("refused with %d", status)
			return
		}
		l.resume(conn)
		l.listen(conn)
	}
}

func (l *listener) resume(conn *websocket.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = conn
	hello := `{"t":"hello","v":1,"rooms":{`
	for _, room := range slices.Sorted(maps.Keys(l.rooms)) {
		l.rooms[room].synced = false
		if len(hello) > 30 {
			hello += ","
		}
		hello += fmt.Sprintf("%q:%d", room, l.rooms[room].cursor)
	}
	_ = conn.WriteMessage(websocket.TextMessage, []byte(hello+"}}"))
}

func (l *listener) listen(conn *websocket.Conn) {
	c := &client{TB: l.t, conn: conn, objects: make(chan object, 64), closed: make(chan int, 1)}
	go c.listen()
	for o := range c.objects {
		l.mu.Lock()
		l.take(o)
		l.mu.Unlock()
	}
	_ = conn.Close()
}

func (l *listener) take(o object) {
	room := l.rooms[o.Room]
	switch o.T {
	case "sync":
		for _, m := range o.Up {
			room.upsert(m)
		}
		if o.End {
			if o.Seq < room.cursor {
				l.fault("a sync went back from %d to %d", room.cursor, o.Seq)
			}
			room.cursor, room.synced = o.Seq, true
		}
	case "reset":
		clear(room.rows)
	case "ev":
		if !room.synced || o.Seq != room.cursor+1 {
			l.fault("%s: seq %d after %d (synced %v)", o.Room, o.Seq, room.cursor, room.synced)
		}
		room.cursor = o.Seq
		if o.M != nil {
			room.upsert(*o.M)
		}
	}
}

func (l *listener) fault(format string, args ...any) {
	l.faults = append(l.faults, fmt.Sprintf(format, args...))
}

func (l *listener) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		_ = l.conn.Close()
	}
}

// TestConverges disturbs two nodes by every means at once and then asks that each client holds what
// the database holds.
func TestConverges(t *testing.T) {
	t.Parallel()
	seed := *convergeSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) //nolint:gosec // any number will do
	}
	t.Logf("-converge.seed=%d", seed)
	dice := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a test's dice
	news := newBus(t)
	w := &weather{Bus: news, dice: rand.New(rand.NewPCG(seed, 2))} //nolint:gosec // a test's dice
	t.Cleanup(w.late.Wait)
	h := newHouse(t, 6, news)
	nodes := []*node{h.node(w, false), h.node(w, false)}
	rooms := []string{"lounge", "night-feeds"}
	done := make(chan struct{})
	var listening sync.WaitGroup
	listeners := make([]*listener, 0, len(h.tokens))
	for i, token := range h.tokens {
		l := newListener(t, token, nodes, rooms)
		listeners = append(listeners, l)
		listening.Go(func() { l.run(done, seed+uint64(i)) }) //nolint:gosec // a small index
	}
	disturb(t, h, w, nodes, listeners, rooms, dice)
	w.set(false)
	want := h.truth(t, nodes[0], rooms)
	deadline := time.Now().Add(30 * time.Second)
	for i, l := range listeners {
		if !l.becomes(want, deadline) {
			t.Errorf("listener %d does not hold what the database holds", i)
		}
	}
	close(done)
	for _, l := range listeners {
		l.cut()
	}
	listening.Wait()
	for i, l := range listeners {
		for _, fault := range l.faults {
			t.Errorf("listener %d: %s", i, fault)
		}
	}
}

// disturb sends, edits, removes and restores while sockets are cut and the bus goes away and comes back.
func disturb(t *testing.T, h *house, w *weather, nodes []*node, listeners []*listener, rooms []string, dice *rand.Rand) {
	t.Helper()
	sent := 0
	for end := time.Now().Add(*convergeFor); time.Now().Before(end); {
		switch what := dice.IntN(100); {
		case what < 80:
			h.sayAnything(t, nodes[dice.IntN(2)], h.viewers[dice.IntN(len(h.viewers))], rooms[dice.IntN(2)])
			sent++
		case what < 84:
			h.changeAnything(t, rooms[dice.IntN(2)], dice)
		case what < 88:
			h.moderateAnything(t, nodes[dice.IntN(2)], rooms[dice.IntN(2)], dice)
		case what < 94:
			listeners[dice.IntN(len(listeners))].cut()
		case what < 96:
			w.set(true)
		case what < 98:
			w.set(false)
		default:
			time.Sleep(time.Duration(dice.IntN(100)) * time.Millisecond)
		}
	}
	t.Logf("%d messages were sent", sent)
}

func (h *house) sayAnything(t *testing.T, n *node, viewer accounts.Viewer, room string) {
	t.Helper()
	line := chat.Line{Room: room, CMID: uuid.NewString(), Body: "something"}
	first, err := n.chat.Send(t.Context(), viewer, line)
	if err != nil {
		t.Fatalf("sending: %v", err)
	}
	if first.N%7 == 0 { // a lost ack: the client says it again
		if again, err := n.chat.Send(t.Context(), viewer, line); err != nil || again.N != first.N || !again.Dup {
			t.Fatalf("again: %+v %v", again, err)
		}
	}
}

// changeAnything edits or removes a message, as the tools for that will: one seq, one rev, one
// transaction, and no hint at all.
func (h *house) changeAnything(t *testing.T, room string, dice *rand.Rand) {
	t.Helper()
	column := []string{"edited_at", "deleted_at"}[dice.IntN(2)]
	_, err := h.db.ExecContext(t.Context(), `WITH c AS (
			UPDATE room_counters SET seq = seq + 1 FROM rooms r
			WHERE r.id = room_id AND r.slug = ? AND room_counters.n > 0 RETURNING room_id, seq, room_counters.n)
		UPDATE messages m SET `+column+` = now(), html = '<p>changed</p>', rev = c.seq FROM c
		WHERE m.room_id = c.room_id AND m.n = 1 + ? % c.n`, room, dice.IntN(1000))
	if err != nil {
		t.Fatal(err)
	}
}

// moderateAnything takes a message away or gives it back, as a moderator does: several may do it to one at once.
func (h *house) moderateAnything(t *testing.T, n *node, slug string, dice *rand.Rand) {
	t.Helper()
	maya := accounts.Viewer{ID: 1 << 40, Role: accounts.Moderator}
	room, err := n.chat.Room(t.Context(), maya, slug)
	if err != nil {
		t.Fatal(err)
	}
	o := chat.Order{
		Verb:   []audit.Verb{audit.Hide, audit.Restore}[dice.IntN(2)],
		RoomID: room.ID, N: max(1, room.LastN-dice.Int64N(5)), Reason: audit.Rules,
	}
	err = h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return n.chat.Carry(ctx, tx, maya, o) })
	if err != nil && !fault.Is(err, fault.NotFound) { // the room is empty, or its author took it away
		t.Fatal(err)
	}
}

// truth is what every client must hold in the end.
func (h *house) truth(t *testing.T, node *node, rooms []string) map[string]map[int64]chat.WireMessage {
	t.Helper()
	all := map[string]map[int64]chat.WireMessage{}
	for _, room := range rooms {
		all[room] = map[int64]chat.WireMessage{}
		for before, more := int64(0), true; more; {
			page, err := node.chat.History(t.Context(), h.viewers[0], room, chat.Span{Before: before, Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page.Messages {
				row := m.Wire(0)
				all[room][m.N] = row
			}
			if more = page.More; more {
				before = page.Messages[0].N
			}
		}
	}
	return all
}

// becomes waits until the listener holds the truth from its oldest row to the newest, without a
// hole. One that was told to start afresh has a later oldest row.
func (l *listener) becomes(want map[string]map[int64]chat.WireMessage, deadline time.Time) bool {
	for !l.holds(want) {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return true
}

func (l *listener) holds(want map[string]map[int64]chat.WireMessage) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, rows := range want {
		held := l.rooms[name].rows
		if len(held) == 0 || len(held) < min(len(rows), 50) {
			return false
		}
		oldest := slices.Min(slices.Collect(maps.Keys(held)))
		for n := oldest; n <= int64(len(rows)); n++ { // without a hole up to the newest
			if row, ok := held[n]; !ok || row != rows[n] {
				return false
			}
		}
	}
	return true
}
