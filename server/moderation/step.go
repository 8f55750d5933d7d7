package moderation

import (
	"context"
	"fmt"
	"strings"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// step is what moves a case from one version to the next.
type step string

const (
	stepReport  step = "report"
	stepClaim   step = "claim"
	stepRelease step = "release"
	stepDecide  step = "decide"
	stepUndo    step = "undo"
	stepObject  step = "object"
	stepClose   step = "close" // what it was about is settled elsewhere
)

// taken is a step that somebody took.
type taken struct {
	Step step
	Name string // of who took it, where they are of the staff
}

// words say it to whoever missed it.
func (t taken) words() string {
	switch t.Step {
	case stepReport:
		return "it was reported once more"
	case stepClaim:
		return t.Name + " has taken it"
	case stepRelease:
		return t.Name + " has given it back"
	case stepDecide:
		return t.Name + " has decided"
	case stepUndo:
		return t.Name + " has taken the decision back"
	case stepObject:
		return "its author has objected"
	}
	return "it was settled elsewhere"
}

// fresh wants a form on a case to be made on its present version, and says what happened since to whoever holds an older one.
func fresh(ctx context.Context, tx *db.Tx, c Case, version int) error {
	switch {
	case version == c.Version:
		return nil
	case version < 1:
		return fault.Field("version", "This form is not of this case any more. Please load the page again; what you wrote is kept.")
	case version > c.Version:
		return fault.New(fault.Conflict, "This case is not as your page shows it. Nothing was done, and what you wrote is kept.")
	}
	steps, err := stepsSince(ctx, tx, c.ID, version)
	if err != nil {
		return fmt.Errorf("reading what happened to the case: %w", err)
	}
	since := make([]string, 0, len(steps))
	for _, s := range steps {
		since = append(since, s.words())
	}
	stale := fault.New(fault.Conflict, "This case has changed since you opened it: "+strings.Join(since, ", then ")+". Nothing was done, and what you wrote is kept.")
	stale.Details = map[string]any{"version": c.Version, "since": since}
	return stale
}
