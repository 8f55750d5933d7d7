package accounts

import "time"

// Role is what a person may do in the house.
type Role string

// The roles, from the least to the most.
const (
	Member        Role = "member"
	Consultant    Role = "consultant"
	Moderator     Role = "moderator"
	Administrator Role = "administrator"
)

// Label says in words who speaks; it is stored with each post and message as it was when written.
type Label string

// The labels, as INTERFACE and the pages name them.
const (
	Peer        Label = "peer"      // Peer experience
	Supporter   Label = "supporter" // Trained supporter
	IBCLC       Label = "ibclc"     // Verified IBCLC
	AsModerator Label = "moderator" // Moderator, only while acting as one
)

// Viewer is who asks. The zero Viewer is a guest. It is an argument of every read and write.
type Viewer struct {
	ID        int64
	Handle    string
	Name      string // the display name; the handle where none is chosen
	Role      Role
	Label     Label // the label valid now: ibclc before supporter before peer
	SessionID int64 // the session by which they came; writes check that it still lives
	Unread    int   // notices that they have not seen
	Standing
}

// Guest reports whether nobody is signed in.
func (v Viewer) Guest() bool { return v.ID == 0 }

// Staff reports whether the viewer may moderate.
func (v Viewer) Staff() bool { return v.Role == Moderator || v.Role == Administrator }

// Session is one signed-in browser.
type Session struct {
	ID      int64
	Token   string // the cookie's value; only its hash is stored
	Expires time.Time
}
