package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// loadOn lets three clients say ten messages to a server; what the server does wrong must be found.
func loadOn(t *testing.T, s *server) (result, error) {
	t.Helper()
	l := newLoad(plan{
		nodes: []node{{socket: "ws" + strings.TrimPrefix(s.url, "http") + "/ws", origin: s.url}},
		rooms: []string{"lounge"}, clients: 3, rate: 100, talking: 100 * time.Millisecond, cookies: []string{"session=x"},
	})
	l.linger = 100 * time.Millisecond
	for _, c := range l.clients {
		c.resend = 50 * time.Millisecond
	}
	settle, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return l.run(t.Context(), settle)
}

func TestLoad(t *testing.T) {
	t.Parallel()
	type outcome struct{ acked, delivered, lost, doubled, disordered, reconnects int64 }
	for name, c := range map[string]struct {
		fault fault
		want  outcome
		bad   bool
	}{
		"a good server":           {want: outcome{acked: 10, delivered: 30}},
		"one lost":                {fault: fault{lose: 5}, want: outcome{acked: 10, delivered: 29, lost: 1}, bad: true},
		"one doubled":             {fault: fault{double: 5}, want: outcome{acked: 10, delivered: 30, doubled: 1}, bad: true},
		"two swapped":             {fault: fault{swap: 5}, want: outcome{acked: 10, delivered: 30, disordered: 1}, bad: true},
		"an ack lost":             {fault: fault{swallow: 5}, want: outcome{acked: 10, delivered: 30}},
		"an ack lost with a cut":  {fault: fault{cut: 5}, want: outcome{acked: 10, delivered: 30, reconnects: 1}},
		"a busy server":           {fault: fault{busy: 5}, want: outcome{acked: 10, delivered: 30}},
		"a socket to come back":   {fault: fault{away: 4001}, want: outcome{acked: 10, delivered: 30, reconnects: 1}},
		"a message kept twice":    {fault: fault{swallow: 5, forget: true}, want: outcome{acked: 10, delivered: 33, doubled: 4}, bad: true},
		"every message forbidden": {fault: fault{forbid: true}},
		"not the protocol":        {fault: fault{garbage: true}, want: outcome{acked: 10, delivered: 30}, bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := loadOn(t, serve(t, c.fault))
			if err != nil {
				t.Fatal(err)
			}
			got := outcome{r.tally.acked.Load(), r.tally.delivered.Load(), r.lost, r.tally.doubled.Load(), r.tally.disordered.Load(), r.tally.reconnects.Load()}
			if got != c.want {
				t.Errorf("%+v, not %+v", got, c.want)
			}
			if r.good() == c.bad {
				t.Errorf("good is %v", r.good())
			}
			if r.followed != 3 || r.tally.sent.Load() != 10 || r.waiting != 0 {
				t.Errorf("%d clients, %d sent, %d unanswered", r.followed, r.tally.sent.Load(), r.waiting)
			}
		})
	}
}

func TestSentAwayForGood(t *testing.T) {
	t.Parallel()
	r, err := loadOn(t, serve(t, fault{away: 4429}))
	if err != nil {
		t.Fatal(err)
	}
	if r.followed != 2 || r.ended != 1 || r.tally.reconnects.Load() != 0 || !r.good() {
		t.Errorf("%d followed, %d sent away, %d reconnects, good is %v", r.followed, r.ended, r.tally.reconnects.Load(), r.good())
	}
}

func TestNobodyComesIn(t *testing.T) {
	t.Parallel()
	s := serve(t, fault{})
	s.url += "0" // so that the origin is not what it expects
	l := newLoad(plan{
		nodes: []node{{socket: "ws" + strings.TrimPrefix(strings.TrimSuffix(s.url, "0"), "http") + "/ws", origin: "http://localhost"}},
		rooms: []string{"lounge"}, clients: 1, rate: 1, talking: time.Second, cookies: []string{"session=x"},
	})
	_, err := l.run(t.Context(), t.Context())
	if err == nil || !strings.Contains(err.Error(), "--origin") {
		t.Errorf("the error is %v", err)
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	s := serve(t, fault{})
	l := newLoad(plan{
		nodes: []node{{socket: "ws" + strings.TrimPrefix(s.url, "http") + "/ws", origin: s.url}},
		rooms: []string{"lounge"}, clients: 2, rate: 50, talking: time.Hour, cookies: []string{"session=x"},
	})
	talk, interrupt := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer interrupt()
	r, err := l.run(talk, t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := r.print(&table); err != nil {
		t.Fatal(err)
	}
	sent := r.tally.sent.Load()
	if sent == 0 || r.tally.acked.Load() != sent || !r.good() || !strings.Contains(table.String(), "send→deliver") {
		t.Errorf("%d sent\n%s", sent, &table)
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	cookies := filepath.Join(t.TempDir(), "cookies")
	if err := os.WriteFile(cookies, []byte("session=a\n\nsession=b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := flags{URL: []string{"http://127.0.0.1:8080", "http://localhost:8081/"}, Rooms: "2", Clients: 3, Rate: 1, Seconds: 1, Cookies: cookies}
	p, err := good.plan()
	if err != nil {
		t.Fatal(err)
	}
	if len(p.cookies) != 2 || len(p.rooms) != 2 || p.nodes[1] != (node{"ws://localhost:8081/ws", "http://localhost:8081"}) {
		t.Errorf("%+v", p)
	}
	for name, spoil := range map[string]func(*flags){
		"--url http://example.org":    func(f *flags) { f.URL = []string{"http://example.org"} },
		"--url http://localhost.evil": func(f *flags) { f.URL = []string{"http://localhost.evil"} },
		"--url http://10.0.0.1":       func(f *flags) { f.URL = []string{"http://127.0.0.1", "http://10.0.0.1"} },
		"--url https://localhost":     func(f *flags) { f.URL = []string{"https://localhost"} },
		"--rooms 4":                   func(f *flags) { f.Rooms = "4" },
		"--rooms lounge,,":            func(f *flags) { f.Rooms = "lounge,," },
		"--clients is 20001":          func(f *flags) { f.Clients = 20001 },
		"--clients is 0":              func(f *flags) { f.Clients = 0 },
		"--seconds is 3601":           func(f *flags) { f.Seconds = 3601 },
		"--rate is 0":                 func(f *flags) { f.Rate = 0 },
		"reading the cookies":         func(f *flags) { f.Cookies = filepath.Join(t.TempDir(), "none") },
		"--cookies: there is none":    func(f *flags) { f.Cookies = os.DevNull },
	} {
		f := good
		spoil(&f)
		if _, err := f.plan(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestQuantiles(t *testing.T) {
	t.Parallel()
	var l latencies
	for ms := range 1000 {
		l.add(time.Duration(ms+1) * time.Millisecond)
	}
	for q, want := range map[float64]time.Duration{0.5: 500 * time.Millisecond, 0.9: 900 * time.Millisecond, 0.99: 990 * time.Millisecond, 1: time.Second} {
		if got := l.quantile(q); got < want || float64(got) > bucketGrowth*float64(want) {
			t.Errorf("the quantile %g is %s, not %s", q, got, want)
		}
	}
}
