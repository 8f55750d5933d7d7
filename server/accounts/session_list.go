package accounts

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// SignedIn is one of a person's sessions, as they recognise it. Where it is, nobody knows: no address of the network is kept.
type SignedIn struct {
	ID      int64
	Device  string // in words; empty where nobody said
	BegunAt time.Time
	SeenAt  time.Time // when it was last used, to ten minutes
}

// sessionsListed bounds a list; whoever has more sees those that were used last.
const sessionsListed = 100

// Sessions lists the viewer's living sessions, the one that was used last first.
func (a *Accounts) Sessions(ctx context.Context, viewer Viewer) ([]SignedIn, error) {
	sessions, err := sessionsOf(ctx, a.db, viewer.ID, a.now(), sessionsListed)
	if err != nil {
		return nil, fmt.Errorf("listing sessions: %w", err)
	}
	return sessions, nil
}

// EndSession ends one of the viewer's sessions; somebody else's is missing. Its sockets are told to close.
func (a *Accounts) EndSession(ctx context.Context, viewer Viewer, id int64) error {
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ended, err := deleteSession(ctx, tx, viewer.ID, id)
		if err == nil && len(ended) == 0 {
			return fault.Missing()
		}
		tx.AfterCommit(func() { a.sessionEnded(ended...) })
		return err
	})
	if err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}

// EndOtherSessions ends all sessions of the viewer but the one by which they came, sockets too.
func (a *Accounts) EndOtherSessions(ctx context.Context, viewer Viewer) error {
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ended, err := deleteSessions(ctx, tx, viewer.ID, viewer.SessionID)
		tx.AfterCommit(func() { a.sessionEnded(ended...) })
		return err
	})
	if err != nil {
		return fmt.Errorf("ending the other sessions: %w", err)
	}
	return nil
}

// Renew is RenewSession in a transaction of its own.
func (a *Accounts) Renew(ctx context.Context, viewer Viewer) (session Session, err error) {
	err = a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		session, err = a.RenewSession(ctx, tx, viewer)
		return err
	})
	return session, err
}

// SessionsEnded is the job of telling every node that sessions are over, where whoever ended them is no node of the site:
// a command beside it.
type SessionsEnded struct {
	IDs []int64 `json:"ids"`
}

// Kind names the job in River's table.
func (SessionsEnded) Kind() string { return "accounts.sessions_ended" }

// crier works on SessionsEnded.
type crier struct {
	river.WorkerDefaults[SessionsEnded]
	accounts *Accounts
}

// Work tells the news; said twice it ends nothing more.
func (w *crier) Work(_ context.Context, job *river.Job[SessionsEnded]) error {
	w.accounts.sessionEnded(job.Args.IDs...)
	return nil
}
