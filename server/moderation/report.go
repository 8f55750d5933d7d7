package moderation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// maxNote is the longest note of a report, a decision or an objection, in runes.
const maxNote = 2000

// Report is what one person saw wrong with something.
type Report struct {
	ID           int64
	ReporterID   int64 // 0 is the house itself
	ReporterName string
	Reason       audit.Reason
	Note         string
	At           time.Time
}

// ByHouse reports whether nobody wrote it: the house found words of somebody who may be in danger.
func (r Report) ByHouse() bool { return r.ReporterID == 0 }

// Reportable is what the viewer is about to report. What they may not see is missing; their own words are forbidden.
func (m *Moderation) Reportable(ctx context.Context, viewer accounts.Viewer, t Target) (Subject, error) {
	if viewer.Guest() {
		return Subject{}, fault.New(fault.Unauthenticated, "Please sign in to report something.")
	}
	s, err := m.subject(ctx, viewer, t)
	switch {
	case err != nil:
		return Subject{}, err
	case s.AboutID != viewer.ID:
		return s, nil
	case t.Kind == audit.Person:
		return Subject{}, fault.New(fault.Forbidden, "This is you. Where something is wrong with your own account, please write to a moderator in the house category.")
	}
	return Subject{}, fault.New(fault.Forbidden, "These are your own words. You can change them or take them away yourself.")
}

// Reported says whether the viewer's report of it waits for a moderator or is in their hands.
func (m *Moderation) Reported(ctx context.Context, viewer accounts.Viewer, s Subject) (bool, error) {
	reported, err := reportWaits(ctx, m.db, viewer.ID, s)
	if err != nil {
		return false, fmt.Errorf("looking for a report: %w", err)
	}
	return reported, nil
}

// Report tells staff that something is wrong: it opens the target's case, joins it, or opens it again. Everybody who is
// signed in may, also whoever is muted or suspended. The same person's second report of an open case changes nothing.
func (m *Moderation) Report(ctx context.Context, viewer accounts.Viewer, t Target, reason audit.Reason, note string) (Subject, error) {
	s, err := m.Reportable(ctx, viewer, t)
	if err != nil {
		return Subject{}, err
	}
	faults := map[string]string{}
	if _, known := severities[reason]; !known {
		faults["reason"] = "Please choose what is wrong."
	}
	note = readNote(note, faults)
	if len(faults) > 0 {
		return Subject{}, fault.Fields(faults)
	}
	err = m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return m.file(ctx, tx, s, Report{ReporterID: viewer.ID, Reason: reason, Note: note, At: m.clock()})
	})
	if err != nil {
		return Subject{}, fmt.Errorf("reporting: %w", err)
	}
	return s, nil
}

// readNote gives a note as it is stored, or notes its fault.
func readNote(typed string, faults map[string]string) string {
	note, err := text.Body(typed, maxNote)
	if err != nil {
		faults["note"] = err.Error()
	}
	return strings.TrimSpace(note)
}

// file puts a report into the case of its subject.
func (m *Moderation) file(ctx context.Context, tx *db.Tx, s Subject, r Report) error {
	severity := severities[r.Reason]
	fresh := Case{
		Kind: s.Kind, ObjectID: s.ObjectID, RoomID: s.RoomID, AboutID: s.AboutID, Title: s.Title, Path: s.Path,
		Snapshot: s.Lines, Words: s.Words, Reason: r.Reason, Severity: severity,
		Version: 1, Round: 1, OpenedAt: r.At, DueAt: r.At.Add(severity.within()),
	}
	c, opened, err := openCase(ctx, tx, fresh)
	if err != nil {
		return err
	}
	added, err := insertReport(ctx, tx, c, r)
	if err != nil || !added {
		return err
	}
	tell := opened
	if !opened {
		before := c.Severity
		c = c.joined(r)
		tell = c.Severity == Crisis && before != Crisis
		if err := updateSeverity(ctx, tx, c); err != nil {
			return err
		}
	}
	if err := insertStep(ctx, tx, c, stepReport, 0); err != nil || !tell {
		return err
	}
	return m.announce(ctx, tx, c)
}

// openCase opens the case of an object, for the first time or again, and says so; one that is open stays as it is. Its row
// is held until the commit.
func openCase(ctx context.Context, tx *db.Tx, fresh Case) (c Case, opened bool, err error) {
	if fresh.ID, opened, err = insertCase(ctx, tx, fresh); err != nil || opened {
		return fresh, opened, err
	}
	c, err = lockCaseOf(ctx, tx, fresh)
	if err != nil || c.Open() {
		return c, false, err
	}
	fresh.ID, fresh.Version, fresh.Round = c.ID, c.Version+1, c.Round+1
	return fresh, true, reopenCase(ctx, tx, fresh)
}

// joined is the case with one more report, which may make it more severe. It is then due as soon as one that was opened at
// this moment.
func (c Case) joined(r Report) Case {
	c.Version++
	if severity := severities[r.Reason]; severity < c.Severity {
		c.Severity, c.Reason = severity, r.Reason
		if due := r.At.Add(severity.within()); due.Before(c.DueAt) {
			c.DueAt = due
		}
	}
	return c
}

// announce tells staff that the case waits: it was opened, opened again, or became a crisis.
func (m *Moderation) announce(ctx context.Context, tx *db.Tx, c Case) error {
	return m.queue.Insert(ctx, tx, Opened{CaseID: c.ID, Crisis: c.Severity == Crisis, Round: c.Round}, nil)
}
