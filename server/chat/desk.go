package chat

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/richtext"
)

const (
	batchSize  = 64       // sends that share one transaction
	batchBytes = 32 << 10 // of HTML, so that a batch fits the queue of a reader who keeps up
	deskSize   = 2000     // sends that may wait in one room of one node
)

// send is a composed line on its way into the database.
type send struct {
	viewer accounts.Viewer
	cmid   uuid.UUID
	body   string
	html   string
	re     int64
	crisis bool
	done   func(Ack, error)

	apart []int64 // who is not shown what the author says, as of the room's lock
	ack   Ack
	err   error
}

func (s *send) key() sendKey { return sendKey{s.viewer.ID, s.cmid} }

type sendKey struct {
	author int64
	cmid   uuid.UUID
}

// desks are the queues of sends, one for each room that somebody is sending to now.
type desks struct {
	mu     sync.Mutex
	closed bool
	open   map[string]*desk
	work   sync.WaitGroup
}

// desk takes the sends of one room in order and commits those that wait together.
type desk struct{ waiting []*send }

func (c *Chat) enqueue(slug string, s *send) {
	c.desks.mu.Lock()
	defer c.desks.mu.Unlock()
	d, working := c.desks.open[slug]
	switch {
	case c.desks.closed, working && len(d.waiting) >= deskSize:
		go s.done(Ack{}, busy(nil)) // not under the lock
		return
	case !working:
		d = &desk{}
		c.desks.open[slug] = d
		c.desks.work.Go(func() { c.attend(slug, d) })
	}
	d.waiting = append(d.waiting, s)
}

// attend works until nobody waits.
func (c *Chat) attend(slug string, d *desk) {
	for {
		c.desks.mu.Lock()
		if len(d.waiting) == 0 {
			delete(c.desks.open, slug)
			c.desks.mu.Unlock()
			return
		}
		batch := d.next()
		c.desks.mu.Unlock()
		c.commit(slug, batch)
	}
}

// next takes the sends that share a transaction: at least one.
func (d *desk) next() []*send {
	count, size := 1, len(d.waiting[0].html)
	for count < min(len(d.waiting), batchSize) && size+len(d.waiting[count].html) <= batchBytes {
		size += len(d.waiting[count].html)
		count++
	}
	batch := d.waiting[:count:count]
	d.waiting = d.waiting[count:]
	return batch
}

// drain refuses new sends and waits for those accepted.
func (d *desks) drain() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.work.Wait()
}

// commit brings a batch into the database and answers each of its senders. Nobody is acked before
// the COMMIT; where its outcome is not known the answer is busy, and the same cmid finds out.
func (c *Chat) commit(slug string, batch []*send) {
	ctx, cancel := c.brief()
	defer cancel()
	var room locked
	var said []*send
	err := db.Ready(ctx, c.queries.lock, c.queries.judge, c.queries.insert)
	if err == nil {
		err = c.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			said = nil
			err := c.queries.lock.ScanTx(ctx, tx, &room, slug)
			if db.IsMissing(err) {
				return fault.Missing().Coded(codeNotFound)
			}
			if err != nil {
				return err
			}
			if said, err = c.judge(ctx, tx, room, batch); err != nil || len(said) == 0 {
				return err
			}
			return c.write(ctx, tx, room, said)
		})
	}
	if err == nil && len(said) > 0 {
		c.heard(slug, room, said)
	}
	for _, s := range batch {
		s.done(s.verdict(err))
	}
}

func (s *send) verdict(err error) (Ack, error) {
	switch {
	case err == nil:
		s.ack.Crisis = s.crisis
		return s.ack, s.err
	case fault.KindOf(err) != 0:
		return Ack{Crisis: s.crisis}, err
	default:
		return Ack{Crisis: s.crisis}, busy(err)
	}
}

// locked is a room's counters under its lock.
type locked struct {
	RoomID int64
	Seq, N int64
}

// judgement is what the database says of one send.
type judgement struct {
	Ord      int64
	N, Seq   int64
	At       time.Time
	SignedIn bool
	Answers  bool
	Labelled bool    // whether their session has what their label asks for, also where it lost that since the socket opened
	Apart    []int64 `bun:",array"`
	accounts.Standing
}

// judge decides on each send alone and numbers those let in; one refusal never fails the batch.
func (c *Chat) judge(ctx context.Context, tx *db.Tx, room locked, batch []*send) ([]*send, error) {
	authors, cmids, sessions, answers := columns4(batch)
	now := c.now()
	var found []judgement
	err := c.queries.judge.ScanTx(ctx, tx, &found, room.RoomID, pq.Array(authors), pq.Array(cmids),
		pq.Array(sessions), pq.Array(answers), now)
	if err != nil {
		return nil, err
	}
	if len(found) != len(batch) {
		return nil, fmt.Errorf("judged %d of %d sends", len(found), len(batch))
	}
	said := make([]*send, 0, len(batch))
	numbered := map[sendKey]Ack{}
	at := now.UTC().Truncate(time.Millisecond)
	for i, s := range batch {
		first, again := numbered[s.key()]
		j := found[i]
		s.ack, s.err = Ack{}, nil
		switch {
		case j.N > 0:
			s.ack = Ack{N: j.N, Seq: j.Seq, At: j.At, Dup: true}
		case again:
			first.Dup = true
			s.ack = first
		case !j.SignedIn:
			s.err = fault.New(fault.Forbidden, "You are no longer signed in here.").Coded(codeForbidden)
		case refusal(j.Standing, now) != nil:
			s.err = refusal(j.Standing, now)
		case !j.Answers:
			s.err = fault.New(fault.NotFound, "The message you answer is not there.").Coded(codeNotFound)
		default:
			if !j.Labelled {
				s.viewer.Label = accounts.Peer
			}
			said, s.apart = append(said, s), j.Apart
			s.ack = Ack{N: room.N + int64(len(said)), Seq: room.Seq + int64(len(said)), At: at}
			numbered[s.key()] = s.ack
		}
	}
	return said, nil
}

func columns4(batch []*send) (authors []int64, cmids []string, sessions, answers []int64) {
	for _, s := range batch {
		authors = append(authors, s.viewer.ID)
		cmids = append(cmids, s.cmid.String())
		sessions = append(sessions, s.viewer.SessionID)
		answers = append(answers, s.re)
	}
	return authors, cmids, sessions, answers
}

func (c *Chat) write(ctx context.Context, tx *db.Tx, room locked, said []*send) error {
	authors, cmids, _, answers := columns4(said)
	var ns, seqs []int64
	var labels, bodies, htmls []string
	for _, s := range said {
		ns, seqs = append(ns, s.ack.N), append(seqs, s.ack.Seq)
		labels = append(labels, string(s.viewer.Label))
		bodies, htmls = append(bodies, s.body), append(htmls, s.html)
	}
	last := said[len(said)-1].ack
	var moved struct{ Seq int64 }
	err := c.queries.insert.ScanTx(ctx, tx, &moved, room.RoomID, pq.Array(ns), pq.Array(seqs),
		pq.Array(authors), pq.Array(cmids), pq.Array(labels), pq.Array(bodies),
		pq.Array(htmls), richtext.Version, last.At, pq.Array(answers), last.Seq, last.N)
	if err != nil {
		return err
	}
	return c.alarm(ctx, tx, room, said)
}

// alarm has a moderator look at those messages whose authors may be in danger.
func (c *Chat) alarm(ctx context.Context, tx *db.Tx, room locked, said []*send) error {
	for _, s := range said {
		if !s.crisis {
			continue
		}
		if err := c.queue.Insert(ctx, tx, Alarmed{RoomID: room.RoomID, N: s.ack.N}, nil); err != nil {
			return err
		}
	}
	return nil
}

// heard hands our own commit to this node's feed and tells the other nodes that there is news.
func (c *Chat) heard(slug string, room locked, said []*send) {
	messages := make([]Message, 0, len(said))
	for _, s := range said {
		messages = append(messages, Message{
			N: s.ack.N, Seq: s.ack.Seq, Rev: s.ack.Seq, AuthorID: s.viewer.ID, Author: s.viewer.Name, Label: s.viewer.Label,
			At: s.ack.At, HTML: s.html, Re: s.re, CMID: s.cmid.String(), Apart: s.apart,
		})
	}
	c.offer(room.RoomID, messages)
	c.hint(room.RoomID, said[len(said)-1].ack.Seq)
}
