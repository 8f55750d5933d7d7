package main

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// spans are whole numbers in rising stretches that neither touch nor overlap. What arrives in order
// stays one stretch, so that a long run costs no memory.
type spans []span

type span struct{ from, to int64 } // both are in it

func (s *spans) add(from, to int64) {
	first := sort.Search(len(*s), func(i int) bool { return (*s)[i].to >= from-1 })
	after := first
	for after < len(*s) && (*s)[after].from <= to+1 {
		from, to = min(from, (*s)[after].from), max(to, (*s)[after].to)
		after++
	}
	*s = slices.Replace(*s, first, after, span{from, to})
}

// cover tells whether all numbers of a stretch are in.
func (s spans) cover(from, to int64) bool {
	i := sort.Search(len(s), func(i int) bool { return s[i].to >= to })
	return i < len(s) && s[i].from <= from
}

func (s spans) has(number int64) bool { return s.cover(number, number) }

// holes counts the numbers between the stretches.
func (s spans) holes() int64 {
	var count int64
	for i := 1; i < len(s); i++ {
		count += s[i].from - s[i-1].to - 1
	}
	return count
}

// roomLog judges what one client receives of one room, over all of its sockets. Every seq after the
// first sync must come once and in order; what never came is owed.
type roomLog struct {
	tally *tally
	heard func(row) // is called with each message when it comes first

	followed bool  // a sync was completed once
	live     bool  // the sync of this socket is completed
	left     bool  // the client follows no more, and is owed nothing beyond its cursor
	from     int64 // the cursor of the first sync: older messages need not come
	cursor   int64
	seqs     spans // that were given, by an event or within a sync
	ns       spans // of the messages that came
	excused  spans // seqs that the server rightly skipped with a reset
	pages    []row // of a sync that is not at its end
}

// cut is the end of a socket: an unfinished sync starts again from the same cursor.
func (l *roomLog) cut() {
	l.live, l.pages = false, nil
}

func (l *roomLog) sync(o object) {
	l.live = false
	l.pages = append(l.pages, o.Up...)
	if !o.End {
		return
	}
	asked := l.cursor
	if o.Seq < asked {
		l.tally.disordered.Add(1)
	}
	var before row
	for _, r := range l.pages {
		l.judgeRow(r, before, asked, o.Seq)
		before = r
	}
	switch {
	case asked == 0: // the newest messages only; so much is known, and no more is owed
		l.from = o.Seq
		l.seqs.add(o.Seq, o.Seq)
	case o.Seq > asked:
		l.seqs.add(asked+1, o.Seq)
	}
	l.cursor = max(asked, o.Seq)
	l.pages, l.live, l.followed = nil, true, true
}

// judgeRow takes a row of a sync, which must have changed after the client's cursor, not after the
// new one, and come in the order of (rev, n).
func (l *roomLog) judgeRow(r, before row, asked, end int64) {
	order := cmp.Or(cmp.Compare(r.Rev, before.Rev), cmp.Compare(r.N, before.N))
	switch {
	case order == 0, r.Rev <= asked && l.ns.has(r.N):
		l.tally.doubled.Add(1)
	case order < 0, r.Rev <= asked, r.Rev > end:
		l.tally.disordered.Add(1)
	}
	l.saw(r)
}

// event takes a live event. A seq that is skipped is a hole; where it comes late it is out of order,
// and where it never comes it is lost.
func (l *roomLog) event(o object) {
	if !l.live { // it came before the sync that it should follow, which will bring it again
		l.tally.disordered.Add(1)
		return
	}
	switch {
	case o.Seq <= l.cursor && l.given(o):
		l.tally.doubled.Add(1)
	case o.Seq <= l.cursor:
		l.tally.disordered.Add(1)
	case o.K == "msg" && o.M != nil && l.ns.has(o.M.N):
		l.tally.doubled.Add(1)
	}
	l.seqs.add(o.Seq, o.Seq)
	l.cursor = max(l.cursor, o.Seq)
	if o.M != nil {
		l.saw(*o.M)
	}
	if o.K == "clear" && o.From <= o.To {
		l.ns.add(o.From, o.To)
	}
}

// given tells whether the client has what an event brings.
func (l *roomLog) given(o object) bool {
	if o.M != nil {
		return l.ns.has(o.M.N)
	}
	return l.seqs.has(o.Seq)
}

func (l *roomLog) saw(r row) {
	if !l.ns.has(r.N) {
		l.ns.add(r.N, r.N)
		l.heard(r)
	}
}

// reset is right only where too much changed. Else what it skips stays owed.
func (l *roomLog) reset(o object) {
	l.tally.resets.Add(1)
	switch {
	case o.Seq < l.cursor:
		l.tally.disordered.Add(1)
	case o.Seq-l.cursor > tooMuch:
		l.excused.add(l.cursor+1, o.Seq)
		l.seqs.add(l.cursor+1, o.Seq)
	default:
		l.seqs.add(o.Seq, o.Seq)
	}
	l.cursor = o.Seq
	l.cut()
}

// lost counts what this client should have and does not: seqs that were skipped, and acked messages
// that never came. acked rises by seq.
func (l *roomLog) lost(acked []numbers) int64 {
	if !l.followed {
		return 0
	}
	lost := l.seqs.holes()
	owed := acked[sort.Search(len(acked), func(i int) bool { return acked[i].seq > l.from }):]
	if l.left {
		owed = owed[:sort.Search(len(owed), func(i int) bool { return owed[i].seq > l.cursor })]
	}
	if len(owed) == 0 || l.ns.cover(owed[0].n, owed[len(owed)-1].n) {
		return lost
	}
	for _, m := range owed {
		hole := m.seq <= l.cursor && !l.seqs.has(m.seq) // counted above
		if !l.ns.has(m.n) && !l.excused.has(m.seq) && !hole {
			lost++
		}
	}
	return lost
}

// numbers are what an ack gives a message.
type numbers struct{ n, seq int64 }

// message is something that a client of ours said.
type message struct {
	cmid, room string
	at         time.Time // when it was first sent
	n          int64     // by its ack or its first arrival, whichever came first; 0 before
	acked      bool
}

// ledger is all messages that were said, and what became of them.
type ledger struct {
	tally *tally

	mu       sync.Mutex
	messages map[string]*message  // by cmid
	acks     map[string][]numbers // by room, in the order of arrival
}

func newLedger(t *tally) *ledger {
	return &ledger{tally: t, messages: map[string]*message{}, acks: map[string][]numbers{}}
}

func (l *ledger) said(m *message) {
	l.tally.sent.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.messages[m.cmid] = m
}

// acked notes an ack. A repeated one must give the first numbers again.
func (l *ledger) acked(o object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.messages[o.CMID]
	if m == nil {
		return
	}
	l.numbered(m, o.N)
	if m.acked {
		return
	}
	m.acked = true
	l.acks[m.room] = append(l.acks[m.room], numbers{o.N, o.Seq})
	l.tally.acked.Add(1)
	l.tally.toAck.add(time.Since(m.at))
}

// heard notes that a client received a message for the first time.
func (l *ledger) heard(r row) {
	cmid, ok := cmidIn(r.HTML)
	if !ok {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := l.messages[cmid]; m != nil {
		l.numbered(m, r.N)
		l.tally.delivered.Add(1)
		l.tally.toDeliver.add(time.Since(m.at))
	}
}

// numbered holds a message to one number: a second one is a second row of the same message.
func (l *ledger) numbered(m *message, n int64) {
	if m.n == 0 {
		m.n = n
	}
	if m.n != n {
		l.tally.doubled.Add(1)
	}
}

// ackedBySeq are the acked messages of each room in the order of their seqs.
func (l *ledger) ackedBySeq() map[string][]numbers {
	l.mu.Lock()
	defer l.mu.Unlock()
	rooms := make(map[string][]numbers, len(l.acks))
	for room, acks := range l.acks {
		slices.SortFunc(acks, func(a, b numbers) int { return cmp.Compare(a.seq, b.seq) })
		rooms[room] = slices.Clone(acks)
	}
	return rooms
}

// misnumbered judges acked messages of one room in the order of their seqs: a number given twice is
// doubled, and n must rise with seq.
func misnumbered(acked []numbers) (doubled, disordered int64) {
	for i := 1; i < len(acked); i++ {
		switch before, m := acked[i-1], acked[i]; {
		case m.seq == before.seq, m.n == before.n:
			doubled++
		case m.n < before.n:
			disordered++
		}
	}
	return doubled, disordered
}

// bodyMark stands before the cmid in each body, so that who receives the message can tell which it is.
const bodyMark = "chatload "

func bodyOf(cmid string) string { return bodyMark + cmid }

func cmidIn(html string) (string, bool) {
	_, rest, found := strings.Cut(html, bodyMark)
	if !found || len(rest) < 36 {
		return "", false
	}
	return rest[:36], true
}
