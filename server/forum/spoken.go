package forum

import (
	"context"
	"fmt"
	"time"

	"firstdrops/server/accounts"
)

// Spoken is a post that somebody wrote under a label, in one line.
type Spoken struct {
	PostLine
	CreatedAt time.Time
}

// SpokenAs lists the newest posts that a person wrote under a label and that everybody who may read their category sees,
// where the viewer may.
func (f *Forum) SpokenAs(ctx context.Context, viewer accounts.Viewer, personID int64, label accounts.Label, limit int) ([]Spoken, error) {
	spoken := make([]Spoken, 0, limit)
	if err := f.reads.spoken.Scan(ctx, &spoken, sight(viewer), viewer.ID, personID, label, f.clock(), limit); err != nil {
		return nil, fmt.Errorf("reading what somebody answered: %w", err)
	}
	return spoken, nil
}
