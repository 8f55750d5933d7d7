package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
)

// underWay is how many messages a talker sends before it waits for acks.
const underWay = 16

// utterance is something that a talker says until it is acked.
type utterance struct {
	cmid, body string
	sent       int   // how often
	n, seq     int64 // from the ack; 0 until then
}

// talker is a person in the lounge who speaks the protocol as section 7 asks of a client: what was not
// acked is sent again, with its cmid, on the next socket.
type talker struct {
	*house
	cookie string
	acks   *atomic.Int64 // of all talkers

	says  []*utterance
	said  int // from here on, says were not sent on this socket
	acked int

	cursor int64
	synced bool              // the sync has ended; live events follow
	heard  map[int64]message // by seq
	all    int               // how many there will be
	whole  bool              // before this socket, all of them were acked
}

func newTalker(h *house, cookie string, acks *atomic.Int64, count, all int) *talker {
	k := &talker{house: h, cookie: cookie, acks: acks, heard: map[int64]message{}, all: all}
	for i := range count {
		k.says = append(k.says, &utterance{cmid: uuid.NewString(), body: fmt.Sprintf("line %d", i+1)})
	}
	return k
}

// done: everything said was acked, and everything that anybody said was heard.
func (k *talker) done() bool { return k.acked == len(k.says) && len(k.heard) >= k.all }

// talk goes on until done, over as many sockets as it takes.
func (k *talker) talk(late time.Time) {
	for !k.done() && !k.Failed() {
		if err := k.session(); fatal(err) {
			k.Errorf("%v", err)
			return
		}
		if time.Now().After(late) {
			k.Errorf("%d of %d acked, %d of %d heard", k.acked, len(k.says), len(k.heard), k.all)
			return
		}
		<-time.After(20*time.Millisecond + rand.N(80*time.Millisecond))
	}
}

// wrong is what no server may do; every other error means only that the connection is lost.
type wrong struct{ error }

func wrongly(format string, args ...any) error { return wrong{fmt.Errorf(format, args...)} }

func fatal(err error) bool {
	var broken wrong
	var closed *websocket.CloseError
	return errors.As(err, &broken) || errors.As(err, &closed) && closed.Code >= 4400
}

// session is one socket, from hello to its end.
func (k *talker) session() error {
	s, err := k.dial(k.cookie)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	k.synced, k.said, k.whole = false, 0, k.acks.Load() == int64(k.all)
	if err := s.WriteJSON(object{T: "hello", V: 1, Rooms: map[string]int64{"lounge": k.cursor}}); err != nil {
		return err
	}
	for !k.done() {
		o, err := s.next()
		if err == nil {
			err = k.take(o)
		}
		if err == nil && k.synced {
			err = k.speak(s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// speak sends what is not acked yet, in order.
func (k *talker) speak(s *socket) error {
	for ; k.said < len(k.says) && k.waiting() < underWay; k.said++ {
		u := k.says[k.said]
		if u.n != 0 {
			continue
		}
		u.sent++
		if err := s.WriteJSON(object{T: "send", ID: strconv.Itoa(k.said), Room: "lounge", CMID: u.cmid, Body: u.body}); err != nil {
			return err
		}
	}
	return nil
}

// waiting is how many of those sent on this socket have no ack.
func (k *talker) waiting() int {
	count := 0
	for i := k.said - 1; i >= 0 && count < underWay; i-- {
		if k.says[i].n == 0 {
			count++
		}
	}
	return count
}

// take obeys one object of the server.
func (k *talker) take(o object) error {
	switch o.T {
	case "sync":
		return k.sync(o)
	case "reset":
		return k.reset(o)
	case "ev":
		return k.event(o)
	case "ack":
		return k.ack(o)
	case "err":
		if o.Code != "busy" {
			return wrongly("refused with %s", o.Code)
		}
		return errors.New("busy: the next socket sends it again")
	case "welcome", "eph", "me", "p", "bye":
		return nil
	}
	return wrongly("a %q", o.T)
}

// sync takes what changed since the cursor. In a room where people only speak, that is every seq.
func (k *talker) sync(o object) error {
	for _, m := range o.Up {
		k.heard[m.Rev] = m
	}
	if !o.End {
		return nil
	}
	if k.cursor == 0 { // these were the newest only
		if err := k.load(); err != nil {
			return err
		}
	}
	for seq := k.cursor + 1; seq <= o.Seq; seq++ {
		if k.heard[seq].N == 0 {
			return wrongly("a sync from %d to %d leaves out %d", k.cursor, o.Seq, seq)
		}
	}
	if k.whole && o.Seq < int64(k.all) {
		return wrongly("%d messages were acked, and the room is at %d", k.all, o.Seq)
	}
	k.cursor, k.synced = o.Seq, true
	return nil
}

// reset starts afresh.
func (k *talker) reset(o object) error {
	clear(k.heard)
	if err := k.load(); err != nil {
		return err
	}
	k.cursor = o.Seq
	return nil
}

// load takes the history over HTTP.
func (k *talker) load() error {
	history, err := k.history(k.cookie)
	for _, m := range history {
		k.heard[m.Rev] = m
	}
	return err
}

func (k *talker) event(o object) error {
	if !k.synced || o.Seq != k.cursor+1 || o.K != "msg" || o.M == nil || o.M.Rev != o.Seq {
		return wrongly("event %d (%s) follows %d, in sync %v", o.Seq, o.K, k.cursor, k.synced)
	}
	k.cursor, k.heard[o.Seq] = o.Seq, *o.M
	return nil
}

func (k *talker) ack(o object) error {
	i, err := strconv.Atoi(o.ID)
	if err != nil || i >= k.said || k.says[i].cmid != o.CMID || o.N == 0 {
		return wrongly("an ack of nothing that was said: %+v", o)
	}
	u := k.says[i]
	if u.n != 0 {
		return wrongly("message %d is acked again, as %d", u.n, o.N)
	}
	u.n, u.seq = o.N, o.Seq
	k.acked++
	k.acks.Add(1)
	return nil
}

// history reads the whole lounge by pages, as one person sees it.
func (h *house) history(cookie string) ([]message, error) {
	var all []message
	for span := "before=2"; ; span = fmt.Sprintf("after=%d", all[len(all)-1].N) {
		a, err := ask(http.MethodGet, h.base()+"/rooms/lounge/messages?limit=100&"+span, cookie, nil, "Accept", "application/json")
		if err != nil {
			return nil, err
		}
		var page struct {
			Messages []message `json:"messages"`
			LastN    int64     `json:"last_n"`
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.status != http.StatusOK {
			return nil, fmt.Errorf("the history answers %d: %.200s", a.status, a.body)
		}
		if all = append(all, page.Messages...); len(page.Messages) == 0 || all[len(all)-1].N >= page.LastN {
			return all, nil
		}
	}
}
