package main

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A forged log is what a client received in one room, line by line, with "cut" for a lost socket.
// In each, the messages 1 to 6 were acked with n equal to seq.
func TestForgedLogs(t *testing.T) {
	t.Parallel()
	const empty = `{"t":"sync","up":[],"seq":0,"last_n":0,"end":true}`
	msg := map[int]string{
		1: `{"t":"ev","seq":1,"k":"msg","m":{"n":1,"rev":1}}`, 2: `{"t":"ev","seq":2,"k":"msg","m":{"n":2,"rev":2}}`,
		3: `{"t":"ev","seq":3,"k":"msg","m":{"n":3,"rev":3}}`, 4: `{"t":"ev","seq":4,"k":"msg","m":{"n":4,"rev":4}}`,
		5: `{"t":"ev","seq":5,"k":"msg","m":{"n":5,"rev":5}}`, 6: `{"t":"ev","seq":6,"k":"msg","m":{"n":6,"rev":6}}`,
	}
	later := `{"t":"sync","up":[{"n":4,"rev":4},{"n":5,"rev":5},{"n":6,"rev":6}],"seq":6,"end":true}`
	for name, c := range map[string]struct {
		log                       []string
		lost, doubled, disordered int64
	}{
		"all in order":               {log: []string{empty, msg[1], msg[2], msg[3], msg[4], msg[5], msg[6]}},
		"one lost":                   {log: []string{empty, msg[1], msg[2], msg[4], msg[5], msg[6]}, lost: 1},
		"the last lost":              {log: []string{empty, msg[1], msg[2], msg[3], msg[4], msg[5]}, lost: 1},
		"all lost":                   {log: []string{empty}, lost: 6},
		"one doubled":                {log: []string{empty, msg[1], msg[2], msg[3], msg[3], msg[4], msg[5], msg[6]}, doubled: 1},
		"one doubled long after":     {log: []string{empty, msg[1], msg[2], msg[3], msg[4], msg[5], msg[6], msg[1]}, doubled: 1},
		"doubled under a new seq":    {log: []string{empty, msg[1], msg[2], msg[3], msg[4], msg[5], msg[6], `{"t":"ev","seq":7,"k":"msg","m":{"n":6,"rev":7}}`}, doubled: 1},
		"two swapped":                {log: []string{empty, msg[1], msg[3], msg[2], msg[4], msg[5], msg[6]}, disordered: 1},
		"a cut and a resumed cursor": {log: []string{empty, msg[1], msg[2], msg[3], "cut", later}},
		"a sync cut in the middle": {log: []string{empty, msg[1], msg[2], msg[3],
			`{"t":"sync","up":[{"n":4,"rev":4},{"n":5,"rev":5}],"seq":3}`, "cut", later}},
		"a page that is not the last": {log: []string{empty, msg[1], msg[2], msg[3], "cut",
			`{"t":"sync","up":[{"n":4,"rev":4},{"n":5,"rev":5}],"seq":3}`, `{"t":"sync","up":[{"n":6,"rev":6}],"seq":6,"end":true}`}},
		"lost in a sync":         {log: []string{empty, msg[1], msg[2], msg[3], "cut", `{"t":"sync","up":[{"n":4,"rev":4},{"n":6,"rev":6}],"seq":6,"end":true}`}, lost: 1},
		"swapped in a sync":      {log: []string{empty, msg[1], msg[2], msg[3], "cut", `{"t":"sync","up":[{"n":5,"rev":5},{"n":4,"rev":4},{"n":6,"rev":6}],"seq":6,"end":true}`}, disordered: 1},
		"doubled in a sync":      {log: []string{empty, msg[1], msg[2], msg[3], "cut", `{"t":"sync","up":[{"n":4,"rev":4},{"n":4,"rev":4},{"n":5,"rev":5},{"n":6,"rev":6}],"seq":6,"end":true}`}, doubled: 1},
		"a sync brings what was": {log: []string{empty, msg[1], msg[2], msg[3], "cut", `{"t":"sync","up":[{"n":3,"rev":3},{"n":4,"rev":4},{"n":5,"rev":5},{"n":6,"rev":6}],"seq":6,"end":true}`}, doubled: 1},
		"a sync ahead of its events": {log: []string{empty, msg[1], msg[2], msg[3], "cut",
			`{"t":"sync","up":[{"n":4,"rev":4}],"seq":5,"end":true}`, msg[5], msg[6]}, disordered: 1},
		"an event before the sync":  {log: []string{msg[1], `{"t":"sync","up":[],"seq":6,"end":true}`}, disordered: 1},
		"a hole that a cut leaves":  {log: []string{empty, msg[1], msg[3], "cut", later}, lost: 1},
		"came when all was said":    {log: []string{`{"t":"sync","up":[{"n":6,"rev":6}],"seq":6,"end":true}`}},
		"an edit meanwhile":         {log: []string{empty, msg[1], msg[2], msg[3], "cut", later, `{"t":"ev","seq":7,"k":"edit","m":{"n":2,"rev":7}}`}},
		"an edit while away":        {log: []string{empty, msg[1], msg[2], msg[3], "cut", `{"t":"sync","up":[{"n":4,"rev":4},{"n":5,"rev":5},{"n":6,"rev":6},{"n":2,"rev":7}],"seq":7,"end":true}`}},
		"nothing visible":           {log: []string{empty, msg[1], msg[2], msg[3], msg[4], msg[5], msg[6], `{"t":"ev","seq":7,"k":"nil","last_n":6}`}},
		"a state that never came":   {log: []string{empty, msg[1], msg[2], msg[3], msg[4], msg[5], msg[6], `{"t":"ev","seq":8,"k":"nil","last_n":6}`}, lost: 1},
		"a reset that is excused":   {log: []string{empty, msg[1], msg[2], msg[3], "cut", `{"t":"reset","seq":900}`, `{"t":"sync","up":[],"seq":900,"end":true}`}},
		"a reset without a reason":  {log: []string{empty, msg[1], msg[2], msg[3], "cut", `{"t":"reset","seq":6}`, `{"t":"sync","up":[],"seq":6,"end":true}`}, lost: 3},
		"sent away, owed no more":   {log: []string{empty, msg[1], msg[2], msg[3], "left"}},
		"sent away with a hole":     {log: []string{empty, msg[1], msg[3], "left"}, lost: 1},
		"the room goes back by one": {log: []string{empty, msg[1], msg[2], msg[3], msg[4], msg[5], msg[6], "cut", `{"t":"sync","up":[],"seq":5,"end":true}`}, disordered: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, tally := replay(t, c.log)
			acked := []numbers{{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}}
			if lost := l.lost(acked); lost != c.lost {
				t.Errorf("lost is %d, not %d", lost, c.lost)
			}
			if doubled, disordered := tally.doubled.Load(), tally.disordered.Load(); doubled != c.doubled || disordered != c.disordered {
				t.Errorf("doubled is %d, not %d; out of order is %d, not %d", doubled, c.doubled, disordered, c.disordered)
			}
		})
	}
}

// replay gives a forged log to a client's checker.
func replay(t *testing.T, lines []string) (*roomLog, *tally) {
	t.Helper()
	tally := &tally{}
	l := &roomLog{tally: tally, heard: func(row) {}}
	c := &client{tally: tally, logs: map[string]*roomLog{"": l}}
	for _, line := range lines {
		switch line {
		case "cut":
			l.cut()
			continue
		case "left":
			l.left = true
			continue
		}
		objects, err := read([]byte(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		c.obey(objects[0], &ending{})
	}
	return l, tally
}

func TestLedger(t *testing.T) {
	t.Parallel()
	const cmid, other = "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"
	for name, c := range map[string]struct {
		acks    []object
		rows    []row
		doubled int64
	}{
		"acked and heard":           {acks: []object{{CMID: cmid, N: 1, Seq: 1}}, rows: []row{{N: 1, HTML: "<p>" + bodyOf(cmid) + "</p>"}}},
		"acked again":               {acks: []object{{CMID: cmid, N: 1, Seq: 1}, {CMID: cmid, N: 1, Seq: 1}}},
		"acked with another number": {acks: []object{{CMID: cmid, N: 1, Seq: 1}, {CMID: cmid, N: 2, Seq: 2}}, doubled: 1},
		"heard as two rows":         {rows: []row{{N: 1, HTML: bodyOf(cmid)}, {N: 2, HTML: bodyOf(cmid)}}, doubled: 1},
		"somebody else's words":     {rows: []row{{N: 1, HTML: "<p>Good night</p>"}, {N: 2, HTML: bodyOf("short")}, {N: 3, HTML: bodyOf(other)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tally := &tally{}
			l := newLedger(tally)
			l.said(&message{cmid: cmid, room: "lounge", at: time.Now()})
			for _, ack := range c.acks {
				l.acked(ack)
			}
			for _, r := range c.rows {
				l.heard(r)
			}
			if doubled := tally.doubled.Load(); doubled != c.doubled {
				t.Errorf("doubled is %d, not %d", doubled, c.doubled)
			}
			if acked, want := tally.acked.Load(), int64(min(1, len(c.acks))); acked != want {
				t.Errorf("acked is %d, not %d", acked, want)
			}
		})
	}
}

func TestMisnumbered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		acked               []numbers
		doubled, disordered int64
	}{
		"rising":           {acked: []numbers{{1, 1}, {2, 3}, {3, 4}}},
		"one n for two":    {acked: []numbers{{1, 1}, {1, 2}}, doubled: 1},
		"one seq for two":  {acked: []numbers{{1, 1}, {2, 1}}, doubled: 1},
		"n against seq":    {acked: []numbers{{2, 1}, {1, 2}}, disordered: 1},
		"nothing was said": {},
	} {
		doubled, disordered := misnumbered(c.acked)
		if doubled != c.doubled || disordered != c.disordered {
			t.Errorf("%s: doubled %d, out of order %d", name, doubled, disordered)
		}
	}
}

// Spans must agree with the plainest set there is, whatever the order of arrival.
func TestSpans(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var s spans
		plain := map[int64]bool{}
		for range random.IntN(20) {
			from := random.Int64N(40)
			to := from + random.Int64N(4)
			s.add(from, to)
			for number := from; number <= to; number++ {
				plain[number] = true
			}
		}
		var holes, since int64
		begun := false
		for number := range int64(50) {
			if s.has(number) != plain[number] {
				t.Fatalf("%v and %d: %v", s, number, plain[number])
			}
			switch {
			case !plain[number]:
				since++
			case begun:
				holes, since = holes+since, 0
			default:
				begun, since = true, 0
			}
		}
		if s.holes() != holes {
			t.Fatalf("%v has %d holes, not %d", s, s.holes(), holes)
		}
		if !slices.IsSortedFunc(s, func(a, b span) int { return int(a.to + 2 - b.from) }) {
			t.Fatalf("%v is not apart", s)
		}
	}
}
