package moderation

import (
	"context"
	"fmt"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
	"firstdrops/server/directory"
	"firstdrops/server/platform/db"
)

// PlantReport is Report in the transaction that fills the demo, at the clock's moment; it gives the id of the case. What the
// reporter sees is the caller's to say: nobody else can read it yet.
func (m *Moderation) PlantReport(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, s Subject, reason audit.Reason, note string) (int64, error) {
	if _, known := severities[reason]; !known {
		return 0, fmt.Errorf("planting a report: nobody reports for %q", reason)
	}
	if err := m.file(ctx, tx, s, Report{ReporterID: viewer.ID, Reason: reason, Note: note, At: m.clock()}); err != nil {
		return 0, fmt.Errorf("planting a report: %w", err)
	}
	c, err := lockCaseOf(ctx, tx, Case{Kind: s.Kind, ObjectID: s.ObjectID, RoomID: s.RoomID})
	return c.ID, err
}

// PlantCredential opens the case of a credential that has to be checked, in the transaction that fills the demo and at the
// clock's moment. Of the consultant the id, the person and the name count.
func (m *Moderation) PlantCredential(ctx context.Context, tx *db.Tx, c directory.Consultant) error {
	return m.openCredential(ctx, tx, c)
}

// PlantClaim is Claim in the transaction that fills the demo, at the clock's moment.
func (m *Moderation) PlantClaim(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id int64) error {
	return m.plant(ctx, tx, viewer, id, audit.Claim, m.claim(viewer))
}

// PlantDecision is Decide in the transaction that fills the demo, at the clock's moment.
func (m *Moderation) PlantDecision(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id int64, d Decision) error {
	return m.plant(ctx, tx, viewer, id, audit.Decide, m.decide(viewer, d))
}

func (m *Moderation) plant(ctx context.Context, tx *db.Tx, viewer accounts.Viewer, id int64, verb audit.Verb, do deed) error {
	c, err := visible(ctx, tx, viewer, id)
	if err != nil {
		return err
	}
	return done(ctx, tx, viewer, c, verb, m.clock(), do)
}
