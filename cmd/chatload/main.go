// Command chatload loads the live rooms of a site and checks what comes back: that no message is
// lost, doubled or out of order for any of many clients, and how long it takes. It speaks the wire
// protocol of web/live/PROTOCOL.md as a stranger would, and shares no code with the site, so that
// the two cannot be wrong together.
//
//	firstdrops bench people --count 200 > cookies      # needs FIRSTDROPS_LIMITS=off, as the site does
//	chatload --url http://localhost:8080 --rooms 1 --clients 200 --rate 50 --seconds 10 --cookies cookies
//
// It ends with 1 when anything was lost, doubled or out of order, and with 2 when it could not run.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

const (
	maxClients   = 20_000
	maxSeconds   = 3600
	maxRate      = 100_000
	maxRooms     = 30 // that one socket may follow
	personShares = 8  // sockets that the site allows one person
)

// seededRooms are those that every site has; --rooms N is the first N of them.
var seededRooms = []string{"lounge", "pump-together", "night-feeds"}

// flags are the command line as it was typed.
type flags struct {
	URL     []string `name:"url" default:"http://localhost:8080" help:"The site on this machine; several, with commas between, are the nodes of one site."`
	Rooms   string   `name:"rooms" default:"1" help:"Slugs with commas between, or a number: the first N of lounge, pump-together, night-feeds."`
	Clients int      `name:"clients" default:"200" help:"How many sockets, at most 20,000."`
	Rate    float64  `name:"rate" default:"50" help:"Messages per second in all."`
	Seconds int      `name:"seconds" default:"10" help:"How long messages are sent, at most 3,600."`
	Cookies string   `name:"cookies" required:"" type:"existingfile" help:"A file with one Cookie header value a line, as firstdrops bench people prints them."`
	Origin  string   `name:"origin" help:"The Origin header, where the site's base URL is not the --url."`
}

// plan is what the flags ask for, judged.
type plan struct {
	nodes   []node
	rooms   []string
	clients int
	rate    float64       // messages per second in all
	talking time.Duration // how long messages are sent
	cookies []string
}

// node is one address of the site.
type node struct{ socket, origin string }

func main() {
	var f flags
	kong.Parse(&f, kong.Name("chatload"), kong.Description("Loads the live rooms of a site on this machine and checks that no message is lost, doubled or out of order."))
	p, err := f.plan()
	if err != nil {
		fail(err)
	}
	if most := (p.clients + len(p.cookies) - 1) / len(p.cookies); most > personShares {
		fmt.Fprintf(os.Stderr, "chatload: %d sockets for some people, where a site with limits allows %d: it must run with FIRSTDROPS_LIMITS=off\n", most, personShares)
	}
	talk, settle := interrupts()
	result, err := newLoad(p).run(talk, settle)
	if err != nil {
		fail(err)
	}
	if err := result.print(os.Stdout); err != nil {
		fail(err)
	}
	if !result.good() {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "chatload:", err)
	os.Exit(2)
}

// interrupts gives two contexts: the first Ctrl-C ends the talking, the second the waiting for what
// is still under way. The table is printed either way.
func interrupts() (talk, settle context.Context) {
	talk, endTalk := context.WithCancel(context.Background())
	settle, endSettle := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		endTalk()
		<-signals
		endSettle()
	}()
	return talk, settle
}

func (f flags) plan() (plan, error) {
	p := plan{clients: f.Clients, rate: f.Rate, talking: time.Duration(f.Seconds) * time.Second}
	switch {
	case f.Clients < 1 || f.Clients > maxClients:
		return p, fmt.Errorf("--clients is %d; from 1 to %d are possible", f.Clients, maxClients)
	case f.Seconds < 1 || f.Seconds > maxSeconds:
		return p, fmt.Errorf("--seconds is %d; from 1 to %d are possible", f.Seconds, maxSeconds)
	case !(f.Rate > 0 && f.Rate <= maxRate):
		return p, fmt.Errorf("--rate is %g; more than 0 and at most %d are possible", f.Rate, maxRate)
	}
	for _, address := range f.URL {
		n, err := nodeAt(address, f.Origin)
		if err != nil {
			return p, err
		}
		p.nodes = append(p.nodes, n)
	}
	var err error
	if p.rooms, err = roomsOf(f.Rooms); err != nil {
		return p, err
	}
	p.cookies, err = readCookies(f.Cookies)
	return p, err
}

// nodeAt is the socket of a site on this machine. Others are refused: a load is not to be aimed at
// a site where people are.
func nodeAt(address, origin string) (node, error) {
	u, err := url.Parse(address)
	if err != nil {
		return node{}, fmt.Errorf("--url: %w", err)
	}
	if u.Scheme != "http" || u.Host == "" {
		return node{}, fmt.Errorf("--url %s: it looks like http://localhost:8080", address)
	}
	if ip, err := netip.ParseAddr(u.Hostname()); u.Hostname() != "localhost" && (err != nil || !ip.IsLoopback()) {
		return node{}, fmt.Errorf("--url %s: only a site on this machine is loaded (localhost, 127.0.0.1 or [::1])", address)
	}
	if origin == "" {
		origin = "http://" + u.Host
	}
	return node{socket: "ws://" + u.Host + "/ws", origin: strings.TrimSuffix(origin, "/")}, nil
}

func roomsOf(list string) ([]string, error) {
	if count, err := strconv.Atoi(list); err == nil {
		if count < 1 || count > len(seededRooms) {
			return nil, fmt.Errorf("--rooms %d: a number is from 1 to %d; name others by their slugs", count, len(seededRooms))
		}
		return seededRooms[:count], nil
	}
	rooms := strings.Split(list, ",")
	for i, slug := range rooms {
		rooms[i] = strings.TrimSpace(slug)
	}
	slices.Sort(rooms)
	if rooms = slices.Compact(rooms); slices.Contains(rooms, "") || len(rooms) > maxRooms {
		return nil, fmt.Errorf("--rooms %s: from 1 to %d slugs with commas between", list, maxRooms)
	}
	return rooms, nil
}

func readCookies(file string) ([]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the cookies: %w", err)
	}
	var cookies []string
	for line := range strings.Lines(string(data)) {
		if cookie := strings.TrimSpace(line); cookie != "" {
			cookies = append(cookies, cookie)
		}
	}
	if len(cookies) == 0 {
		return nil, errors.New("--cookies: there is none in the file; `firstdrops bench people --count N` prints them")
	}
	return cookies, nil
}
