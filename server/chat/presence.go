package chat

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
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

// participant is somebody in a room, as nodes name them to each other.
type participant struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// gathering is one room: the people on this node, and what other nodes said of theirs.
type gathering struct {
	slug   string
	here   map[participant]*attendance
	others map[string]report // by node
	typing map[participant]time.Time
	said   time.Time // when this node last told the others
	told   string    // what the followers were last told
	stale  bool      // somebody came or went since
}

type attendance struct {
	sockets int
	left    time.Time
}

type report struct {
	people []participant
	at     time.Time
}

// hintPresent is what nodes tell each other.
type hintPresent struct {
	Node   string        `json:"node"`
	Slug   string        `json:"slug"`
	People []participant `json:"people"`
}

type hintTyping struct {
	Node string `json:"node"`
	participant
}

func (p *presence) room(id int64, slug string) *gathering {
	g, ok := p.rooms[id]
	if !ok {
		g = &gathering{slug: slug, here: map[participant]*attendance{}, others: map[string]report{}, typing: map[participant]time.Time{}}
		p.rooms[id] = g
	}
	return g
}

// Present tells who is in a room now, as whoever read the room sees it.
func (c *Chat) Present(room Room) Presence {
	c.present.mu.Lock()
	defer c.present.mu.Unlock()
	g, ok := c.present.rooms[room.ID]
	if !ok {
		return Presence{}
	}
	return presenceOf(without(g.everybody(c.now()), room.Apart))
}

// local are the people on this node who are here or left a moment ago.
func (g *gathering) local(now time.Time) []participant {
	people := make([]participant, 0, len(g.here))
	for who, a := range g.here {
		if a.sockets == 0 && now.Sub(a.left) >= presenceFade {
			delete(g.here, who)
			continue
		}
		people = append(people, who)
	}
	return people
}

// everybody is who is here on any node, by name.
func (g *gathering) everybody(now time.Time) []participant {
	people := g.local(now)
	for node, r := range g.others {
		if now.Sub(r.at) >= presenceGone {
			delete(g.others, node)
			continue
		}
		people = append(people, r.people...)
	}
	return sorted(people)
}

// sorted gives each name once: one person may be on two nodes.
func sorted(people []participant) []participant {
	slices.SortFunc(people, func(a, b participant) int { return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return slices.Compact(people)
}

// without leaves those out who are apart from somebody; it gives the list itself where nobody is.
func without(people []participant, apart []int64) []participant {
	isApart := func(who participant) bool { return slices.Contains(apart, who.ID) }
	if !slices.ContainsFunc(people, isApart) {
		return people
	}
	return slices.DeleteFunc(slices.Clone(people), isApart)
}

func namesOf(people []participant) []string {
	names := make([]string, 0, len(people))
	for _, who := range people {
		names = append(names, who.Name)
	}
	return names
}

func presenceOf(people []participant) Presence {
	if len(people) > namesShown {
		return Presence{Count: len(people)}
	}
	return Presence{Count: len(people), Names: namesOf(people)}
}

// joined counts a follower that went live; the next beat tells it who is there. The caller holds the
// feed's lock, so that it comes before left.
func (c *Chat) joined(f *Following) {
	c.present.mu.Lock()
	defer c.present.mu.Unlock()
	g := c.present.room(f.feed.roomID, f.feed.slug)
	a, ok := g.here[f.participant()]
	if !ok {
		a = &attendance{}
		g.here[f.participant()] = a
	}
	a.sockets++
	g.stale, g.told = true, ""
}

func (c *Chat) left(f *Following) {
	c.present.mu.Lock()
	defer c.present.mu.Unlock()
	g := c.present.room(f.feed.roomID, f.feed.slug)
	if a, ok := g.here[f.participant()]; ok && a.sockets > 0 {
		a.sockets--
		a.left = c.now()
	}
	g.stale = true
}

func (f *Following) participant() participant { return participant{f.viewer.ID, f.viewer.Name} }

// retell has a room's followers told anew who is there: one of them is shown others than before.
func (p *presence) retell(roomID int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if g, ok := p.rooms[roomID]; ok {
		g.told = ""
	}
}

func presenceObject(slug string, people []participant) *Object {
	p := presenceOf(people)
	return NewObject(wirePresence{T: "eph", Room: slug, K: "pres", Count: p.Count, Who: p.Names})
}

// beatPresence tells the other nodes and our own followers what changed.
func (c *Chat) beatPresence() {
	type news struct {
		room   int64
		people []participant
		object *Object // nil where they know
		hint   []byte
	}
	var all []news
	now := c.now()
	c.present.mu.Lock()
	for id, g := range c.present.rooms {
		n := news{room: id}
		local := g.local(now)
		if g.stale || (len(local) > 0 && now.Sub(g.said) >= presenceSnapshot) {
			g.stale, g.said = c.fading(g), now
			n.hint = encode(hintPresent{Node: c.node, Slug: g.slug, People: local})
		}
		n.people = g.everybody(now)
		if object := presenceObject(g.slug, n.people); string(object.Line) != g.told {
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
			c.tellPresent(n.room, n.people, n.object)
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

// tellPresent tells everybody live in a room who is there: the same to all but those who are apart from one of them, who
// hear only of what they are shown.
func (c *Chat) tellPresent(roomID int64, people []participant, all *Object) {
	c.toFollowers(roomID, func(follower *Following) *Object {
		seen := without(people, follower.apart)
		if len(seen) == len(people) {
			follower.told = ""
			return all
		}
		own := presenceObject(follower.feed.slug, seen)
		if follower.told == string(own.Line) {
			return nil
		}
		follower.told = string(own.Line)
		return own
	})
}

// toFollowers pushes something losable to everybody live in a room for whom there is something.
func (c *Chat) toFollowers(roomID int64, object func(*Following) *Object) {
	f := c.feeds.find(roomID)
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for follower := range f.followers {
		if !follower.live {
			continue
		}
		if o := object(follower); o != nil {
			follower.out.Push(o, true)
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
	if len(hint.People) == 0 {
		delete(g.others, hint.Node)
		return
	}
	g.others[hint.Node] = report{people: hint.People, at: c.now()}
}

// Typing says that this follower is writing; more often than every 3 s is not heard, nor who may not write yet.
func (f *Following) Typing() {
	if f.viewer.Awaits != "" {
		return
	}
	c := f.chat
	if c.typed(f.feed.roomID, f.feed.slug, f.participant()) {
		c.tell(typingSubject+strconv.FormatInt(f.feed.roomID, 10), encode(hintTyping{Node: c.node, participant: f.participant()}))
	}
}

func (c *Chat) heardTyping(subject string, data []byte) {
	roomID, err := roomOf(subject, typingSubject)
	hint, ok := decode[hintTyping](data)
	if err != nil || !ok || hint.Node == c.node {
		return
	}
	if f := c.feeds.find(roomID); f != nil {
		c.typed(roomID, f.slug, hint.participant)
	}
}

// typed tells the room's followers that one more is writing, and who is; false where it was told a moment ago. Those apart
// from that one hear nothing of it.
func (c *Chat) typed(roomID int64, slug string, one participant) bool {
	now := c.now()
	c.present.mu.Lock()
	g := c.present.room(roomID, slug)
	if now.Sub(g.typing[one]) < typingPause {
		c.present.mu.Unlock()
		return false
	}
	g.typing[one] = now
	all := make([]participant, 0, len(g.typing))
	for who, at := range g.typing {
		if now.Sub(at) >= typingShown {
			delete(g.typing, who)
			continue
		}
		all = append(all, who)
	}
	c.present.mu.Unlock()
	all = sorted(all)
	object := typingObject(slug, all)
	c.toFollowers(roomID, func(follower *Following) *Object {
		seen := without(all, follower.apart)
		switch {
		case slices.Contains(follower.apart, one.ID):
			return nil
		case len(seen) < len(all):
			return typingObject(slug, seen)
		}
		return object
	})
	return true
}

func typingObject(slug string, people []participant) *Object {
	names := namesOf(people)
	return NewObject(wireTyping{T: "eph", Room: slug, K: "typing", Who: names[:min(len(names), namesShown)]})
}
