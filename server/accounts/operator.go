package accounts

import (
	"context"
	"fmt"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Operate does something to somebody for whoever runs the machine, who is no person of the house and has no viewer, and
// writes it into the audit: both, or neither.
func (a *Accounts) Operate(ctx context.Context, handle string, verb audit.Verb, do func(ctx context.Context, tx *db.Tx, personID int64) error) error {
	h, err := parseHandle(handle)
	if err != nil {
		return fault.Field("handle", err.Error())
	}
	err = a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := lockByHandle(ctx, tx, h)
		if db.IsMissing(err) {
			return fault.Field("handle", "Nobody has this name.")
		}
		if err != nil {
			return err
		}
		if err := do(ctx, tx, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{At: a.now(), ActorID: audit.Operator, Verb: verb, Kind: audit.Person, ObjectID: id})
	})
	if err != nil {
		return fmt.Errorf("acting as the operator: %w", err)
	}
	return nil
}

// SessionsOf is Sessions of somebody, for the operator.
func (a *Accounts) SessionsOf(ctx context.Context, handle string) ([]SignedIn, error) {
	var sessions []SignedIn
	err := a.Operate(ctx, handle, audit.Open, func(ctx context.Context, tx *db.Tx, personID int64) (err error) {
		sessions, err = sessionsOf(ctx, tx, personID, a.now(), sessionsListed)
		return err
	})
	return sessions, err
}

// EndSessionsOf ends one session of somebody, or all where id is 0, for the operator, and tells how many that were.
func (a *Accounts) EndSessionsOf(ctx context.Context, handle string, id int64) (int, error) {
	var ended []int64
	err := a.Operate(ctx, handle, audit.EndSessions, func(ctx context.Context, tx *db.Tx, personID int64) (err error) {
		if id == 0 {
			ended, err = a.EndSessions(ctx, tx, personID)
			return err
		}
		if ended, err = deleteSession(ctx, tx, personID, id); err != nil {
			return err
		}
		if len(ended) == 0 {
			return fault.Field("id", "They have no session with this number.")
		}
		return a.queue.Insert(ctx, tx, SessionsEnded{IDs: ended}, nil)
	})
	return len(ended), err
}

// EndSessions ends all sessions of a person and gives their ids. The nodes hear of it by a job, since whoever ends them may
// be a command beside the site.
func (a *Accounts) EndSessions(ctx context.Context, tx *db.Tx, personID int64) ([]int64, error) {
	ended, err := deleteSessions(ctx, tx, personID, 0)
	if err != nil {
		return nil, fmt.Errorf("ending somebody's sessions: %w", err)
	}
	if len(ended) == 0 {
		return nil, nil
	}
	return ended, a.queue.Insert(ctx, tx, SessionsEnded{IDs: ended}, nil)
}
