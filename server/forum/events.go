package forum

import "github.com/riverqueue/river"

// Posted is the job of telling people about a new post: those who watch its thread, and those whom it names.
type Posted struct {
	PostID int64 `json:"post_id"`
}

// Kind names the job in River's table.
func (Posted) Kind() string { return "forum.posted" }

// Alarmed is the job of having a moderator look at a post whose author may be in danger.
type Alarmed struct {
	PostID int64 `json:"post_id" river:"unique"`
}

// Kind names the job in River's table.
func (Alarmed) Kind() string { return "forum.alarmed" }

// InsertOpts let one post wait once for a moderator, however often it is changed.
func (Alarmed) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
}
