// Package moderation is how the house looks after itself: what somebody reports becomes a case, which a moderator takes
// and decides.
//
// Owns: reports, cases and decisions, with the texts as they were and what moderators wrote of them.
// Emits: the jobs Opened, Seen and Decided.
// Not here: what a decision does to a text or a person (forum, chat, directory and accounts, which this calls), the record
// of who did what (audit), how people are told (notify), the pages (web/moderation).
package moderation

// Opened is the job of telling staff that a case waits: it was opened, opened again, or became a crisis.
type Opened struct {
	CaseID int64 `json:"case_id" river:"unique"`
	Crisis bool  `json:"crisis" river:"unique"`
	Round  int   `json:"round" river:"unique"` // counts how often the case was opened, from 1
}

// Kind names the job in River's table.
func (Opened) Kind() string { return "moderation.opened" }

// Seen is the job of telling those who reported that a moderator has taken the case.
type Seen struct {
	CaseID    int64   `json:"case_id"`
	Reporters []int64 `json:"reporters"`
}

// Kind names the job in River's table.
func (Seen) Kind() string { return "moderation.seen" }

// Decided is the job of telling the one whom a decision is about, and those who reported it.
type Decided struct {
	DecisionID int64   `json:"decision_id"`
	CaseID     int64   `json:"case_id"`
	AuthorID   int64   `json:"author_id"` // whose words they are, or who the person is
	Reporters  []int64 `json:"reporters"`
}

// Kind names the job in River's table.
func (Decided) Kind() string { return "moderation.decided" }
