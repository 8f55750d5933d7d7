package moderation

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// house is who reports what nobody did: it may see what staff may.
var house = accounts.Viewer{ID: -1, Role: accounts.Administrator}

// Workers adds the workers of what the domains below ask of moderators.
func (m *Moderation) Workers(workers *river.Workers) {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[forum.Alarmed]) error {
		return m.alarm(ctx, Target{Kind: audit.Post, ID: job.Args.PostID})
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[chat.Alarmed]) error {
		slug, err := roomSlug(ctx, m.db, job.Args.RoomID)
		if err != nil {
			return fmt.Errorf("finding the room: %w", err)
		}
		return m.alarm(ctx, Target{Kind: audit.Message, ID: job.Args.N, Slug: slug})
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[directory.Applied]) error {
		return m.credential(ctx, job.Args.ConsultantID)
	}))
	river.AddWorker(workers, river.WorkFunc(m.empty))
}

// alarm opens a crisis case for words of somebody who may be in danger. What they took away meanwhile is let go of: the
// words are gone, and nobody but them saw why.
func (m *Moderation) alarm(ctx context.Context, t Target) error {
	s, err := m.subject(ctx, house, t)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading what alarmed: %w", err)
	}
	return m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return m.file(ctx, tx, s, Report{Reason: audit.Worried, At: m.clock()})
	})
}

// credential opens the case of a credential that has to be checked. It is judged on a page of its own: see Settle.
func (m *Moderation) credential(ctx context.Context, consultantID int64) error {
	c, err := m.directory.ConsultantByID(ctx, house, consultantID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading who applied: %w", err)
	}
	return m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return m.openCredential(ctx, tx, c) })
}

func (m *Moderation) openCredential(ctx context.Context, tx *db.Tx, c directory.Consultant) error {
	now := m.clock()
	waiting, opened, err := openCase(ctx, tx, Case{
		Kind: audit.Credential, ObjectID: c.ID, AboutID: c.PersonID, Title: c.Name, Path: "/mod/consultants",
		Severity: Amber, Version: 1, Round: 1, OpenedAt: now, DueAt: now.Add(Amber.within()),
	})
	if err != nil || !opened {
		return err
	}
	if err := insertStep(ctx, tx, waiting, stepReport, 0); err != nil {
		return err
	}
	return m.announce(ctx, tx, waiting)
}

// Settle closes the case of a credential that an administrator has judged; a closed one stays so.
func (m *Moderation) Settle(ctx context.Context, consultantID int64) error {
	now := m.clock()
	err := m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		c, err := lockCaseOf(ctx, tx, Case{Kind: audit.Credential, ObjectID: consultantID})
		if db.IsMissing(err) || err == nil && !c.Open() {
			return nil
		}
		if err != nil {
			return err
		}
		c.ClosedAt, c.ClaimedBy, c.ClaimedUntil = now, 0, time.Time{}
		if err := move(ctx, tx, c, stepClose, accounts.Viewer{}); err != nil {
			return err
		}
		return m.emptyLater(ctx, tx, c)
	})
	if err != nil {
		return fmt.Errorf("closing the case of a credential: %w", err)
	}
	return nil
}
