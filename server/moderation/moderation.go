// Package moderation is how the house looks after itself: what somebody reports becomes a case, which a moderator takes
// and decides.
//
// Owns: reports, cases and decisions, with the texts as they were and what moderators wrote of them (tables cases, reports,
// decisions, case_steps, case_partings, unmaskings).
// Emits: the jobs Opened, Seen and Decided; and Emptied, which it works on itself.
// Not here: what a decision does to a text or a person (forum, chat, directory and accounts, which this calls), the record
// of who did what (audit), what care notes say (words, whose wording administrators approve here), how people are told (notify), the pages (web/moderation).
package moderation

import (
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/chat"
	"firstdrops/server/directory"
	"firstdrops/server/forum"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
)

// Deps is what moderation is made of: what it judges, and whom it asks to carry it out.
type Deps struct {
	DB        *db.DB
	Queue     *jobs.Queue
	Accounts  *accounts.Accounts
	Forum     *forum.Forum
	Chat      *chat.Chat
	Directory *directory.Directory
	Now       func() time.Time
}

// Moderation answers for the cases of the house.
type Moderation struct {
	db        *db.DB
	queue     *jobs.Queue
	people    *accounts.Accounts
	forum     *forum.Forum
	chat      *chat.Chat
	directory *directory.Directory
	now       func() time.Time
	reads     reads
}

// New makes a Moderation on a migrated database.
func New(d Deps) *Moderation {
	return &Moderation{
		db: d.DB, queue: d.Queue, people: d.Accounts, forum: d.Forum, chat: d.Chat, directory: d.Directory, now: d.Now,
		reads: prepareReads(d.DB),
	}
}

// clock is the present as Postgres keeps it, in microseconds.
func (m *Moderation) clock() time.Time { return m.now().UTC().Truncate(time.Microsecond) }
