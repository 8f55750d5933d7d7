package live

import (
	"context"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/platform/fault"
)

// socket is one connection: a reader that obeys frames, a writer that owns the connection's sending
// side, and between them a short queue of objects.
type socket struct {
	live   *Live
	conn   *websocket.Conn
	viewer accounts.Viewer
	id     string

	mu      sync.Mutex
	queue   []*chat.Object  // grows when there is something to hold
	few     [2]*chat.Object // where it starts, so that most of the time it need not grow
	size    int             // bytes in it
	closing int             // the close code; 0 while open
	syncs   []*chat.Following
	wake    chan struct{}
	unread  int  // notices that wait, as far as is known here
	bell    bool // the person was welcomed, and is told of more

	// The reader's own.
	greeted bool
	faults  int
	rooms   map[string]*chat.Following
}

// Push queues one object. It never waits: a socket that cannot keep up is closed and resumes from
// its cursor, so that a slow reader hurts nobody.
func (s *socket) Push(object *chat.Object, losable bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.push(object, losable)
}

// push is Push for those who hold the lock.
func (s *socket) push(object *chat.Object, losable bool) {
	if s.closing != 0 {
		return
	}
	if losable && (2*len(s.queue) >= queueObjects || 2*s.size >= queueBytes) {
		return
	}
	if len(s.queue) >= queueObjects || s.size+len(object.Line) > queueBytes {
		s.close(closeSlow)
		return
	}
	s.queue = append(s.queue, object)
	s.size += len(object.Line)
	s.signal()
}

func (s *socket) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// end closes the socket with a code of CHAT-PROTOCOL section 6; the first code counts.
func (s *socket) end(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.close(code)
}

// close is end for those who hold the lock. What waits for a slow reader is dropped: it resumes.
func (s *socket) close(code int) {
	if s.closing != 0 {
		return
	}
	s.closing = code
	if code == closeSlow {
		s.queue, s.size = nil, 0
	}
	s.signal()
}

// ring tells how many notices wait; before the welcome it is only noted.
func (s *socket) ring(count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unread = count
	if s.bell {
		s.push(chat.NewObject(wireBell{T: "me", K: "bell", Count: count}), false)
	}
}

// listen begins to tell, with what is known by now.
func (s *socket) listen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bell = true
	s.push(chat.NewObject(wireBell{T: "me", K: "bell", Count: s.unread}), false)
}

// Sync puts a following in line to be written.
func (s *socket) Sync(f *chat.Following) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.syncs = append(s.syncs, f)
	s.signal()
}

// unsync takes it out again; it may be in the middle.
func (s *socket) unsync(f *chat.Following) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, waiting := range s.syncs {
		if waiting == f {
			s.syncs = append(s.syncs[:i:i], s.syncs[i+1:]...)
			return
		}
	}
}

// take gets the next frame's worth of queued objects, the sync that is next in line, and the close
// code once there is nothing left to say.
func (s *socket) take(frame *[frameObjects]*chat.Object) (count int, next *chat.Following, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count = copy(frame[:], s.queue)
	for _, object := range frame[:count] {
		s.size -= len(object.Line)
	}
	if s.queue = s.queue[count:]; len(s.queue) == 0 {
		clear(s.few[:]) // an idle socket holds no memory
		s.queue, code = s.few[:0], s.closing
	}
	if len(s.syncs) > 0 && s.closing == 0 {
		next = s.syncs[0]
	}
	return count, next, code
}

// write sends what is queued, a page of a sync at a time in between, and a ping now and then, until
// the socket ends.
func (s *socket) write() {
	ping := time.NewTimer(pingPause())
	defer ping.Stop()
	var objects [frameObjects]*chat.Object
	var retry <-chan time.Time
	for {
		count, next, code := s.take(&objects)
		if s.send(objects[:count]) != nil {
			return
		}
		clear(objects[:])
		switch {
		case code != 0:
			s.goodbye(code)
			return
		case count == frameObjects:
			continue // what is live goes first: a page has to be read
		case next != nil && retry == nil:
			ok, err := s.sendPage(next)
			if err != nil {
				return
			}
			if !ok {
				retry = time.After(syncRetry)
			}
			continue
		}
		select {
		case <-s.wake:
		case <-retry:
			retry = nil
		case <-ping.C:
			ping.Reset(pingPause())
			s.Push(chat.NewObject(wirePing{T: "p", Now: s.live.Now().UnixMilli()}), false)
		}
	}
}

// sendPage writes the next page of a sync, made now that the one before is written. false means that
// the database is away, and that it should be tried again.
func (s *socket) sendPage(f *chat.Following) (bool, error) {
	ctx, cancel := context.WithTimeout(s.live.ctx, queryTime)
	defer cancel()
	page, last, err := f.Next(ctx)
	switch {
	case fault.Is(err, fault.NotFound): // the room went while it was read
		s.unsync(f)
		s.Push(chat.NewObject(wireGone{T: "gone", Room: f.Room(), Why: "not_found"}), false)
		return true, nil
	case fault.Is(err, fault.Forbidden): // suspended, since the socket was opened
		s.end(closeSuspended)
		return true, nil
	case err != nil:
		return false, nil
	}
	if last {
		s.unsync(f)
	}
	if page == nil { // the room was left meanwhile
		return true, nil
	}
	return true, s.send([]*chat.Object{page})
}

// send writes one frame. A single object, which most are, is framed once for all its receivers.
func (s *socket) send(objects []*chat.Object) error {
	if len(objects) == 0 {
		return nil
	}
	_ = s.conn.SetWriteDeadline(time.Now().Add(writeTime))
	var err error
	if len(objects) == 1 {
		err = s.conn.WritePreparedMessage(objects[0].Framed(prepared).(*websocket.PreparedMessage))
	} else {
		err = s.conn.WriteMessage(websocket.TextMessage, joined(objects))
	}
	if err != nil {
		_ = s.conn.Close() // ends the reader too
	}
	return err
}

func joined(objects []*chat.Object) []byte {
	var frame []byte
	for _, object := range objects {
		frame = append(append(frame, object.Line...), '\n')
	}
	return frame
}

func prepared(line []byte) any {
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, append(line[:len(line):len(line)], '\n'))
	if err != nil {
		panic("a text frame that cannot be made: " + err.Error()) // it has no options to be wrong
	}
	return message
}

// goodbye says why and lets the reader wait a moment for the other side's own goodbye, so that the
// code is not lost in a reset.
func (s *socket) goodbye(code int) {
	deadline := time.Now().Add(goodbyeTime)
	_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), deadline)
	_ = s.conn.SetReadDeadline(deadline)
}
