package chat

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"

	"firstdrops/server/accounts"
)

// The objects that the server sends, as CHAT-PROTOCOL names them. web/live sends the rest, which
// belongs to the connection: welcome, ack, err, ping, bye.

// WireMessage is <message> of the protocol. A removed one has n, rev and del, and nothing else.
type WireMessage struct {
	N       int64          `json:"n"`
	Rev     int64          `json:"rev"`
	Author  string         `json:"author,omitempty"`
	Label   accounts.Label `json:"label,omitempty"`
	At      int64          `json:"at,omitempty"` // unix ms
	HTML    string         `json:"html,omitempty"`
	Re      int64          `json:"re,omitempty"`
	Edited  bool           `json:"edited,omitempty"`
	Deleted bool           `json:"del,omitempty"`
	CMID    string         `json:"cmid,omitempty"` // only to its author
}

// Wire is the message as this viewer receives it.
func (m Message) Wire(viewerID int64) WireMessage {
	if m.Deleted {
		return WireMessage{N: m.N, Rev: m.Rev, Deleted: true}
	}
	w := WireMessage{
		N: m.N, Rev: m.Rev, Author: m.Author, Label: m.Label, At: m.At.UnixMilli(), HTML: m.HTML,
		Re: m.Re, Edited: m.Edited,
	}
	if m.AuthorID == viewerID {
		w.CMID = m.CMID
	}
	return w
}

// State is <state> of the protocol: the room's mode, and who I am in it.
type State struct {
	Mode   string                    `json:"mode"`
	Topic  string                    `json:"topic"`
	Labels map[string]accounts.Label `json:"labels"`
	Me     Me                        `json:"me"`

	wearers []wearer // whose labels they are
}

// wearer is somebody with a label above peer.
type wearer struct {
	ID    int64          `json:"id"`
	Name  string         `json:"name"`
	Label accounts.Label `json:"label"`
}

// Me is the viewer's own part of a state.
type Me struct {
	Name       string `json:"name"`
	MutedUntil int64  `json:"muted_until,omitempty"` // unix ms
	Mod        bool   `json:"mod,omitempty"`
}

// of is the state as somebody sees it who is apart from these people.
func (s State) of(me Me, apart []int64) *State {
	s.Me = me
	if len(apart) > 0 {
		s.Labels = labelsOf(s.wearers, apart)
	}
	return &s
}

func labelsOf(wearers []wearer, apart []int64) map[string]accounts.Label {
	labels := map[string]accounts.Label{}
	for _, w := range wearers {
		if !slices.Contains(apart, w.ID) {
			labels[w.Name] = w.Label
		}
	}
	return labels
}

type wireSync struct {
	T     string        `json:"t"`
	Room  string        `json:"room"`
	Up    []WireMessage `json:"up"`
	State *State        `json:"state"`
	Seq   int64         `json:"seq"`
	LastN int64         `json:"last_n"`
	ReadN int64         `json:"read_n"`
	End   bool          `json:"end,omitempty"`
}

type wireReset struct {
	T    string `json:"t"`
	Room string `json:"room"`
	Seq  int64  `json:"seq"`
}

type wireEvent struct {
	T     string       `json:"t"`
	Room  string       `json:"room"`
	Seq   int64        `json:"seq"`
	K     string       `json:"k"`
	M     *WireMessage `json:"m,omitempty"`
	State *State       `json:"state,omitempty"`
	From  int64        `json:"from,omitempty"`
	To    int64        `json:"to,omitempty"`
}

// wireNil is a change that has no place of its own any more: a later event brings it.
type wireNil struct {
	T     string `json:"t"`
	Room  string `json:"room"`
	Seq   int64  `json:"seq"`
	K     string `json:"k"`
	LastN int64  `json:"last_n"`
}

type wirePresence struct {
	T     string   `json:"t"`
	Room  string   `json:"room"`
	K     string   `json:"k"`
	Count int      `json:"count"`
	Who   []string `json:"who,omitempty"`
}

type wireTyping struct {
	T    string   `json:"t"`
	Room string   `json:"room"`
	K    string   `json:"k"`
	Who  []string `json:"who"`
}

type wireRead struct {
	T    string `json:"t"`
	K    string `json:"k"`
	Room string `json:"room"`
	N    int64  `json:"n"`
}

// Object is one line of a frame. All who receive it share it, and what their transport makes of it.
type Object struct {
	Line   []byte
	once   sync.Once
	framed any
}

// NewObject encodes any of the wire's objects.
func NewObject(wire any) *Object { return &Object{Line: encode(wire)} }

// Framed is what frame makes of the line, made once for all receivers.
func (o *Object) Framed(frame func(line []byte) any) any {
	o.once.Do(func() { o.framed = frame(o.Line) })
	return o.framed
}

// encode leaves HTML readable: it is not put into a page unescaped here.
func encode(object any) []byte {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		panic("an object of our own that JSON cannot say: " + err.Error())
	}
	return bytes.TrimSuffix(line.Bytes(), []byte("\n"))
}
