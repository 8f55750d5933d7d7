package chat

import (
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"time"
)

// The times and sizes of presence and typing, from CHAT-PROTOCOL sections 4 and 5.7. None of it
// touches Postgres.
const (
	presenceBeat     = 2 * time.Second  // the most often that a room tells who is there
	presenceSnapshot = 30 * time.Second // a node says it again, for nodes that came later
	presenceGone     = 75 * time.Second // a node that was not heard for so long has left
	presenceFade     = 15 * time.Second // somebody who left is still shown, in case they come back
	namesShown       = 40               // over it, only the count
	typingPause      = 3 * time.Second  // one notice of typing a person and room
	typingShown      = 6 * time.Second

	presentSubject = "chat.present."
	typingSubject  = "chat.typing."
)

// Presence is who is in a room now, on all nodes: the names where they are few.
type Presence struct {
	Count int
	Names []string
}

// presence is what this node knows, in memory only.
type presence struct {
	mu    sync.Mutex
	rooms map[int64]*gathering
}

// gathering is one room: the people on this node, and what other nodes said of theirs.
type gathering struct {
	slug   string
	here   map[string]*attendance // by name
	others map[string]report      // by node
	typing map[string]time.Time   // by name
	said   time.Time              // when this node last told the others
	told   string                 // what the followers were last told
	stale  bool                   // somebody came or went since
}

type attendance struct {
	sockets int
	left    time.Time
}

type report struct {
	names []string
	at    time.Time
}

// hintPresent is what nodes tell each other.
type hintPresent struct {
	Node  string   `json:"node"`
	Slug  string   `json:"slug"`
	Names []string `json:"names"`
}

type hintTyping struct {
	Node string `json:"node"`
	Name string `json:"name"`
}

func (p *presence) room(id int64, slug string) *gathering {
	g, ok := p.rooms[id]
	if !ok {
		g = &gathering{slug: slug, here: map[string]*attendance{}, others: map[string]report{}, typing: map[string]time.Time{}}
		p.rooms[id] = g
	}
	return g
}

// Present tells who is in a room now.
func (c *Chat) Present(slug string) Presence {
	c.present.mu.Lock()
	defer c.present.mu.Unlock()
	for _, g := range c.present.rooms {
		if g.slug == slug {
			return g.count(c.now())
		}
	}
	return Presence{}
}

// names are the people on this node who are here or left a moment ago.
func (g *gathering) names(now time.Time) []string {
	names := make([]string, 0, len(g.here))
	for name, a := range g.here {
		if a.sockets == 0 && now.Sub(a.left) >= presenceFade {
			delete(g.here, name)
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (g *gathering) count(now time.Time) Presence {
	names := g.names(now)
	for node, r := range g.others {
		if now.Sub(r.at) >= presenceGone {
			delete(g.others, node)
			continue
		}
		names = append(names, r.names...)
	}
	slices.Sort(names)
	names = slices.Compact(names) // one person on two nodes
	if len(names) > namesShown {
		return Presence{Count: len(names)}
	}
	return Presence{Count: len(names), Names: names}
}

// joined counts a follower that went live; the next beat tells it who is there. The caller holds the
// feed's lock, so that it comes before left.
func (c *Chat) joined(f *Following) {
	c.present.mu.Lock()
	defer c.present.mu.Unlock()
	g := c.present.room(f.feed.roomID, f.feed.slug)
	a, ok := g.here[f.viewer.Name]
	if !ok {
		a = &attendance{}
		g.here[f.viewer.Name] = a
	}
	a.sockets++
	g.stale, g.told = true, ""
}

func (c *Chat) left(f *Following) {
	c.present.mu.Lock()
	defer c.present.mu.Unlock()
	g := c.present.room(f.feed.roomID, f.feed.slug)
	if a, ok := g.here[f.viewer.Name]; ok && a.sockets > 0 {
		a.sockets--
		a.left = c.now()
	}
	g.stale = true
}

func (p Presence) wire(slug string) *Object {
	return NewObject(wirePresence{T: "eph", Room: slug, K: "pres", Count: p.Count, Who: p.Names})
}

// beatPresence tells the other nodes and our own followers what changed.
func (c *Chat) beatPresence() {
	type news struct {
		room   int64
		object *Object
		hint   []byte
	}
	var all []news
	now := c.now()
	c.present.mu.Lock()
	for id, g := range c.present.rooms {
		n := news{room: id}
		names := g.names(now)
		if g.stale || (len(names) > 0 && now.Sub(g.said) >= presenceSnapshot) {
			g.stale, g.said = c.fading(g), now
			n.hint = encode(hintPresent{Node: c.node, Slug: g.slug, Names: names})
		}
		if object := g.count(now).wire(g.slug); string(object.Line) != g.told {
			g.told, n.object = string(object.Line), object
		}
		if len(g.here) == 0 && len(g.others) == 0 && !g.stale && n.object == nil {
			delete(c.present.rooms, id)
		}
		all = append(all, n)
	}
	c.present.mu.Unlock()
	for _, n := range all {
		if n.hint != nil {
			c.tell(presentSubject+strconv.FormatInt(n.room, 10), n.hint)
		}
		if n.object != nil {
			c.toFollowers(n.room, n.object)
		}
	}
}

// fading tells whether somebody has left and still shows, so that their going is told too.
func (c *Chat) fading(g *gathering) bool {
	for _, a := range g.here {
		if a.sockets == 0 {
			return true
		}
	}
	return false
}

// toFollowers pushes something losable to everybody live in a room.
func (c *Chat) toFollowers(roomID int64, object *Object) {
	f := c.feeds.find(roomID)
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for follower := range f.followers {
		if follower.live {
			follower.out.Push(object, true)
		}
	}
}

func (c *Chat) heardPresent(subject string, data []byte) {
	roomID, err := roomOf(subject, presentSubject)
	hint, ok := decode[hintPresent](data)
	if err != nil || !ok || hint.Node == c.node {
		return
	}
	c.present.mu.Lock()
	defer c.present.mu.Unlock()
	g := c.present.room(roomID, hint.Slug)
	if len(hint.Names) == 0 {
		delete(g.others, hint.Node)
		return
	}
	g.others[hint.Node] = report{names: hint.Names, at: c.now()}
}

// Typing says that this follower is writing; more often than every 3 s is not heard, nor who may not write yet.
func (f *Following) Typing() {
	if f.viewer.Awaits != "" {
		return
	}
	c := f.chat
	if c.typed(f.feed.roomID, f.feed.slug, f.viewer.Name) {
		hint, err := json.Marshal(hintTyping{Node: c.node, Name: f.viewer.Name})
		if err == nil {
			c.tell(typingSubject+strconv.FormatInt(f.feed.roomID, 10), hint)
		}
	}
}

func (c *Chat) heardTyping(subject string, data []byte) {
	roomID, err := roomOf(subject, typingSubject)
	hint, ok := decode[hintTyping](data)
	if err != nil || !ok || hint.Node == c.node {
		return
	}
	if f := c.feeds.find(roomID); f != nil {
		c.typed(roomID, f.slug, hint.Name)
	}
}

// typed tells the room's followers who is writing; false where it was told a moment ago.
func (c *Chat) typed(roomID int64, slug, name string) bool {
	now := c.now()
	c.present.mu.Lock()
	g := c.present.room(roomID, slug)
	if now.Sub(g.typing[name]) < typingPause {
		c.present.mu.Unlock()
		return false
	}
	g.typing[name] = now
	who := make([]string, 0, len(g.typing))
	for name, at := range g.typing {
		if now.Sub(at) >= typingShown {
			delete(g.typing, name)
			continue
		}
		who = append(who, name)
	}
	c.present.mu.Unlock()
	slices.Sort(who)
	c.toFollowers(roomID, NewObject(wireTyping{T: "eph", Room: slug, K: "typing", Who: who[:min(len(who), namesShown)]}))
	return true
}
