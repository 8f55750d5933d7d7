package leaving

import (
	"context"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"firstdrops/server/platform/mail"
)

// WorkDue does what the job of erasing somebody does.
func (l *Leaving) WorkDue(ctx context.Context, personID int64) error {
	return (&eraser{leaving: l}).Work(ctx, &river.Job[Due]{Args: Due{PersonID: personID}})
}

// WorkAsked does what the job of making a copy does.
func (l *Leaving) WorkAsked(ctx context.Context, personID int64, key uuid.UUID) error {
	return (&exporter{leaving: l}).Work(ctx, &river.Job[Asked]{Args: Asked{personID, key}})
}

// WorkExpired does what the job of deleting a copy does.
func (l *Leaving) WorkExpired(ctx context.Context, personID int64, key uuid.UUID) error {
	return (&expirer{leaving: l}).Work(ctx, &river.Job[Expired]{Args: Expired{personID, key}})
}

// WorkTold does what the job of writing to who leaves does.
func (l *Leaving) WorkTold(ctx context.Context, personID int64, mailer interface {
	Send(ctx context.Context, letter mail.Letter) error
},
) error {
	return (&teller{leaving: l, mailer: mailer}).Work(ctx, &river.Job[Told]{Args: Told{personID}})
}

// SectionQueries are what a copy is read by, by the keys of its sections.
func SectionQueries() map[string]string {
	queries := map[string]string{}
	for _, s := range sections {
		queries[s.key] = s.query
	}
	return queries
}
