package chat

import (
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/lib/pq"
)

const (
	readBeat    = 2 * time.Second // how often read markers are saved; kill -9 may lose so much of them
	readSubject = "chat.read."
)

// readings are read markers on their way to the database, gathered so that reading along costs
// nothing.
type readings struct {
	mu      sync.Mutex
	saving  sync.Mutex // one batch at a time, so that a flush waits for the one in flight
	unsaved map[reading]int64
}

type reading struct{ person, room int64 }

type hintRead struct {
	Node   string `json:"node"`
	Person int64  `json:"person"`
	N      int64  `json:"n"`
}

// Read says that this person has read the room up to n. It never moves back, nor beyond the newest
// message; their other tabs are told.
func (f *Following) Read(n int64) {
	c := f.chat
	f.feed.mu.Lock()
	n = min(n, f.feed.lastN)
	moved := n > f.readN
	f.readN = max(f.readN, n)
	f.feed.mu.Unlock()
	if !moved {
		return
	}
	key := reading{f.viewer.ID, f.feed.roomID}
	c.note(key, n)
	c.toPerson(key, n)
	c.tell(readSubject+strconv.FormatInt(key.room, 10), encode(hintRead{Node: c.node, Person: key.person, N: n}))
}

// note keeps a marker until it is saved.
func (c *Chat) note(key reading, n int64) {
	c.readings.mu.Lock()
	defer c.readings.mu.Unlock()
	c.readings.unsaved[key] = max(n, c.readings.unsaved[key])
}

// heardRead also saves what another node heard: that person's next sync may come here, and sooner.
func (c *Chat) heardRead(subject string, data []byte) {
	roomID, err := roomOf(subject, readSubject)
	hint, ok := decode[hintRead](data)
	if err != nil || !ok || hint.Node == c.node {
		return
	}
	key := reading{hint.Person, roomID}
	c.note(key, hint.N)
	c.toPerson(key, hint.N)
}

// toPerson tells those tabs of one person that do not know it yet how far they have read.
func (c *Chat) toPerson(key reading, n int64) {
	f := c.feeds.find(key.room)
	if f == nil {
		return
	}
	object := NewObject(wireRead{T: "me", K: "read", Room: f.slug, N: n})
	f.mu.Lock()
	defer f.mu.Unlock()
	for follower := range f.followers {
		if follower.live && follower.viewer.ID == key.person && follower.readN < n {
			follower.readN = n
			follower.out.Push(object, false)
		}
	}
}

// saveReadingsOf brings a person's markers into the database before that person's own sync.
func (c *Chat) saveReadingsOf(person int64) {
	c.readings.saving.Lock() // waits for a batch in flight, which may hold them
	c.readings.mu.Lock()
	waiting := false
	for key := range c.readings.unsaved {
		waiting = waiting || key.person == person
	}
	c.readings.mu.Unlock()
	c.readings.saving.Unlock()
	if waiting {
		c.saveReadings()
	}
}

// saveReadings writes what has gathered, in one statement. What cannot be written now is kept.
func (c *Chat) saveReadings() {
	c.readings.saving.Lock()
	defer c.readings.saving.Unlock()
	c.readings.mu.Lock()
	batch := c.readings.unsaved
	c.readings.unsaved = map[reading]int64{}
	c.readings.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	var people, rooms, ns []int64
	for key, n := range batch {
		people, rooms, ns = append(people, key.person), append(rooms, key.room), append(ns, n)
	}
	ctx, cancel := c.brief()
	defer cancel()
	var saved []struct{ PersonID int64 }
	err := c.queries.saveReadings.Scan(ctx, &saved, pq.Array(people), pq.Array(rooms), pq.Array(ns))
	if err == nil {
		return
	}
	slog.Warn("saving read markers", "error", err)
	for key, n := range batch {
		c.note(key, n)
	}
}
