package moderation

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
)

// Verdict is what somebody is told of a decision about them or their words.
type Verdict struct {
	ID       int64      // the decision's
	Action   audit.Verb // None where they had objected, and it was left as it was decided
	Kind     audit.Kind
	Reason   audit.Reason `bun:"reason_code"`
	Note     string       // signed "Moderator"; may be empty
	Until    time.Time    `bun:",nullzero"` // of a mute or a suspension
	At       time.Time
	Title    string // of what it stood in; empty where they may not see that now
	Words    string // how their own words began, as they were reported; empty for a person
	Path     string // where it is; empty where they may not see it now
	Objected bool   // they have objected
}

// MayObject reports whether they can still ask for another look.
func (v Verdict) MayObject() bool { return !v.Objected && v.Action != None }

// Verdicts are those of these decisions that are about the viewer, and were not taken back, by their ids: those that did
// something, and those that answer an objection.
func (m *Moderation) Verdicts(ctx context.Context, viewer accounts.Viewer, decisionIDs []int64) (map[int64]Verdict, error) {
	found := map[int64]Verdict{}
	if viewer.Guest() || len(decisionIDs) == 0 {
		return found, nil
	}
	verdicts, err := verdictsOn(ctx, m.db, viewer.ID, decisionIDs)
	if err != nil {
		return nil, fmt.Errorf("reading what was decided: %w", err)
	}
	for _, v := range verdicts {
		found[v.ID] = v
	}
	return found, nil
}

// Tiding is what somebody is told of a case that they reported: never by whom it was decided, nor what.
type Tiding struct {
	CaseID     int64
	Kind       audit.Kind
	Title      string // of what it stands in, or who it is; empty where they may not see that now
	Path       string // where it is; empty where they may not see it now
	ReportedAt time.Time
	Closed     bool // somebody has decided
	Acted      bool // and did something, rather than leave it
}

// Tidings are those of these cases that the viewer reported, by their ids.
func (m *Moderation) Tidings(ctx context.Context, viewer accounts.Viewer, caseIDs []int64) (map[int64]Tiding, error) {
	found := map[int64]Tiding{}
	if viewer.Guest() || len(caseIDs) == 0 {
		return found, nil
	}
	tidings, err := tidingsFor(ctx, m.db, viewer.ID, caseIDs)
	if err != nil {
		return nil, fmt.Errorf("reading what became of reports: %w", err)
	}
	for _, t := range tidings {
		found[t.CaseID] = t
	}
	return found, nil
}
