// Package bus carries news between nodes: hints with ids, never words. It is NATS core, at most
// once: what must not be lost is in Postgres, and whoever listens heals from there.
package bus

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Bus is one node's connection, with the embedded server where the node has one.
type Bus struct {
	conn   *nats.Conn
	server *server.Server
	mu     sync.Mutex
	change []func(up bool)
}

// Embedded runs NATS inside the process: without a port where listen is empty, else also on
// listen (host:port), so that a second node can join.
func Embedded(listen string) (*Bus, error) {
	options := &server.Options{DontListen: listen == "", NoSigs: true, NoLog: true}
	if listen != "" {
		host, port, err := net.SplitHostPort(listen)
		if err != nil {
			return nil, fmt.Errorf("listening for other nodes: %w", err)
		}
		options.Host = host
		if options.Port, err = strconv.Atoi(port); err != nil {
			return nil, fmt.Errorf("listening for other nodes: %w", err)
		}
	}
	embedded, err := server.NewServer(options)
	if err != nil {
		return nil, fmt.Errorf("starting the embedded NATS: %w", err)
	}
	embedded.Start()
	if !embedded.ReadyForConnections(5 * time.Second) {
		embedded.Shutdown()
		return nil, errors.New("the embedded NATS did not start; its address may be taken")
	}
	b, err := connect("", nats.InProcessServer(embedded))
	if err != nil {
		embedded.Shutdown()
		return nil, err
	}
	b.server = embedded
	return b, nil
}

// Connect joins the NATS servers at urls, comma separated. It returns at once: a server that is
// away now is found when it comes back.
func Connect(urls string) (*Bus, error) {
	return connect(urls, nats.RetryOnFailedConnect(true))
}

func connect(urls string, extra nats.Option) (*Bus, error) {
	b := &Bus{}
	conn, err := nats.Connect(urls, extra,
		nats.Name("firstdrops"), nats.MaxReconnects(-1), nats.ReconnectWait(250*time.Millisecond),
		nats.ReconnectJitter(100*time.Millisecond, 100*time.Millisecond), nats.RetryOnFailedConnect(true),
		nats.ReconnectBufSize(-1), // a stale hint is worth nothing
		nats.PingInterval(5*time.Second), nats.MaxPingsOutstanding(2),
		nats.ConnectHandler(func(*nats.Conn) { b.tell(true) }),
		nats.ReconnectHandler(func(*nats.Conn) { b.tell(true) }),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { b.tell(false) }),
	)
	if err != nil {
		return nil, fmt.Errorf("connecting to NATS: %w", err)
	}
	b.conn = conn
	return b, nil
}

// Publish sends a hint; an error means that it is lost, which listeners survive.
func (b *Bus) Publish(subject string, data []byte) error {
	if !b.conn.IsConnected() {
		return nats.ErrDisconnected
	}
	return b.conn.Publish(subject, data)
}

// Subscribe calls fn, one at a time, for every hint on subject (NATS wildcards allowed). It returns
// when the server knows of the interest, or at once where the server is away.
func (b *Bus) Subscribe(subject string, fn func(subject string, data []byte)) error {
	if _, err := b.conn.Subscribe(subject, func(m *nats.Msg) { fn(m.Subject, m.Data) }); err != nil {
		return fmt.Errorf("subscribing to %s: %w", subject, err)
	}
	if !b.conn.IsConnected() {
		return nil
	}
	return b.conn.FlushTimeout(5 * time.Second)
}

// Up reports whether hints flow at the moment.
func (b *Bus) Up() bool { return b.conn.IsConnected() }

// OnChange calls fn when the connection is lost (false) and when it is back (true).
func (b *Bus) OnChange(fn func(up bool)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.change = append(b.change, fn)
}

func (b *Bus) tell(up bool) {
	b.mu.Lock()
	listeners := b.change
	b.mu.Unlock()
	for _, fn := range listeners {
		fn(up)
	}
}

// Close leaves the bus and ends the embedded server.
func (b *Bus) Close() {
	b.conn.Close()
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
}
