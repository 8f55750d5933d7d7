package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// object is any object of the chat protocol, in either direction.
type object struct {
	T     string           `json:"t"`
	V     int              `json:"v,omitempty"`
	Rooms map[string]int64 `json:"rooms,omitempty"`
	K     string           `json:"k,omitempty"`
	ID    string           `json:"id,omitempty"`
	Room  string           `json:"room,omitempty"`
	CMID  string           `json:"cmid,omitempty"`
	Body  string           `json:"body,omitempty"`
	Code  string           `json:"code,omitempty"`
	Up    []message        `json:"up,omitempty"`
	M     *message         `json:"m,omitempty"`
	Seq   int64            `json:"seq,omitempty"`
	N     int64            `json:"n,omitempty"`
	End   bool             `json:"end,omitempty"`
}

// message is a row of a room.
type message struct {
	N    int64  `json:"n"`
	Rev  int64  `json:"rev"`
	HTML string `json:"html"`
	CMID string `json:"cmid"`
}

// socket is one connection to the rooms, as any other program would hold it.
type socket struct {
	*testing.T
	*websocket.Conn
	waiting []object // read, but not asked for yet
}

// dial connects with a session; an error says that the server is away.
func (h *house) dial(cookie string) (*socket, error) {
	dialer := websocket.Dialer{HandshakeTimeout: 5 * time.Second, Subprotocols: []string{"firstdrops.v1"}}
	conn, response, err := dialer.Dial("ws"+strings.TrimPrefix(h.base(), "http")+"/ws", http.Header{"Origin": {h.base()}, "Cookie": {cookie}})
	if response != nil {
		_ = response.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	return &socket{T: h.T, Conn: conn}, nil
}

func (h *house) connect(cookie string) *socket {
	h.Helper()
	s, err := h.dial(cookie)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = s.Close() })
	return s
}

// next is the next object; the error of a closed socket is a *websocket.CloseError.
func (s *socket) next() (object, error) {
	for len(s.waiting) == 0 {
		_ = s.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, frame, err := s.ReadMessage()
		if err != nil {
			return object{}, err
		}
		for line := range bytes.Lines(frame) {
			var o object
			if err := json.Unmarshal(line, &o); err != nil {
				return object{}, fmt.Errorf("reading %.100s: %w", line, err)
			}
			s.waiting = append(s.waiting, o)
		}
	}
	o := s.waiting[0]
	s.waiting = s.waiting[1:]
	return o, nil
}

func (s *socket) write(o object) {
	s.Helper()
	if err := s.WriteJSON(o); err != nil {
		s.Fatal(err)
	}
}

// until waits for an object of this kind, past others.
func (s *socket) until(kind string) object {
	s.Helper()
	for {
		o, err := s.next()
		if err != nil {
			s.Fatalf("waiting for %s: %v", kind, err)
		}
		if o.T == kind {
			return o
		}
	}
}

// closeCode waits for the end.
func (s *socket) closeCode() int {
	s.Helper()
	for {
		_, err := s.next()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code
		}
		if err != nil {
			s.Fatalf("waiting for the end of the socket: %v", err)
		}
	}
}
