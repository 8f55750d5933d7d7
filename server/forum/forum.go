// Package forum is the written half of the house: people ask in threads and answer in posts, at their own pace.
//
// Owns: categories, threads, posts, the notices below them, quotes, drafts, the words that a search knows, reactions, who
// watches what and which consultant answers what (tables categories, threads, posts, post_notices, quotes, drafts,
// search_words, reactions, watches, takes).
// Emits: the jobs Posted and Alarmed.
// Not here: who people are and what label they wear (accounts), which words get a notice and what it says
// (words), how Markdown becomes HTML (platform/richtext), talk as it happens (chat), why something is judged (moderation),
// who is told of what (notify), the addresses and pages by which all this is reached (web/forum).
package forum

import (
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
)

// Forum answers for the threads of the house.
type Forum struct {
	db    *db.DB
	queue *jobs.Queue
	now   func() time.Time
	reads reads
}

// New makes a Forum on a migrated database.
func New(database *db.DB, queue *jobs.Queue, now func() time.Time) *Forum {
	return &Forum{db: database, queue: queue, now: now, reads: prepareReads(database)}
}

// clock is the present as Postgres keeps it, in microseconds.
func (f *Forum) clock() time.Time { return f.now().UTC().Truncate(time.Microsecond) }
