package main

import (
	"flag"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	restartMessages = flag.Int("restart.messages", 750, "how many messages each of the four people sends in the restart test")
	restartSeed     = flag.Uint64("restart.seed", 0, "the seed of the kills; 0 takes one of the clock")
)

// TestRestart: four people talk without pause while the server, Postgres and both are killed. Each
// message is there once, in order, and everybody heard everything.
func TestRestart(t *testing.T) {
	t.Parallel()
	seed := *restartSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-restart.seed=%d", seed)
	h := newHouse(t, unlimited)
	h.start()
	var acks atomic.Int64
	var talkers []*talker
	for _, cookie := range h.people(4) {
		talkers = append(talkers, newTalker(h, cookie, &acks, *restartMessages, 4**restartMessages))
	}
	late := time.Now().Add(time.Minute + time.Duration(*restartMessages)*50*time.Millisecond)
	var talking sync.WaitGroup
	for _, k := range talkers {
		talking.Go(func() { k.talk(late) })
	}
	h.killDuring(&acks, 4**restartMessages, rand.New(rand.NewPCG(seed, 0)), late)
	talking.Wait()
	if !t.Failed() {
		wantOnceInOrder(t, h, talkers)
	}
}

// killDuring kills three times each the server, Postgres and both, at moments spread over all the acks.
func (h *house) killDuring(acks *atomic.Int64, all int, random *rand.Rand, late time.Time) {
	h.Helper()
	kills := []func(){
		func() { h.now.kill(); h.start() },
		h.killPostmaster,
		func() { h.killPostmaster(); h.now.kill(); h.start() },
	}
	kills = append(append(kills, kills...), kills...)
	random.Shuffle(len(kills), func(i, j int) { kills[i], kills[j] = kills[j], kills[i] })
	step := all / (len(kills) + 1)
	for i, kill := range kills {
		moment := int64(step*(i+1) - random.IntN(step/2))
		h.eventually(time.Until(late), "people to talk on", func() bool { return h.Failed() || acks.Load() >= moment })
		if h.Failed() {
			return
		}
		kill()
	}
}

// wantOnceInOrder compares what people were told with what stands in the room.
func wantOnceInOrder(t *testing.T, h *house, talkers []*talker) {
	t.Helper()
	again := 0
	for _, k := range talkers {
		history, err := h.history(k.cookie)
		if err != nil {
			t.Fatal(err)
		}
		if len(history) != k.all {
			t.Errorf("the room holds %d messages, want %d", len(history), k.all)
		}
		mine := map[string][]message{}
		for i, m := range history {
			if seq := int64(i + 1); m.N != seq || m.Rev != seq || k.heard[seq] != m {
				t.Errorf("message %d has n %d and rev %d, and was heard as %+v", seq, m.N, m.Rev, k.heard[seq])
			}
			mine[m.CMID] = append(mine[m.CMID], m)
		}
		last := int64(0)
		for _, u := range k.says {
			found := mine[u.cmid]
			if len(found) != 1 || found[0].N != u.n || found[0].Rev != u.seq || found[0].HTML != "<p>"+u.body+"</p>" {
				t.Errorf("%q, acked as %d, stands %d times: %+v", u.body, u.n, len(found), found)
			}
			if u.sent > 1 {
				again++
				continue
			}
			if u.n < last {
				t.Errorf("%q is %d, and what was said before it %d", u.body, u.n, last)
			}
			last = u.n
		}
	}
	t.Logf("%d messages, %d of them sent more than once", talkers[0].all, again)
	if again == 0 {
		t.Error("no kill met a message under way: this test shows nothing")
	}
}
