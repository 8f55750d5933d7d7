package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	handshakes = 64                     // at a time
	gatherTime = 30 * time.Second       // until all are in their rooms, and as much again for each gatherEach
	gatherEach = 2000                   // clients
	settleTime = 60 * time.Second       // until all have all: longer than the longest wait for a reconnect
	lingerTime = time.Second            // after that, for what should not come any more
	lookEvery  = 100 * time.Millisecond // at how far the clients are
)

// load is the clients and what is known of them all.
type load struct {
	plan    plan
	tally   *tally
	ledger  *ledger
	clients []*client
	linger  time.Duration
}

func newLoad(p plan) *load {
	t := &tally{}
	l := &load{plan: p, tally: t, ledger: newLedger(t), linger: lingerTime}
	doors := semaphore.NewWeighted(handshakes)
	for i := range p.clients {
		l.clients = append(l.clients, newClient(p, i, l.ledger, t, doors))
	}
	return l
}

// run gathers the clients, lets them talk, and waits quietly until all have all. The end of talk ends
// the first two early, that of settle the waiting. It fails where no client came in.
func (l *load) run(talk, settle context.Context) (result, error) {
	open, shut := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, c := range l.clients {
		running.Go(func() { c.run(open) })
	}
	l.gather(talk)
	l.talk(talk)
	settled := l.settle(settle)
	r := result{plan: l.plan, tally: l.tally, cut: !settled, lost: l.lost()}
	shut()
	running.Wait()
	var fault error
	for _, c := range l.clients {
		s := c.state()
		r.waiting += s.waiting
		if s.following {
			r.followed++
		}
		if s.fault != nil {
			r.ended++
			fault = s.fault
		}
	}
	if r.followed == 0 && talk.Err() == nil {
		return r, fmt.Errorf("no client came in: %w", cause(fault))
	}
	for _, acked := range l.ledger.ackedBySeq() {
		doubled, disordered := misnumbered(acked)
		l.tally.doubled.Add(doubled)
		l.tally.disordered.Add(disordered)
	}
	return r, nil
}

func cause(fault error) error {
	if fault == nil {
		return errors.New("nobody answers there, or not in time")
	}
	return fault
}

// gather waits until every client is in its rooms or was sent away.
func (l *load) gather(ctx context.Context) {
	limit := gatherTime * time.Duration(1+len(l.clients)/gatherEach)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	until(ctx, func() bool {
		for _, c := range l.clients {
			if s := c.state(); !s.following && s.fault == nil {
				return false
			}
		}
		return true
	})
}

// talk has the clients speak in turn, in each room in turn, at the rate asked for. Each message has
// its own moment, so that a late one does not slow those that follow; on a busy machine the last ones are late rather than
// left out.
func (l *load) talk(ctx context.Context) {
	var speakers []*client
	for _, c := range l.clients {
		if s := c.state(); s.following && s.fault == nil {
			speakers = append(speakers, c)
		}
	}
	if len(speakers) == 0 {
		return
	}
	start := time.Now()
	total := int(l.plan.rate*l.plan.talking.Seconds() + 0.5)
	for i := range total {
		moment := time.Duration(float64(i) / l.plan.rate * float64(time.Second))
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(start.Add(moment))):
		}
		round := i / len(speakers) // so that nobody is bound to one room
		speakers[i%len(speakers)].say(l.plan.rooms[(i+round)%len(l.plan.rooms)])
	}
}

// settle waits until every message is answered and every client has all it is owed, and a moment
// longer. It is false where that did not come to pass.
func (l *load) settle(ctx context.Context) bool {
	limited, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	settled := until(limited, func() bool {
		for _, c := range l.clients {
			if c.state().waiting > 0 {
				return false
			}
		}
		return l.lost() == 0
	})
	if settled {
		select {
		case <-ctx.Done():
		case <-time.After(l.linger):
		}
	}
	return settled
}

func (l *load) lost() int64 {
	acked := l.ledger.ackedBySeq()
	var lost int64
	for _, c := range l.clients {
		lost += c.lost(acked)
	}
	return lost
}

// until looks again and again until ready, and is false where ctx ends before.
func until(ctx context.Context, ready func() bool) bool {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for !ready() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}
