package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	_ "gocloud.dev/blob/s3blob" // BLOB_URL=s3://…

	"firstdrops/server/accounts"
	selves "firstdrops/server/accounts/settings"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/demo"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/groups"
	"firstdrops/server/joining"
	"firstdrops/server/leaving"
	"firstdrops/server/moderation"
	"firstdrops/server/notify"
	"firstdrops/server/platform/blob"
	"firstdrops/server/platform/bus"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
	"firstdrops/server/platform/mail"
	"firstdrops/server/search"
	"firstdrops/server/signin"
	"firstdrops/server/words"
	"firstdrops/web"
	"firstdrops/web/live"
)

type serve struct {
	Demo bool `help:"Fill an empty database with a community to look at; one that was filled so is served as it is."`
}

// Run serves until ctx is over, then takes everything down in the order in which it depends on each
// other.
func (s serve) Run(ctx context.Context) error {
	config, err := ReadConfig(os.Getenv)
	if err != nil {
		return err
	}
	node := &node{config: config, demo: s.Demo}
	defer node.close()
	if err := node.open(ctx); err != nil {
		return err
	}
	fmt.Printf("First Drops is open at %s\n%s\n", config.Base, s.whoSignsIn())
	select {
	case <-ctx.Done():
		return nil
	case err := <-node.failed:
		return err
	}
}

// whoSignsIn is a line on how somebody with a role comes in.
func (s serve) whoSignsIn() string {
	if s.Demo {
		return fmt.Sprintf("Sign in as %s, each with the password %s; the last three also with a code of the TOTP secret %s",
			strings.Join(demo.SignIns, ", "), demo.Password, demo.Secret)
	}
	return "The first administrator: go run ./cmd/firstdrops admin create --handle NAME --email ADDRESS"
}

// node is one running server. What is opened is closed in the opposite order.
type node struct {
	config Config
	demo   bool
	failed chan error
	ends   []func()
}

func (n *node) onClose(end func()) { n.ends = append(n.ends, end) }

func (n *node) close() {
	for i := len(n.ends) - 1; i >= 0; i-- {
		n.ends[i]()
	}
}

// open builds everything, in order, by hand.
func (n *node) open(ctx context.Context) error {
	c := n.config
	site, admin, err := listen(c)
	if err != nil {
		return err
	}
	n.onClose(func() { _ = site.Close(); _ = admin.Close() })
	target, release, err := c.openDatabase(ctx)
	if err != nil {
		return err
	}
	n.onClose(release)
	database := db.Open(target)
	n.onClose(func() { _ = database.Close() })
	news, err := openBus(c)
	if err != nil {
		return err
	}
	n.onClose(news.Close)
	queue, err := jobs.NewQueue(database)
	if err != nil {
		return err
	}
	if err := n.fill(ctx, database, queue); err != nil {
		return err
	}
	mailer, letters, err := n.openMail()
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	deps := web.Deps{
		Accounts: accounts.New(database, queue, news, time.Now), Forum: forum.New(database, queue, time.Now), Search: search.New(database, time.Now),
		Words: words.New(database), Audit: audit.New(database), Letters: letters,
		Base: c.Base, Proxies: c.Proxies, Limited: c.Limited, Ping: database.PingContext,
		Metrics: registry, Log: slog.Default(), Now: time.Now,
	}
	if err := n.openRooms(database, queue, news, &deps); err != nil {
		return err
	}
	c.openDomains(database, queue, &deps)
	if err := n.openLeaving(ctx, database, queue, mailer, &deps); err != nil {
		return err
	}
	if err := n.startJobs(ctx, target, workers(deps, mailer)); err != nil {
		return err
	}
	n.failed = make(chan error, 2)
	n.serve(site, web.New(deps))
	n.serve(admin, adminHandler(registry, database.PingContext))
	n.onClose(func() { n.leave(deps.Live) })
	return nil
}

// openDomains builds what stands on people, the forum and the rooms.
func (c *Config) openDomains(database *db.DB, queue *jobs.Queue, d *web.Deps) {
	d.Joining = joining.New(database, queue, d.Accounts, time.Now)
	d.Joining.By(c.Join, c.joinOtherwise())
	d.Settings = selves.New(database, time.Now)
	d.Signin = signin.New(signin.Deps{DB: database, Queue: queue, Accounts: d.Accounts, Base: c.Base, Now: time.Now, Limited: c.Limited})
	d.Groups = groups.New(database, d.Accounts, time.Now)
	d.Directory = directory.New(database, queue, d.Accounts, time.Now)
	d.Moderation = moderation.New(moderation.Deps{
		DB: database, Queue: queue, Accounts: d.Accounts, Forum: d.Forum, Chat: d.Chat, Directory: d.Directory, Now: time.Now,
	})
	d.Notify = notify.New(notify.Deps{
		DB: database, Queue: queue, Accounts: d.Accounts, Moderation: d.Moderation, Base: c.Base, Now: time.Now,
	})
}

// fill writes the demo community into an empty database, where that was asked for.
func (n *node) fill(ctx context.Context, database *db.DB, queue *jobs.Queue) error {
	if !n.demo {
		return nil
	}
	return demo.Fill(ctx, database, queue, time.Now())
}

// listen takes both addresses before anything else starts, so that a taken one is told at once.
func listen(c Config) (site, admin net.Listener, err error) {
	if site, err = net.Listen("tcp", c.Listen); err != nil { //nolint:noctx // the process's own life
		return nil, nil, fmt.Errorf("FIRSTDROPS_LISTEN: %w (for example FIRSTDROPS_LISTEN=127.0.0.1:8081)", err)
	}
	if admin, err = net.Listen("tcp", c.AdminListen); err != nil { //nolint:noctx // the process's own life
		_ = site.Close()
		return nil, nil, fmt.Errorf("FIRSTDROPS_ADMIN_LISTEN: %w (for example FIRSTDROPS_ADMIN_LISTEN=127.0.0.1:9091)", err)
	}
	return site, admin, nil
}

func openBus(c Config) (*bus.Bus, error) {
	if c.NATS != "" {
		return bus.Connect(c.NATS)
	}
	news, err := bus.Embedded(c.NATSListen)
	if err != nil && c.NATSListen != "" {
		return nil, fmt.Errorf("NATS_LISTEN: %w (for example NATS_LISTEN=127.0.0.1:4223)", err)
	}
	return news, err
}

// openMail is the way that letters go, and the folder to look at them; nil where they are really sent, or anybody could look.
func (n *node) openMail() (notify.Mailer, *mail.Folder, error) {
	if n.config.Mail != nil {
		return n.config.Mail, nil, nil
	}
	folder, err := mail.NewFolder(filepath.Join(n.config.Data, "mail"))
	if err != nil || !n.config.onLoopback() {
		return folder, nil, err
	}
	return folder, folder, nil
}

// workers gives every kind of job its worker: one without would wait for ever.
func workers(d web.Deps, mailer notify.Mailer) *river.Workers {
	all := river.NewWorkers()
	d.Accounts.Workers(all, mailer, d.Base)
	d.Joining.Workers(all, mailer)
	d.Signin.Workers(all, mailer)
	d.Chat.Workers(all)
	d.Moderation.Workers(all)
	d.Notify.Workers(all, mailer)
	d.Leaving.Workers(all, mailer)
	return all
}

// openLeaving opens the place of files, and erases anew whoever has left and came back with an older database: before any job
// is done and anybody is let in.
func (n *node) openLeaving(ctx context.Context, database *db.DB, queue *jobs.Queue, mailer notify.Mailer, d *web.Deps) error {
	blobs, err := n.openBlobs(ctx)
	if err != nil {
		return err
	}
	n.onClose(func() { _ = blobs.Close() })
	letters, _ := mailer.(*mail.Folder)
	d.Leaving = leaving.New(leaving.Deps{
		DB: database, Queue: queue, Accounts: d.Accounts, Forum: d.Forum, Chat: d.Chat, Directory: d.Directory, Moderation: d.Moderation,
		Notify: d.Notify, Blobs: blobs, Letters: letters, Base: n.config.Base, Now: time.Now,
	})
	return d.Leaving.Replay(ctx)
}

func (n *node) openBlobs(ctx context.Context) (*blob.Store, error) {
	if n.config.Blobs == nil {
		return blob.Folder(filepath.Join(n.config.Data, "blobs"))
	}
	blobs, err := blob.Open(ctx, n.config.Blobs)
	if err != nil {
		return nil, fmt.Errorf("BLOB_URL: %w (for example BLOB_URL=s3://bucket?region=eu-north-1)", err)
	}
	return blobs, nil
}

// startJobs begins to work on what has to be done.
func (n *node) startJobs(ctx context.Context, target db.Target, workers *river.Workers) error {
	running, err := jobs.Start(context.WithoutCancel(ctx), target, workers, slog.Default())
	if err != nil {
		return err
	}
	n.onClose(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := running.Stop(ctx); err != nil {
			slog.Error("stopping the jobs", "error", err)
		}
	})
	return nil
}

func (n *node) openRooms(database *db.DB, queue *jobs.Queue, news *bus.Bus, deps *web.Deps) error {
	limiter := chat.NewSendLimiter()
	if !n.config.Limited {
		limiter = nil
	}
	rooms, err := chat.New(database, queue, news, limiter, time.Now)
	if err != nil {
		return err
	}
	n.onClose(rooms.Close)
	deps.Chat = rooms
	deps.Live, err = live.New(rooms, deps.Accounts, news, live.Config{
		Origin: n.config.Base.String(), Limited: n.config.Limited, Now: time.Now,
	})
	return err
}

// serve answers requests on a listener, with time-outs against those who dawdle. Sockets leave them
// behind when they are upgraded.
func (n *node) serve(listener net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      60 * time.Second, // a profile of half a minute still arrives
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			n.failed <- err
		}
	}()
	n.onClose(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
	})
}

// leave says goodbye to the sockets first: a server that shuts down does not wait for them.
func (n *node) leave(sockets *live.Live) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	sockets.Close(ctx)
}
