// Package directory is where people find a lactation consultant: who they are, how they meet, whether they take somebody
// now, and whether their credential is true.
//
// Owns: consultants with their places, credentials, and the requests that people write to them (tables consultants, places,
// credentials, listing_words, contact_requests).
// Emits: the jobs Applied, Judged, Contacted and Answered.
// Not here: the label that a true credential gives (accounts, which this asks to grant it), the case that an application
// opens (moderation), how people are told (notify), what they answered in threads (forum), the pages (web/directory).
package directory

import (
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
)

// Directory is the one door to consultants.
type Directory struct {
	db     *db.DB
	queue  *jobs.Queue
	people *accounts.Accounts
	now    func() time.Time
	reads  reads
}

// New makes a Directory on a migrated database; now is the clock, so that tests may own it.
func New(database *db.DB, queue *jobs.Queue, people *accounts.Accounts, now func() time.Time) *Directory {
	return &Directory{db: database, queue: queue, people: people, now: now, reads: prepareReads(database)}
}

// clock is the present as Postgres keeps it, in microseconds.
func (d *Directory) clock() time.Time { return d.now().UTC().Truncate(time.Microsecond) }
