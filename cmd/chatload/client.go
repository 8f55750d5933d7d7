package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"golang.org/x/sync/semaphore"
)

const (
	outboxSize  = 64               // frames that wait for a socket; more are resent later
	resendAfter = 10 * time.Second // without an answer
	resendLook  = time.Second      // how often a client looks for what to resend
	firstWait   = 500 * time.Millisecond
	longestWait = 30 * time.Second
	silence     = 70 * time.Second // two pings and more: the server is gone without a word
	writeTime   = 10 * time.Second
	goodbyeTime = time.Second
)

// dialer goes straight to the node, past any proxy of the environment.
var dialer = websocket.Dialer{
	Subprotocols:     []string{subProtocol},
	HandshakeTimeout: 10 * time.Second,
	ReadBufferSize:   2048,
	WriteBufferSize:  1024,
	WriteBufferPool:  &sync.Pool{},
}

// client is one tab of one person: it follows rooms, keeps its cursors over its sockets, and resends
// what was not answered.
type client struct {
	node   node
	cookie string
	rooms  []string
	ledger *ledger
	tally  *tally
	doors  *semaphore.Weighted // handshakes at a time, over all clients
	resend time.Duration

	mu      sync.Mutex
	logs    map[string]*roomLog
	waiting []*unanswered
	outbox  chan []byte // of the socket; nil while there is none
	fault   error       // why the site sent it away for good
}

// unanswered is a message on its way.
type unanswered struct {
	cmid  string
	frame []byte
	again time.Time // when it is resent
}

// ending is how a socket came to its end.
type ending struct {
	final   error         // not nil: the client must not come back
	greeted bool          // there was a welcome
	window  time.Duration // a restarting server's wish: come back at any moment within it
	pause   time.Duration // at least so long, by Retry-After
}

func newClient(p plan, i int, l *ledger, t *tally, doors *semaphore.Weighted) *client {
	c := &client{
		node: p.nodes[i%len(p.nodes)], cookie: p.cookies[i%len(p.cookies)], rooms: p.rooms,
		ledger: l, tally: t, doors: doors, resend: resendAfter, logs: map[string]*roomLog{},
	}
	for _, room := range p.rooms {
		c.logs[room] = &roomLog{tally: t, heard: l.heard}
	}
	return c
}

// run keeps the client connected until ctx is over or the site sends it away for good.
func (c *client) run(ctx context.Context) {
	for failures := 0; ; {
		end := c.socket(ctx)
		if ctx.Err() != nil {
			return
		}
		if end.final != nil {
			c.leave(end.final)
			return
		}
		c.tally.reconnects.Add(1)
		if end.greeted {
			failures = 0
		}
		wait := end.pause + jitter(min(longestWait, firstWait<<min(failures, 10)))
		if end.window > 0 {
			wait = jitter(end.window)
		}
		failures++
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func jitter(most time.Duration) time.Duration { return rand.N(most + 1) } //nolint:gosec // not a secret

// leave ends what the client is owed at its cursors.
func (c *client) leave(why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault, c.waiting = why, nil
	for _, log := range c.logs {
		log.left = true
	}
}

// socket connects, says hello and obeys until the connection ends.
func (c *client) socket(ctx context.Context) ending {
	conn, end, err := c.dial(ctx)
	if err != nil {
		return end
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() {
		now := time.Now()
		_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), now.Add(goodbyeTime))
		_ = conn.SetReadDeadline(now.Add(goodbyeTime))
	})()
	outbox := c.open()
	done := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() { c.write(conn, outbox, done) })
	end = c.read(ctx, conn)
	c.shut()
	close(done)
	writing.Wait()
	return end
}

// dial shakes hands. A refusal is counted by its status.
func (c *client) dial(ctx context.Context) (*websocket.Conn, ending, error) {
	if err := c.doors.Acquire(ctx, 1); err != nil {
		return nil, ending{}, err
	}
	defer c.doors.Release(1)
	header := http.Header{"Origin": {c.node.origin}, "Cookie": {c.cookie}}
	conn, answer, err := dialer.DialContext(ctx, c.node.socket, header)
	if err == nil {
		return conn, ending{}, nil
	}
	if answer == nil {
		return nil, ending{}, err
	}
	_ = answer.Body.Close()
	c.tally.refuse(fmt.Sprintf("http %d", answer.StatusCode))
	end := ending{}
	switch answer.StatusCode {
	case http.StatusForbidden:
		end.final = fmt.Errorf("the site refused the origin %s (403): --origin must be its base URL", c.node.origin)
	case http.StatusUnauthorized:
		end.final = errors.New("the site did not know the cookie (401)")
	case http.StatusServiceUnavailable:
		if pause, err := time.ParseDuration(answer.Header.Get("Retry-After") + "s"); err == nil {
			end.pause = min(max(0, pause), longestWait)
		}
	case http.StatusBadRequest, http.StatusNotFound:
		end.final = fmt.Errorf("the site refused the socket (%d)", answer.StatusCode)
	}
	return nil, end, err
}

// open makes the new socket's outbox, with hello as its first frame.
func (c *client) open() <-chan []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	cursors := map[string]int64{}
	for room, log := range c.logs {
		if !log.left {
			cursors[room] = log.cursor
		}
	}
	c.outbox = make(chan []byte, outboxSize)
	c.put(encode(hello{T: "hello", V: 1, Rooms: cursors}))
	return c.outbox
}

func (c *client) shut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outbox = nil
	for _, log := range c.logs {
		log.cut()
	}
}

// put hands a frame to the socket, if there is one and it takes it; the caller holds the lock.
func (c *client) put(frame []byte) bool {
	select {
	case c.outbox <- frame:
		return true
	default: // also without a socket: the channel is nil then
		return false
	}
}

func (c *client) write(conn *websocket.Conn, outbox <-chan []byte, done <-chan struct{}) {
	look := time.NewTicker(min(resendLook, c.resend))
	defer look.Stop()
	for {
		select {
		case <-done:
			return
		case now := <-look.C:
			c.sayAgain(now)
		case frame := <-outbox:
			_ = conn.SetWriteDeadline(time.Now().Add(writeTime))
			if conn.WriteMessage(websocket.TextMessage, frame) != nil {
				_ = conn.Close() // ends the reader too
				return
			}
		}
	}
}

// sayAgain resends what should have been answered by now.
func (c *client) sayAgain(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, u := range c.waiting {
		if !now.Before(u.again) && c.put(u.frame) {
			u.again = now.Add(c.resend)
		}
	}
}

// say sends a new message, now or on the next socket.
func (c *client) say(room string) {
	m := &message{cmid: uuid.NewString(), room: room, at: time.Now()}
	u := &unanswered{
		cmid:  m.cmid,
		frame: encode(send{T: "send", ID: m.cmid, Room: room, CMID: m.cmid, Body: bodyOf(m.cmid)}),
		again: m.at.Add(c.resend),
	}
	c.ledger.said(m)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, u)
	c.put(u.frame)
}

// read obeys the server until the connection ends.
func (c *client) read(ctx context.Context, conn *websocket.Conn) ending {
	var end ending
	for {
		if ctx.Err() == nil {
			_ = conn.SetReadDeadline(time.Now().Add(silence))
		}
		kind, frame, err := conn.ReadMessage()
		if err != nil {
			end.final = c.closed(err)
			return end
		}
		objects, err := read(frame)
		if err != nil || kind != websocket.TextMessage {
			c.tally.unreadable.Add(1)
			continue
		}
		c.mu.Lock()
		for _, o := range objects {
			c.obey(o, &end)
		}
		c.mu.Unlock()
	}
}

// closed is not nil where the site forbids to come back.
func (c *client) closed(err error) error {
	var goodbye *websocket.CloseError
	if !errors.As(err, &goodbye) {
		return nil
	}
	if goodbye.Code == closeSlow {
		c.tally.slow.Add(1)
	}
	if !resumes(goodbye.Code) {
		return fmt.Errorf("the site closed the socket for good (%d)", goodbye.Code)
	}
	return nil
}

// obey takes one object; the caller holds the lock. An unknown t is ignored, as the protocol asks.
func (c *client) obey(o object, end *ending) {
	switch o.T {
	case "welcome":
		end.greeted = true
		for _, u := range c.waiting {
			c.put(u.frame)
		}
	case "p":
		c.put(answerToPing)
	case "bye":
		end.window = min(time.Duration(o.Window)*time.Millisecond, longestWait)
	case "ack":
		c.answered(o.CMID)
		if o.Held {
			c.tally.refuse("held")
			return
		}
		c.ledger.acked(o)
	case "err":
		c.refused(o)
	default:
		c.follow(o)
	}
}

// follow takes an object that belongs to a room's order.
func (c *client) follow(o object) {
	log := c.logs[o.Room]
	if log == nil {
		return
	}
	switch o.T {
	case "sync":
		log.sync(o)
	case "ev":
		log.event(o)
	case "reset":
		log.reset(o)
	case "gone":
		c.tally.refuse("gone " + o.Why)
		log.left = true
	}
}

func (c *client) answered(cmid string) {
	c.waiting = slices.DeleteFunc(c.waiting, func(u *unanswered) bool { return u.cmid == cmid })
}

// refused counts a refusal. Those that ask for patience are obeyed, and the message is kept.
func (c *client) refused(o object) {
	c.tally.refuse(o.Code)
	switch o.Code {
	case "rate", "slow_mode", "busy":
		for _, u := range c.waiting {
			if u.cmid == o.ID {
				u.again = time.Now().Add(time.Duration(o.Retry) * time.Millisecond)
			}
		}
	default:
		c.answered(o.ID)
	}
}

// state is what the conductor asks of a client.
type state struct {
	following bool  // in all rooms, at least once
	waiting   int   // messages without an answer
	fault     error // why it was sent away
}

func (c *client) state() state {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := state{following: true, waiting: len(c.waiting), fault: c.fault}
	for _, log := range c.logs {
		s.following = s.following && log.followed
	}
	return s
}

// lost counts what the client should have and does not, in all its rooms.
func (c *client) lost(acked map[string][]numbers) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lost int64
	for room, log := range c.logs {
		lost += log.lost(acked[room])
	}
	return lost
}
