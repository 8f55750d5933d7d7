package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"firstdrops/server/chat"
	"firstdrops/server/platform/fault"
)

// frame is any object that a client sends.
type frame struct {
	T     string           `json:"t"`
	V     int              `json:"v"`
	Rooms map[string]int64 `json:"rooms"`
	ID    string           `json:"id"`
	Room  string           `json:"room"`
	Seq   int64            `json:"seq"`
	CMID  string           `json:"cmid"`
	Body  string           `json:"body"`
	Re    int64            `json:"re"`
	N     int64            `json:"n"`
}

// read obeys frames until the connection ends.
func (s *socket) read() {
	s.conn.SetReadLimit(maxFrame)
	answer := s.conn.PingHandler()
	s.conn.SetPingHandler(func(data string) error { return errors.Join(s.alive(), answer(data)) })
	s.conn.SetPongHandler(func(string) error { return s.alive() })
	_ = s.conn.SetReadDeadline(time.Now().Add(helloTime))
	for {
		kind, data, err := s.conn.ReadMessage()
		if err != nil {
			s.readFailed(err)
			return
		}
		switch {
		case s.ending():
			continue // until the other side has said goodbye too
		case kind != websocket.TextMessage:
			s.end(websocket.CloseUnsupportedData)
			continue
		}
		if s.alive() != nil {
			return
		}
		s.obey(data)
	}
}

// alive gives the other side another 40 s, unless we are saying goodbye.
func (s *socket) alive() error {
	if s.ending() || !s.greeted {
		return nil
	}
	return s.conn.SetReadDeadline(time.Now().Add(silence))
}

func (s *socket) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing != 0
}

// readFailed tells a silence from an end. After a failed read nothing more can be read, so the
// writer says its goodbye and the connection closes.
func (s *socket) readFailed(err error) {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() && !s.ending() {
		if s.greeted {
			s.end(closeSilent)
		} else {
			s.end(websocket.ClosePolicyViolation)
		}
		return
	}
	if errors.Is(err, websocket.ErrReadLimit) {
		s.end(websocket.CloseMessageTooBig)
		return
	}
	s.end(websocket.CloseGoingAway)
}

func (s *socket) obey(data []byte) {
	f, ok := parse(data)
	if !ok {
		switch {
		case s.greeted:
			s.misread(idOf(data))
		case newer(data):
			s.end(closeTooOld)
		default:
			s.end(websocket.ClosePolicyViolation)
		}
		return
	}
	if !s.greeted {
		s.hello(f)
		return
	}
	switch f.T {
	case "sub":
		s.sub(f)
	case "unsub":
		s.unfollow(f.Room)
		s.Push(chat.NewObject(wireGone{T: "gone", Room: f.Room, Why: "left"}), false)
	case "send":
		s.say(f)
	case "typing":
		if following := s.rooms[f.Room]; following != nil {
			following.Typing()
		}
	case "read":
		if following := s.rooms[f.Room]; following != nil {
			following.Read(f.N)
		}
	case "q": // an answer to a ping; that it came is all
	default:
		s.misread(f.ID)
	}
}

// parse reads exactly one object; false where there is none.
func parse(data []byte) (f frame, ok bool) {
	if !utf8.Valid(data) || json.Unmarshal(data, &f) != nil || !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return frame{}, false
	}
	return f, true
}

// newer reports whether this is the hello of another version, whose shape we need not know.
func newer(data []byte) bool {
	var f struct {
		T string          `json:"t"`
		V json.RawMessage `json:"v"`
	}
	return json.Unmarshal(data, &f) == nil && f.T == "hello" && len(f.V) > 0 && string(f.V) != "1"
}

// idOf reads the id of a frame that is otherwise not what it should be.
func idOf(data []byte) string {
	var f struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(data, &f) // unreadable: no id
	return f.ID
}

// misread answers a frame that cannot be obeyed; the sixth ends the socket.
func (s *socket) misread(id string) {
	s.faults++
	if s.faults >= faultsAllowed {
		s.end(websocket.ClosePolicyViolation)
		return
	}
	s.refuse(id, "", fault.New(fault.Invalid, "This could not be understood.").Coded("bad_frame"))
}

// hello is the first frame: the rooms to follow, each with the seq that the client holds.
func (s *socket) hello(f frame) {
	if f.T != "hello" {
		s.end(websocket.ClosePolicyViolation)
		return
	}
	if f.V != version {
		s.end(closeTooOld)
		return
	}
	s.greeted = true
	_ = s.alive()
	s.Push(chat.NewObject(wireWelcome{
		T: "welcome", V: version, Conn: s.id, Me: s.viewer.Handle, Now: s.live.Now().UnixMilli(), Ping: int(pingEvery.Seconds()),
	}), false)
	s.listen()
	for _, room := range slices.Sorted(maps.Keys(f.Rooms)) {
		s.follow("", room, f.Rooms[room])
	}
}

func (s *socket) sub(f frame) {
	if wait := s.live.subs.Wait(s.viewer.Handle); wait > 0 {
		s.refuse(f.ID, f.Room, fault.SlowDown(wait))
		return
	}
	s.follow(f.ID, f.Room, f.Seq)
}

// follow begins to follow a room; again means a fresh sync.
func (s *socket) follow(id, room string, cursor int64) {
	switch {
	case cursor < 0:
		s.misread(id)
		return
	case s.rooms[room] == nil && len(s.rooms) >= roomsAllowed && s.live.Limited:
		s.refuse(id, room, fault.New(fault.TooMany, "One connection follows 30 rooms at most.").Coded("limit"))
		return
	}
	s.unfollow(room)
	ctx, cancel := context.WithTimeout(s.live.ctx, queryTime)
	defer cancel()
	following, err := s.live.chat.Follow(ctx, s.viewer, room, cursor, s)
	if fault.Is(err, fault.NotFound) {
		s.Push(chat.NewObject(wireGone{T: "gone", Room: room, Why: "not_found"}), false)
		if id != "" {
			s.refuse(id, room, fault.Missing().Coded("not_found"))
		}
		return
	}
	if err != nil {
		s.end(closeResync) // the database is away: the client comes back with its cursors
		return
	}
	s.rooms[room] = following
	s.Sync(following)
}

func (s *socket) unfollow(room string) {
	if following := s.rooms[room]; following != nil {
		s.unsync(following)
		following.Leave()
		delete(s.rooms, room)
	}
}

// say submits a message. The ack comes when it is committed, in the order of sending.
func (s *socket) say(f frame) {
	if f.ID == "" {
		f.ID = f.CMID
	}
	line := chat.Line{Room: f.Room, CMID: f.CMID, Body: f.Body, Re: f.Re}
	s.live.chat.Submit(s.viewer, line, func(ack chat.Ack, err error) {
		if ack.Crisis {
			s.Push(chat.NewObject(wireCare{T: "me", K: "care", Room: f.Room}), false)
		}
		if err != nil {
			s.refuse(f.ID, f.Room, err)
			return
		}
		s.Push(chat.NewObject(wireAck{
			T: "ack", ID: f.ID, Room: f.Room, CMID: f.CMID, N: ack.N, Seq: ack.Seq, At: ack.At.UnixMilli(), Dup: ack.Dup,
		}), false)
	})
}

// refuse says no, in the protocol's codes.
func (s *socket) refuse(id, room string, err error) {
	refusal := wireErr{T: "err", ID: id, Room: room, Code: "busy", Msg: "Please try again in a moment."}
	var f *fault.Error
	if errors.As(err, &f) {
		refusal.Msg, refusal.Retry = f.Message, f.Retry.Milliseconds()
		if f.Code != "" {
			refusal.Code = f.Code
		}
	}
	s.Push(chat.NewObject(refusal), false)
}
