package forum

import (
	"time"

	"firstdrops/server/audit"
)

// Judgement is what moderators decided about words; zero where they did not, or took it back.
type Judgement struct {
	HiddenAt  time.Time `bun:",nullzero"` // staff read them, and the author of a post
	RemovedAt time.Time `bun:",nullzero"` // nobody does
}

// Hidden reports whether the words are hidden.
func (j Judgement) Hidden() bool { return !j.HiddenAt.IsZero() }

// Removed reports whether the words are removed.
func (j Judgement) Removed() bool { return !j.RemovedAt.IsZero() }

// judged is the judgement after one more. Each replaces the one before.
func (j Judgement) judged(verb audit.Verb, now time.Time) Judgement {
	switch verb {
	case audit.Hide:
		return Judgement{HiddenAt: since(j.HiddenAt, now)}
	case audit.Remove:
		return Judgement{RemovedAt: since(j.RemovedAt, now)}
	}
	return Judgement{}
}

// judges says whether the verb is a judgement of words.
func judges(verb audit.Verb) bool {
	return verb == audit.Hide || verb == audit.Remove || verb == audit.Restore
}

// since is the first moment at which something was so.
func since(at, now time.Time) time.Time {
	if at.IsZero() {
		return now
	}
	return at
}
