package words

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"firstdrops/server/platform/db"
)

// lookoutAge is how old the rules of a Lookout may be: a changed one counts that much later.
const lookoutAge = 10 * time.Second

// Lookout looks for somebody in danger where many speak at once. Unlike Match it keeps the rules for a few seconds, so that
// a message costs no statement of its own.
type Lookout struct {
	db  *db.DB
	now func() time.Time

	mu     sync.Mutex
	readAt time.Time
	crises search
}

// NewLookout makes a Lookout on a migrated database.
func NewLookout(database *db.DB, now func() time.Time) *Lookout {
	return &Lookout{db: database, now: now}
}

// Crisis says whether whoever wrote this may be in danger. Their own words count, and not those that they quote.
func (l *Lookout) Crisis(ctx context.Context, text string) (bool, error) {
	crises, err := l.current(ctx)
	return err == nil && crises.begins(text) && len(crises.find(text)) > 0, err
}

// Help is what the house says to somebody in danger; without a title it has no words for it.
func (l *Lookout) Help(ctx context.Context) (Notice, error) {
	crises, err := l.current(ctx)
	if err != nil || len(crises.rules) == 0 {
		return Notice{}, err
	}
	return Notice{Rule: crises.rules[0]}, nil
}

func (l *Lookout) current(ctx context.Context) (search, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if age := now.Sub(l.readAt); age >= 0 && age < lookoutAge {
		return l.crises, nil
	}
	rules, err := readRules(ctx, l.db)
	if err != nil {
		return search{}, fmt.Errorf("reading the rules of words: %w", err)
	}
	rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.Kind != Crisis })
	l.crises, l.readAt = search{rules, termsOf(rules)}, now
	return l.crises, nil
}
