package moderation

import "github.com/riverqueue/river"

// Opened is the job of telling staff that a case waits: it was opened, opened again, or became a crisis.
type Opened struct {
	CaseID int64 `json:"case_id" river:"unique"`
	Crisis bool  `json:"crisis" river:"unique"`
	Round  int   `json:"round" river:"unique"` // counts how often the case was opened, from 1
}

// Kind names the job in River's table.
func (Opened) Kind() string { return "moderation.opened" }

// InsertOpts makes the same news told twice no job at all.
func (Opened) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

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
	AuthorID   int64   `json:"author_id"` // whose words they are, or who the person is; 0 where nothing was done to them and they had not objected
	Reporters  []int64 `json:"reporters"`
}

// Kind names the job in River's table.
func (Decided) Kind() string { return "moderation.decided" }

// Emptied is the job of emptying a closed case of what it holds of people who have left.
type Emptied struct {
	CaseID int64 `json:"case_id"`
}

// Kind names the job in River's table.
func (Emptied) Kind() string { return "moderation.emptied" }
