package live_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"net"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"firstdrops/server/chat"
)

// BenchmarkBroadcast is a message on its way to 1,000 sockets: from the send until the last socket
// has it. The listeners allocate nothing; what a send itself allocates is measured in a room that
// nobody follows and taken off, so that broadcast-allocs/op is the price of being heard.
func BenchmarkBroadcast(b *testing.B) {
	const sockets = 1000
	news := newBus(b)
	h := newHouse(b, 1, news)
	n := h.node(news, false)
	var heard atomic.Int64
	arrived := make(chan struct{}, 1)
	target := atomic.Int64{}
	for range sockets {
		conn, status := n.dial(b, n.header(h.tokens[0]))
		if conn == nil {
			b.Fatalf("refused with %d", status)
		}
		if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"t":"hello","v":1,"rooms":{"lounge":0}}`)); err != nil {
			b.Fatal(err)
		}
		synced := make(chan struct{})
		go count(conn.NetConn(), synced, func() {
			if heard.Add(1) == target.Load() {
				arrived <- struct{}{}
			}
		})
		<-synced
	}
	time.Sleep(3 * time.Second) // until presence is quiet
	say := func(room string) {
		line := chat.Line{Room: room, CMID: uuid.NewString(), Body: "Left side only tonight. Who is with me?"}
		if _, err := n.chat.Send(b.Context(), h.viewers[0], line); err != nil {
			b.Fatal(err)
		}
	}
	broadcast := func() {
		target.Store(heard.Load() + sockets)
		say("lounge")
		<-arrived
	}
	broadcast()
	say("night-feeds")
	alone := mallocs(b.N, func() { say("night-feeds") })
	b.ResetTimer()
	all := mallocs(b.N, broadcast)
	b.StopTimer()
	b.ReportMetric((all-alone)/float64(b.N), "broadcast-allocs/op")
	b.ReportMetric(all/float64(b.N), "all-allocs/op")
}

func mallocs(times int, do func()) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range times {
		do()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs)
}

// count reads frames as they come off the wire and tells each event, without allocating. The first
// frames until a sync is over close synced.
func count(conn net.Conn, synced chan struct{}, event func()) {
	in := bufio.NewReaderSize(conn, 16<<10)
	for {
		head, err := in.Peek(4)
		if err != nil {
			return
		}
		size, skip := int(head[1]&0x7f), 2
		if size == 126 {
			size, skip = int(binary.BigEndian.Uint16(head[2:])), 4
		}
		if _, err := in.Discard(skip); err != nil {
			return
		}
		start, err := in.Peek(min(size, 12))
		if err != nil {
			return
		}
		switch {
		case bytes.HasPrefix(start, []byte(`{"t":"ev"`)):
			event()
		case bytes.HasPrefix(start, []byte(`{"t":"sync"`)) && synced != nil:
			close(synced)
			synced = nil
		}
		if _, err := in.Discard(size); err != nil {
			return
		}
	}
}
