// Package joining knows who may join and how: everybody, everybody who confirms their e-mail, whom an administrator lets in,
// or who has an invitation.
//
// Owns: settings, invitations.
// Emits: the jobs Waits when somebody has joined who waits to be let in, and Answered when they are let in or not.
// Not here: who people are, the form to join and the letter that confirms an e-mail (accounts, whose Door this is).
package joining

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/jobs"
)

// Way is how people join.
type Way string

// The ways to join.
const (
	Open    Way = "open"    // at once
	Confirm Way = "confirm" // they write once their e-mail is confirmed
	Approve Way = "approve" // an administrator lets them in
	Invite  Way = "invite"  // with an invitation only
)

// Ways are all of them, from the widest to the narrowest.
var Ways = []Way{Open, Confirm, Approve, Invite}

// Known reports whether it is one of them.
func (w Way) Known() bool { return slices.Contains(Ways, w) }

// awaits is what has to come before somebody who joined so may write.
func (w Way) awaits() string {
	switch w {
	case Confirm:
		return accounts.AwaitsLetter
	case Approve:
		return accounts.AwaitsApproval
	}
	return ""
}

// Joining is the door of the house.
type Joining struct {
	db               *db.DB
	queue            *jobs.Queue
	people           *accounts.Accounts
	now              func() time.Time
	fixed, otherwise Way
}

// New hangs the door: whoever joins passes through it from now on. Until By says otherwise it is open.
func New(database *db.DB, queue *jobs.Queue, people *accounts.Accounts, now func() time.Time) *Joining {
	j := &Joining{db: database, queue: queue, people: people, now: now, otherwise: Open}
	people.JoinThrough(j)
	return j
}

// By says how people join: fixed, where it is not empty, whatever administrators choose; else otherwise, until one of them
// chooses. It belongs before the first request.
func (j *Joining) By(fixed, otherwise Way) { j.fixed, j.otherwise = fixed, otherwise }

// Fixed reports whether the operator said how people join, so that administrators cannot.
func (j *Joining) Fixed() bool { return j.fixed != "" }

// waySetting is the setting by which an administrator chose, and its number in the audit.
const (
	waySetting   = "joining"
	waySettingID = 1
)

// Way is how people join now.
func (j *Joining) Way(ctx context.Context) (Way, error) { return j.way(ctx, j.db) }

func (j *Joining) way(ctx context.Context, idb bun.IDB) (Way, error) {
	if j.Fixed() {
		return j.fixed, nil
	}
	chosen, err := settingOf(ctx, idb, waySetting)
	switch {
	case db.IsMissing(err):
		return j.otherwise, nil
	case err != nil:
		return "", fmt.Errorf("reading how people join: %w", err)
	}
	return Way(chosen), nil
}

// Choose has people join so from now on. Only administrators may, and only where the operator left it to them.
func (j *Joining) Choose(ctx context.Context, viewer accounts.Viewer, chosen Way) error {
	entry := audit.Entry{At: j.now(), Verb: audit.Change, Kind: audit.Setting}
	err := accounts.Administer(ctx, j.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		if j.Fixed() {
			return 0, fault.New(fault.Forbidden, "Whoever runs this house has fixed how people join, so nobody changes it here.")
		}
		if !chosen.Known() {
			return 0, fault.Field("joining", "Please choose one of the four.")
		}
		changed, err := upsertSetting(ctx, tx, waySetting, string(chosen))
		if err != nil || !changed {
			return 0, err
		}
		return waySettingID, nil
	})
	if err != nil {
		return fmt.Errorf("choosing how people join: %w", err)
	}
	return nil
}

// Judge tells what newcomers wait for, and what is wrong with the invitation that this one brings: see accounts.Door.
func (j *Joining) Judge(ctx context.Context, invitation string) (awaits, complaint string, err error) {
	way, err := j.Way(ctx)
	if err != nil || way != Invite {
		return way.awaits(), "", err
	}
	complaint, err = j.invited(ctx, invitation)
	return "", complaint, err
}

// Pass counts that somebody joins with an invitation, where one is needed, and says that they wait, where they do: see
// accounts.Door.
func (j *Joining) Pass(ctx context.Context, tx *db.Tx, personID int64, invitation string) error {
	way, err := j.way(ctx, tx)
	switch {
	case err != nil:
		return err
	case way == Invite:
		return j.useUp(ctx, tx, invitation)
	case way == Approve:
		return j.queue.Insert(ctx, tx, Waits{PersonID: personID}, nil)
	}
	return nil
}
