package moderation

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Object asks for another look at a decision about the viewer: once, with words of their own. It opens the case again, for
// somebody other than who decided as long as there is somebody. Whoever is muted or suspended may object, too.
func (m *Moderation) Object(ctx context.Context, viewer accounts.Viewer, decisionID int64, note string) error {
	caseID, err := caseOfDecision(ctx, m.db, viewer, decisionID)
	switch {
	case db.IsMissing(err):
		return fault.Missing()
	case err != nil:
		return fmt.Errorf("reading a decision: %w", err)
	}
	faults := map[string]string{}
	if note = readNote(note, faults); note == "" && len(faults) == 0 {
		faults["note"] = "Please say in a few words why you see it differently."
	}
	if len(faults) > 0 {
		return fault.Fields(faults)
	}
	err = m.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return m.object(ctx, tx, caseID, decisionID, note)
	})
	if err != nil {
		return fmt.Errorf("objecting to a decision: %w", err)
	}
	return nil
}

func (m *Moderation) object(ctx context.Context, tx *db.Tx, caseID, decisionID int64, note string) error {
	c, err := lockCase(ctx, tx, caseID)
	if err != nil {
		return err
	}
	now, reopened := m.clock(), !c.Open()
	c.Version++
	if reopened {
		c.Round++
		c.OpenedAt, c.DueAt = now, now.Add(c.Severity.within())
		if err := reopenCase(ctx, tx, c); err != nil {
			return err
		}
	} else if err := updateHold(ctx, tx, c); err != nil {
		return err
	}
	stored, err := updateObjection(ctx, tx, decisionID, note, now, c.Round)
	switch {
	case err != nil:
		return err
	case !stored:
		return fault.New(fault.Conflict, "You have objected to this already. Somebody looks at it, and you will be told.")
	}
	if err := insertStep(ctx, tx, c, stepObject, 0); err != nil || !reopened {
		return err
	}
	return m.announce(ctx, tx, c)
}
