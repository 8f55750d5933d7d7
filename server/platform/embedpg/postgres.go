//go:build linux || darwin

package embedpg

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// A Postgres that dies soon after it came up is restarted after a pause that doubles; one that had settled, at once.
const (
	settled      = 2 * time.Second
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// Postgres is the embedded Postgres of this process, kept running until Stop.
type Postgres struct {
	folder *folder
	lock   *os.File
	bin    string // the directory of the binaries
	extra  map[string]string
	log    *slog.Logger

	ready      atomic.Bool
	postmaster *postmaster   // the last one; the supervisor's until it has ended
	halt       func()        // ends the supervisor
	halted     chan struct{} // closed at the supervisor's end
	stop       sync.Once
	stopped    error
}

// Start takes the lock on cfg.Dir, finds the binaries, makes the cluster on first use, recovers after any crash and
// returns a running, supervised Postgres. ErrInUse (a value, for errors.As) says that another process has the folder.
// ctx bounds the start alone.
func Start(ctx context.Context, cfg Config) (*Postgres, error) {
	f, err := openFolder(cfg.Dir)
	if err != nil {
		return nil, err
	}
	p := &Postgres{folder: f, extra: cfg.Settings, log: cfg.Log, halted: make(chan struct{})}
	if p.log == nil {
		p.log = slog.Default()
	}
	if p.lock, err = f.lock(); err != nil {
		return nil, err
	}
	if err := p.start(ctx); err != nil {
		return nil, errors.Join(err, unlock(p.lock))
	}
	supervision, halt := context.WithCancel(context.Background())
	p.halt = halt
	p.ready.Store(true)
	go p.supervise(supervision)
	return p, nil
}

// start does what needs the lock, up to a Postgres that has our database.
func (p *Postgres) start(ctx context.Context) error {
	f := p.folder
	if err := f.sweep(ctx); err != nil {
		p.log.WarnContext(ctx, "cleaning up after an interrupted first start", "err", err)
	}
	if err := f.makeSockets(); err != nil {
		return err
	}
	major, err := f.major()
	if err != nil {
		return err
	}
	if p.bin, err = thisMachine().find(ctx, f.owner, major, p.log); err != nil {
		return err
	}
	if major == "" {
		if err := f.initCluster(ctx, p.bin); err != nil {
			return err
		}
	}
	if err := p.bringUp(ctx); err != nil {
		return err
	}
	if err := f.createDatabase(ctx); err != nil {
		p.postmaster.stop(ctx)
		return err
	}
	return nil
}

// bringUp clears away what an earlier postmaster left and launches a new one.
func (p *Postgres) bringUp(ctx context.Context) error {
	if err := p.folder.reclaim(ctx); err != nil {
		return err
	}
	m, err := p.folder.launch(ctx, p.bin, p.extra)
	if err != nil {
		return err
	}
	p.postmaster = m
	return nil
}

// supervise restarts Postgres whenever it dies, until ctx is over.
func (p *Postgres) supervise(ctx context.Context) {
	defer close(p.halted)
	var pause time.Duration
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.postmaster.exited:
		}
		p.ready.Store(false)
		p.log.WarnContext(ctx, "Postgres died and is being restarted", "pid", p.postmaster.cmd.Process.Pid, "err", p.postmaster.err)
		if time.Since(p.postmaster.since) > settled {
			pause = 0
		}
		if pause = p.revive(ctx, pause); ctx.Err() != nil {
			return
		}
		p.ready.Store(true)
	}
}

// revive tries until Postgres is up or ctx is over, first after pause; it returns the pause for the next time.
func (p *Postgres) revive(ctx context.Context, pause time.Duration) time.Duration {
	for {
		select {
		case <-ctx.Done():
			return pause
		case <-time.After(pause):
		}
		pause = min(max(2*pause, firstPause), longestPause)
		err := p.bringUp(ctx)
		if err == nil || ctx.Err() != nil {
			return pause
		}
		p.log.ErrorContext(ctx, "restarting Postgres", "err", err, "again_in", pause)
	}
}

// Socket is the path of the socket file, as pgdriver's WithAddr wants it.
func (p *Postgres) Socket() string { return p.folder.socket() }

// SocketDir is the directory of the socket, as pgx and DATABASE_URL want it.
func (p *Postgres) SocketDir() string { return p.folder.sockets }

// Ready is false while Postgres is down: it has died and is being restarted, or was stopped.
func (p *Postgres) Ready() bool { return p.ready.Load() }

// Stop ends Postgres and frees the folder: a fast shutdown for as long as ctx lasts (at most 20 seconds), then an
// immediate one, then SIGKILL. When it returns nil, no process and no pid file is left. Further calls return the same.
func (p *Postgres) Stop(ctx context.Context) error {
	p.stop.Do(func() {
		p.halt()
		<-p.halted
		p.ready.Store(false)
		p.postmaster.stop(ctx)
		p.stopped = errors.Join(p.folder.reclaim(context.WithoutCancel(ctx)), unlock(p.lock))
	})
	return p.stopped
}
