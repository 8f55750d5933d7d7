package bus_test

import (
	"net"
	"testing"
	"time"

	"firstdrops/server/platform/bus"
)

func address(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

func hear(t *testing.T, b *bus.Bus, subject string) chan string {
	t.Helper()
	heard := make(chan string, 100)
	if err := b.Subscribe(subject, func(subject string, data []byte) { heard <- subject + " " + string(data) }); err != nil {
		t.Fatal(err)
	}
	return heard
}

func wait[T comparable](t *testing.T, from chan T, want T) {
	t.Helper()
	select {
	case got := <-from:
		if got != want {
			t.Errorf("heard %v, not %v", got, want)
		}
	case <-time.After(15 * time.Second):
		t.Fatalf("never heard %v", want)
	}
}

func TestEmbeddedHearsItself(t *testing.T) {
	t.Parallel()
	b, err := bus.Embedded("")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	heard := hear(t, b, "room.*")
	if err := b.Publish("room.7", []byte("41")); err != nil || !b.Up() {
		t.Fatal(err)
	}
	wait(t, heard, "room.7 41")
}

func TestSecondNodeJoinsAndComesBack(t *testing.T) {
	t.Parallel()
	at := address(t)
	first, err := bus.Embedded(at)
	if err != nil {
		t.Fatal(err)
	}
	second, err := bus.Connect("nats://" + at)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	changes := make(chan bool, 10)
	second.OnChange(func(up bool) { changes <- up })
	deadline := time.Now().Add(15 * time.Second)
	for !second.Up() && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	heard := hear(t, second, "room.*")
	if err := first.Publish("room.1", []byte("a")); err != nil {
		t.Fatal(err)
	}
	wait(t, heard, "room.1 a")
	first.Close()
	for up := range changes { // the first connection may be told late
		if !up {
			break
		}
	}
	if err := second.Publish("room.1", nil); err == nil {
		t.Error("a hint into the void was not refused")
	}
	again, err := bus.Embedded(at)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	wait(t, changes, true)
	for range 100 { // the subscription follows a moment after the connection
		if err := again.Publish("room.1", []byte("b")); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-heard:
			if got != "room.1 b" {
				t.Errorf("heard %q", got)
			}
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Error("the subscription did not come back")
}

func TestConnectDoesNotWait(t *testing.T) {
	t.Parallel()
	b, err := bus.Connect("nats://" + address(t))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if b.Up() || b.Subscribe("x", func(string, []byte) {}) != nil || b.Publish("x", nil) == nil {
		t.Error("a bus that is away: up, or its subscription refused, or its hint taken")
	}
}

func TestTakenAddressIsAnError(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	for _, at := range []string{listener.Addr().String(), "nonsense", "127.0.0.1:x"} {
		if b, err := bus.Embedded(at); err == nil {
			b.Close()
			t.Errorf("listening at %s", at)
		}
	}
}
