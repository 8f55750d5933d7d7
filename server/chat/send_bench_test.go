package chat_test

import (
	"testing"

	"firstdrops/server/chat"
)

// BenchmarkSend is send → commit → ack, one after the other on a node that nobody follows. It
// reports the SQL statements of a send, BEGIN and COMMIT apart.
func BenchmarkSend(b *testing.B) {
	h := newHouse(b, 1)
	said := line("Left side only tonight, the right one is on strike. Who is with me?")
	if _, err := h.chat.Send(b.Context(), h.who[0], said); err != nil { // prepares the statements
		b.Fatal(err)
	}
	before := h.db.Statements()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.chat.Send(b.Context(), h.who[0], line(said.Body)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(h.db.Statements()-before)/float64(b.N), "statements/op")
}

// BenchmarkSendTogether is the same with 64 senders at once: those who wait together share a
// transaction.
func BenchmarkSendTogether(b *testing.B) {
	h := newHouse(b, 64)
	if _, err := h.chat.Send(b.Context(), h.who[0], line("warm")); err != nil {
		b.Fatal(err)
	}
	before := h.db.Statements()
	b.ReportAllocs()
	acks := make(chan error, 64)
	b.ResetTimer()
	for i := range b.N {
		if i >= 64 {
			if err := <-acks; err != nil {
				b.Fatal(err)
			}
		}
		h.chat.Submit(h.who[i%64], line("Here too."), func(_ chat.Ack, err error) { acks <- err })
	}
	for range min(b.N, 64) {
		if err := <-acks; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(h.db.Statements()-before)/float64(b.N), "statements/op")
}
