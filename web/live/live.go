// Package live carries the rooms over websockets: the upgrade, the reading and the writing side of
// each socket, and the ends that a sign-out or a shutdown put to them. PROTOCOL.md beside this file
// is its contract. It is the only server package that knows gorilla/websocket.
package live

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/platform/ratelimit"
)

// The figures of CHAT-PROTOCOL sections 2, 4 and 5.
const (
	version       = 1
	subProtocol   = "firstdrops.v1"
	maxFrame      = 64 << 10 // inbound
	frameObjects  = 16       // outbound objects in a frame
	queueObjects  = 256
	queueBytes    = 128 << 10
	socketsPerson = 8
	socketsHost   = 200
	roomsAllowed  = 30
	faultsAllowed = 6 // the sixth frame that cannot be understood ends the socket
	helloTime     = 10 * time.Second
	silence       = 40 * time.Second
	pingEvery     = 25 * time.Second

	closeSlow      = 4001
	closeSilent    = 4002
	closeResync    = 4003
	closeEnded     = 4401
	closeSuspended = 4403
	closeTooOld    = 4409
	closeReplaced  = 4429

	writeTime   = 10 * time.Second
	goodbyeTime = time.Second
	queryTime   = 3 * time.Second
	syncRetry   = time.Second
	checkEvery  = 30 * time.Second // sessions are looked up again, in case a hint was lost
)

// pingPause is 25 s, 10 % more or less, so that pings do not come in waves.
func pingPause() time.Duration {
	return pingEvery*9/10 + rand.N(pingEvery/5) //nolint:gosec // jitter, not a secret
}

// People is what live needs of accounts: who a cookie is, which sessions still live, and who of those whose sessions do not
// is suspended.
type People interface {
	Viewer(ctx context.Context, token string) (accounts.Viewer, error)
	LiveSessions(ctx context.Context, ids []int64) ([]int64, error)
	SuspendedOf(ctx context.Context, sessionIDs []int64) ([]int64, error)
}

// Live is all sockets of one node.
type Live struct {
	Config
	chat   *chat.Chat
	people People
	subs   *ratelimit.Limiter
	up     websocket.Upgrader
	ctx    context.Context
	stop   context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	sockets map[*socket]struct{}
	persons map[int64][]*socket // oldest first
	hosts   map[string]int
}

// Config is what the sockets need to know of the site.
type Config struct {
	Origin  string // the site's own: the only one whose pages may connect
	Limited bool   // FIRSTDROPS_LIMITS
	Now     func() time.Time
}

// New makes the socket side of a node.
func New(rooms *chat.Chat, people People, bus chat.Bus, config Config) (*Live, error) {
	ctx, stop := context.WithCancel(context.Background())
	l := &Live{
		Config: config, chat: rooms, people: people, ctx: ctx, stop: stop,
		sockets: map[*socket]struct{}{}, persons: map[int64][]*socket{}, hosts: map[string]int{},
		up: websocket.Upgrader{
			HandshakeTimeout: 5 * time.Second,
			Subprotocols:     []string{subProtocol},
			WriteBufferPool:  &sync.Pool{},
			ReadBufferSize:   1024,
			WriteBufferSize:  4096,
			CheckOrigin:      func(*http.Request) bool { return true }, // ours is stricter and stands before
			Error:            refuseUpgrade,
		},
	}
	if config.Limited {
		l.subs = ratelimit.New(60, time.Minute)
	}
	err := errors.Join(
		bus.Subscribe(accounts.SessionSubject+"*", l.sessionEnded),
		bus.Subscribe(accounts.SuspendedSubject+"*", l.suspended),
		bus.Subscribe(accounts.BellSubject+"*", l.rang),
	)
	if err != nil {
		stop()
		return nil, err
	}
	l.work.Go(l.check)
	return l, nil
}

// Serve judges a connection, upgrades it and stays until it ends; token is the session cookie and
// address the peer's, both found by the site's own rules. It tells whether there was a socket.
func (l *Live) Serve(w http.ResponseWriter, r *http.Request, token, address string) bool {
	if origins := r.Header.Values("Origin"); len(origins) != 1 || origins[0] != l.Origin {
		problem(w, http.StatusForbidden, "This door opens only from the site itself.")
		return false
	}
	ctx, cancel := context.WithTimeout(r.Context(), queryTime)
	viewer, err := l.people.Viewer(ctx, token)
	cancel()
	switch {
	case err != nil:
		w.Header().Set("Retry-After", "2")
		problem(w, http.StatusServiceUnavailable, "The house cannot look you up at the moment.")
		return false
	case viewer.Guest():
		problem(w, http.StatusUnauthorized, "Please sign in first.")
		return false
	case viewer.Suspended(l.Now()):
		problem(w, http.StatusForbidden, "The rooms are closed to you until your suspension ends.")
		return false
	}
	host := hostOf(address)
	if !l.room(host) {
		w.Header().Set("Retry-After", strconv.Itoa(int(silence.Seconds())))
		problem(w, http.StatusServiceUnavailable, "There are too many connections from your network.")
		return false
	}
	return l.upgrade(w, r, viewer, host)
}

func (l *Live) upgrade(w http.ResponseWriter, r *http.Request, viewer accounts.Viewer, host string) bool {
	defer l.freed(host)
	if !websocket.IsWebSocketUpgrade(r) || !offers(r, subProtocol) {
		problem(w, http.StatusBadRequest, "The sub-protocol here is "+subProtocol+".")
		return false
	}
	conn, err := l.up.Upgrade(w, r, nil)
	if err != nil {
		return false // answered by refuseUpgrade
	}
	s := &socket{
		live: l, conn: conn, viewer: viewer, id: uuid.NewString(),
		wake: make(chan struct{}, 1), rooms: map[string]*chat.Following{}, unread: viewer.Unread,
	}
	if !l.add(s) {
		_ = conn.Close()
		return true
	}
	defer l.remove(s)
	var writing sync.WaitGroup
	writing.Go(s.write)
	s.read()
	for _, following := range s.rooms {
		following.Leave()
	}
	writing.Wait()
	_ = conn.Close()
	return true
}

func offers(r *http.Request, protocol string) bool {
	for _, offered := range websocket.Subprotocols(r) {
		if offered == protocol {
			return true
		}
	}
	return false
}

// hostOf is what the limit of sockets goes by: an IPv4 address, or the /64 that an IPv6 home has.
func hostOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

// room takes a place for one more socket of a host; freed gives it back.
func (l *Live) room(host string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || (l.Limited && l.hosts[host] >= socketsHost) {
		return false
	}
	l.hosts[host]++
	return true
}

func (l *Live) freed(host string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hosts[host]--; l.hosts[host] <= 0 {
		delete(l.hosts, host)
	}
}

// add registers a socket. A ninth of one person closes that person's oldest.
func (l *Live) add(s *socket) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	mine := append(l.persons[s.viewer.ID], s)
	if l.Limited && len(mine) > socketsPerson {
		mine[0].end(closeReplaced)
		mine = mine[1:]
	}
	l.persons[s.viewer.ID] = mine
	l.sockets[s] = struct{}{}
	l.work.Add(1)
	return true
}

func (l *Live) remove(s *socket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.sockets, s)
	mine := l.persons[s.viewer.ID]
	for i, other := range mine {
		if other == s {
			mine = append(mine[:i:i], mine[i+1:]...)
			break
		}
	}
	if l.persons[s.viewer.ID] = mine; len(mine) == 0 {
		delete(l.persons, s.viewer.ID)
	}
	l.work.Done()
}

// sessionEnded closes the sockets of a session as soon as the hint of its end comes. Where it was renewed they come again,
// with the cookie that the browser has by then.
func (l *Live) sessionEnded(subject string, data []byte) {
	code := closeEnded
	if string(data) == accounts.SessionRenewed {
		code = closeResync
	}
	if id, ok := idAfter(accounts.SessionSubject, subject); ok {
		l.endWhere(func(s *socket) bool { return s.viewer.SessionID == id }, code)
	}
}

// suspended closes a person's sockets as soon as the news comes.
func (l *Live) suspended(subject string, _ []byte) {
	if id, ok := idAfter(accounts.SuspendedSubject, subject); ok {
		l.endWhere(func(s *socket) bool { return s.viewer.ID == id }, closeSuspended)
	}
}

// rang tells a person's pages how many notices wait.
func (l *Live) rang(subject string, data []byte) {
	id, ok := idAfter(accounts.BellSubject, subject)
	count, err := strconv.Atoi(string(data))
	if !ok || err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.persons[id] {
		s.ring(count)
	}
}

// idAfter reads the id that a subject ends with.
func idAfter(prefix, subject string) (int64, bool) {
	id, err := strconv.ParseInt(strings.TrimPrefix(subject, prefix), 10, 64)
	return id, err == nil
}

func (l *Live) endWhere(which func(*socket) bool, code int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.sockets {
		if which(s) {
			s.end(code)
		}
	}
}

// check looks every session up again, so that a lost hint delays the end of a socket and no more.
func (l *Live) check() {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-tick.C:
			l.checkSessions()
		}
	}
}

func (l *Live) checkSessions() {
	l.mu.Lock()
	asked := map[int64]bool{} // and in the end, whether the session's person is suspended
	for s := range l.sockets {
		asked[s.viewer.SessionID] = false
	}
	l.mu.Unlock()
	if len(asked) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(l.ctx, queryTime)
	defer cancel()
	living, err := l.people.LiveSessions(ctx, slices.Collect(maps.Keys(asked)))
	if err != nil {
		slog.Warn("looking up the sockets' sessions", "error", err)
		return
	}
	for _, id := range living {
		delete(asked, id)
	}
	l.endSessions(ctx, asked)
}

// endSessions closes the sockets of sessions that do not live, each with the reason for it.
func (l *Live) endSessions(ctx context.Context, over map[int64]bool) {
	if len(over) == 0 {
		return
	}
	suspended, err := l.people.SuspendedOf(ctx, slices.Collect(maps.Keys(over)))
	if err != nil {
		slog.Warn("looking up why sessions are over", "error", err) // they close all the same
	}
	for _, id := range suspended {
		over[id] = true
	}
	l.endWhere(func(s *socket) bool { return over[s.viewer.SessionID] }, closeSuspended)
	l.endWhere(func(s *socket) bool { _, is := over[s.viewer.SessionID]; return is }, closeEnded)
}

// Close says goodbye to every socket and waits until they are gone or ctx is over.
func (l *Live) Close(ctx context.Context) {
	window := 2 * time.Second
	l.mu.Lock()
	l.closed = true
	for s := range l.sockets {
		s.Push(chat.NewObject(wireBye{T: "bye", Window: window.Milliseconds()}), false)
		s.end(websocket.CloseServiceRestart)
	}
	l.mu.Unlock()
	gone := make(chan struct{})
	go func() {
		l.stop()
		l.work.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
		l.endHard()
		<-gone
	}
}

// endHard cuts those who do not say goodbye.
func (l *Live) endHard() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.sockets {
		_ = s.conn.Close()
	}
}

func refuseUpgrade(w http.ResponseWriter, _ *http.Request, status int, _ error) {
	problem(w, status, "This is where the live rooms connect.")
}

func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": detail})
}
