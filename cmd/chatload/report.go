package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"
)

// tally counts while the load runs.
type tally struct {
	sent, acked, delivered          atomic.Int64
	doubled, disordered, unreadable atomic.Int64
	reconnects, slow, resets        atomic.Int64
	toAck, toDeliver                latencies

	mu      sync.Mutex
	refused map[string]int64 // by code
}

func (t *tally) refuse(code string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refused == nil {
		t.refused = map[string]int64{}
	}
	t.refused[code]++
}

// refusals lists what was refused, with codes in their order.
func (t *tally) refusals() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var total int64
	var codes []string
	for _, code := range slices.Sorted(maps.Keys(t.refused)) {
		total += t.refused[code]
		codes = append(codes, fmt.Sprintf("%s %d", code, t.refused[code]))
	}
	if total == 0 {
		return "0"
	}
	return fmt.Sprintf("%d\t%s", total, strings.Join(codes, ", "))
}

// The buckets of latencies: each is 2 % wider than the one before, from a microsecond to over an hour.
const (
	bucketGrowth = 1.02
	bucketCount  = 1200
)

// latencies is a histogram, so that a long run takes no more memory than a short one.
type latencies struct {
	mu      sync.Mutex
	buckets [bucketCount]int64
	count   int64
	longest time.Duration
}

func (l *latencies) add(d time.Duration) {
	bucket := 0
	if us := float64(d) / float64(time.Microsecond); us > 1 {
		bucket = min(bucketCount-1, int(math.Log(us)/math.Log(bucketGrowth)))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buckets[bucket]++
	l.count++
	l.longest = max(l.longest, d)
}

// quantile is the time within which a share q of all came, to 2 % exactly.
func (l *latencies) quantile(q float64) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	rank := int64(math.Ceil(q * float64(l.count)))
	var seen int64
	for bucket, count := range l.buckets {
		if seen += count; count > 0 && seen >= rank {
			upper := time.Duration(math.Pow(bucketGrowth, float64(bucket+1)) * float64(time.Microsecond))
			return min(upper, l.longest)
		}
	}
	return l.longest
}

func (l *latencies) String() string {
	l.mu.Lock()
	count, longest := l.count, l.longest
	l.mu.Unlock()
	if count == 0 {
		return "-\t-\t-\t-"
	}
	var cells []string
	for _, d := range []time.Duration{l.quantile(0.5), l.quantile(0.9), l.quantile(0.99), longest} {
		cells = append(cells, fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)))
	}
	return strings.Join(cells, "\t")
}

// result is the load at its end.
type result struct {
	plan     plan
	tally    *tally
	followed int   // clients that were in all rooms at some time
	ended    int   // clients that the site sent away for good
	lost     int64 // over all clients
	waiting  int   // messages without an answer
	cut      bool  // nobody waited until all had arrived
}

// good tells whether the site kept its word.
func (r result) good() bool {
	return r.lost == 0 && r.tally.doubled.Load() == 0 && r.tally.disordered.Load() == 0 && r.tally.unreadable.Load() == 0
}

func (r result) print(out io.Writer) error {
	t := r.tally
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name string, value any) { _, _ = fmt.Fprintf(table, "%s\t%v\n", name, value) }
	line("clients", fmt.Sprintf("%d\tof %d in %s", r.followed, r.plan.clients, strings.Join(r.plan.rooms, ", ")))
	line("sent", fmt.Sprintf("%d\tat %g a second in all, for %s", t.sent.Load(), r.plan.rate, r.plan.talking))
	line("acked", t.acked.Load())
	line("delivered", t.delivered.Load())
	line("lost", r.lost)
	line("doubled", t.doubled.Load())
	line("out of order", t.disordered.Load())
	line("unreadable", t.unreadable.Load())
	line("unanswered", r.waiting)
	line("refused", t.refusals())
	line("reconnects", t.reconnects.Load())
	line("slow closes", t.slow.Load())
	line("resets", t.resets.Load())
	line("sent away", r.ended)
	_, _ = fmt.Fprintf(table, "\nms\tp50\tp90\tp99\tmax\nsend→ack\t%s\nsend→deliver\t%s\n", &t.toAck, &t.toDeliver)
	if r.cut {
		_, _ = fmt.Fprintln(table, "\nThe wait ended before everything had arrived: what was still under way counts as lost.")
	}
	if err := table.Flush(); err != nil { // the writes above go to its memory
		return fmt.Errorf("printing the table: %w", err)
	}
	return nil
}
