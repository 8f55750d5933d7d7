package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// The protocol's figures and codes, as web/live/PROTOCOL.md names them.
const (
	subProtocol  = "firstdrops.v1"
	frameObjects = 16  // that a server's frame holds at most
	tooMuch      = 500 // changes up to which a sync must bring each, and a reset is no excuse
	closeSlow    = 4001
)

// object is anything that a server sends.
type object struct {
	T      string `json:"t"`
	Room   string `json:"room"`
	ID     string `json:"id"`
	CMID   string `json:"cmid"`
	Code   string `json:"code"`
	Retry  int64  `json:"retry"` // ms
	Why    string `json:"why"`
	K      string `json:"k"`
	N      int64  `json:"n"`
	Seq    int64  `json:"seq"`
	Held   bool   `json:"held"`
	M      *row   `json:"m"`
	Up     []row  `json:"up"`
	End    bool   `json:"end"`
	From   int64  `json:"from"`
	To     int64  `json:"to"`
	Window int64  `json:"window"` // ms
}

// row is a message as a server sends it.
type row struct {
	N    int64  `json:"n"`
	Rev  int64  `json:"rev"`
	HTML string `json:"html"`
}

// read takes a server's frame apart: 1 to 16 objects, one a line.
func read(frame []byte) ([]object, error) {
	lines := bytes.Split(bytes.TrimSuffix(frame, []byte("\n")), []byte("\n"))
	if len(lines) > frameObjects {
		return nil, fmt.Errorf("%d objects in a frame", len(lines))
	}
	objects := make([]object, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal(line, &objects[i]); err != nil {
			return nil, fmt.Errorf("reading an object: %w", err)
		}
		if objects[i].T == "" {
			return nil, errors.New("an object without t")
		}
	}
	return objects, nil
}

// resumes tells whether a client comes back after this close code.
func resumes(code int) bool { return code != 1008 && (code < 4400 || code > 4999) }

type hello struct {
	T     string           `json:"t"`
	V     int              `json:"v"`
	Rooms map[string]int64 `json:"rooms"`
}

type send struct {
	T    string `json:"t"`
	ID   string `json:"id"`
	Room string `json:"room"`
	CMID string `json:"cmid"`
	Body string `json:"body"`
}

var answerToPing = []byte(`{"t":"q"}`)

func encode(frame any) []byte {
	data, err := json.Marshal(frame)
	if err != nil {
		panic("a frame of our own that JSON cannot say: " + err.Error())
	}
	return data
}
