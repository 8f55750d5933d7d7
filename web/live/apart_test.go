package live_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"firstdrops/server/chat"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/testdb"
)

// trials is how often a block is set and ended while both sides speak.
const trials = 50

// worked is a house whose jobs are done by real workers, on the first of its nodes.
func worked(t *testing.T, people int, news *weather) (*house, []*node) {
	t.Helper()
	target := testdb.Target(t).AsApp()
	database := db.Open(target.WithPool(16))
	t.Cleanup(func() { _ = database.Close() })
	h := newHouseOn(t, database, people, news)
	nodes := []*node{h.node(news, false), h.node(news, false)}
	workers := river.NewWorkers()
	nodes[0].chat.Workers(workers)
	running, err := jobs.Start(t.Context(), target, workers, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Stop(t.Context()) })
	return h, nodes
}

// witness is a client that follows the lounge, remembers all it hears, and checks that no seq is missed.
type witness struct {
	*client
	cursor int64
	resets int
	heard  []object
}

func (h *house) witness(n *node, person int) *witness {
	h.Helper()
	w := &witness{client: n.connect(h, h.tokens[person])}
	w.hello(`"lounge":0`)
	w.cursor = w.next("sync").Seq
	return w
}

// take hears one object more.
func (w *witness) take() object {
	w.Helper()
	o := w.next("ev", "sync", "reset", "eph")
	w.heard = append(w.heard, o)
	switch {
	case o.T == "reset":
		w.resets++
	case o.T == "sync" && o.End:
		w.cursor = o.Seq
	case o.T == "ev" && o.Seq != w.cursor+1:
		w.Errorf("seq %d after %d", o.Seq, w.cursor)
	case o.T == "ev":
		w.cursor = o.Seq
	}
	return o
}

// reach hears all up to a seq, and as many resets as were asked for.
func (w *witness) reach(seq int64, resets int) {
	w.Helper()
	for o := (object{}); w.cursor < seq || w.resets < resets || o.T == "reset"; {
		o = w.take()
	}
}

// heardWord counts what was heard with these words.
func (w *witness) heardWord(words string) int {
	count := 0
	for _, o := range w.heard {
		if o.M != nil && strings.Contains(o.M.HTML, words) {
			count++
		}
		for _, m := range o.Up {
			if strings.Contains(m.HTML, words) {
				count++
			}
		}
	}
	return count
}

func (h *house) say(n *node, person int, body string) chat.Ack {
	h.Helper()
	ack, err := n.chat.Send(h.Context(), h.viewers[person], chat.Line{Room: "lounge", CMID: uuid.NewString(), Body: body})
	if err != nil {
		h.Fatal(err)
	}
	return ack
}

func (h *house) block(who, whom int) {
	h.Helper()
	if err := h.people.Block(h.Context(), h.viewers[who], h.viewers[whom].Handle); err != nil {
		h.Fatal(err)
	}
}

func (h *house) unblock(who int) {
	h.Helper()
	blocks, err := h.people.Blocks(h.Context(), h.viewers[who])
	if err == nil {
		err = h.people.Unblock(h.Context(), h.viewers[who], blocks[0].ID)
	}
	if err != nil {
		h.Fatal(err)
	}
}

// TestAfterABlockNothingIsHeardEitherWay on two nodes: from its commit on, time after time, while others hear everything;
// who asked for it starts afresh, the other does not.
func TestAfterABlockNothingIsHeardEitherWay(t *testing.T) {
	t.Parallel()
	h, nodes := worked(t, 3, &weather{Bus: newBus(t), clear: true})
	const blocker, blocked, other = 0, 1, 2
	var ofBlocker, ofBlocked, ofOther []*witness
	for _, n := range nodes {
		ofBlocker = append(ofBlocker, h.witness(n, blocker))
		ofBlocked = append(ofBlocked, h.witness(n, blocked))
		ofOther = append(ofOther, h.witness(n, other))
	}
	for i := range trials {
		h.block(blocker, blocked)
		h.say(nodes[i%2], blocked, fmt.Sprintf("canary of the blocked %d", i))
		h.say(nodes[(i+1)%2], blocker, fmt.Sprintf("canary of the blocker %d", i))
		last := h.say(nodes[0], other, "open to all").Seq
		for j := range nodes {
			ofBlocker[j].reach(last, 0)
			ofBlocked[j].reach(last, 0)
			ofOther[j].reach(last, 0)
		}
		h.unblock(blocker)
	}
	for j := range nodes {
		ofBlocker[j].reach(0, 1)
		if n := ofBlocker[j].heardWord("canary of the blocked"); n != 0 {
			t.Errorf("node %d: the blocker heard %d canaries", j, n)
		}
		if n := ofBlocked[j].heardWord("canary of the blocker"); n != 0 {
			t.Errorf("node %d: the blocked heard %d canaries", j, n)
		}
		if n := ofOther[j].heardWord("canary"); n != 2*trials {
			t.Errorf("node %d: others heard %d of %d", j, n, 2*trials)
		}
		if n := ofBlocked[j].resets + ofOther[j].resets; n != 0 {
			t.Errorf("node %d: %d resets of those who did not ask", j, n)
		}
	}
}

// TestABlockHoldsWhileTheBusIsAway: nothing has to be told for it.
func TestABlockHoldsWhileTheBusIsAway(t *testing.T) {
	t.Parallel()
	news := &weather{Bus: newBus(t), clear: true, down: true}
	h, nodes := worked(t, 3, news)
	near, far, own := h.witness(nodes[0], 0), h.witness(nodes[1], 0), h.witness(nodes[1], 1)
	h.block(0, 1)
	h.say(nodes[0], 1, "canary")
	h.say(nodes[1], 1, "canary")
	h.say(nodes[1], 0, "canary of their own")
	last := h.say(nodes[0], 2, "open to all").Seq
	near.reach(last, 1) // where the job was done; what was said before is on the page that they load then
	far.reach(last, 0)
	own.reach(last, 0)
	near.reach(h.say(nodes[0], 2, "from here on").Seq, 1)
	for who, w := range map[string]*witness{"near": near, "far": far} {
		if w.heardWord("canary") != w.heardWord("canary of their own") {
			t.Errorf("%s heard %+v", who, w.heard)
		}
	}
	if near.heardWord("from here on") != 1 || far.heardWord("canary of their own") != 1 || far.heardWord("open to all") != 1 {
		t.Errorf("near heard %+v, far %+v", near.heard, far.heard)
	}
	if own.heardWord("canary") != 2 {
		t.Errorf("the blocked heard %+v", own.heard)
	}
}

// TestPresenceAcrossNodesLeavesOutThoseApart as soon as it is told.
func TestPresenceAcrossNodesLeavesOutThoseApart(t *testing.T) {
	t.Parallel()
	h, nodes := worked(t, 3, &weather{Bus: newBus(t), clear: true})
	a, b := h.witness(nodes[0], 0), h.witness(nodes[1], 1)
	h.witness(nodes[1], 2)
	present := func(w *witness, people ...int) {
		t.Helper()
		var want []string
		for _, i := range people {
			want = append(want, h.viewers[i].Name)
		}
		slices.Sort(want)
		for o := (object{}); o.K != "pres" || o.Count != len(want) || !slices.Equal(o.Who, want); {
			o = w.take()
		}
	}
	present(a, 0, 1, 2)
	h.block(1, 0)
	present(a, 0, 2)
	present(b, 1, 2)
	h.unblock(1)
	present(a, 0, 1, 2)
	present(b, 0, 1, 2)
}
