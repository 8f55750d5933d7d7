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
	Role      Role   // what they may do now: more than a member only where their session has a second factor
	Given     Role   // what they were given
	Label     Label  // the label valid now: ibclc before supporter before peer
	SessionID int64  // the session by which they came; writes check that it still lives
	Unread    int    // notices that they have not seen
	Apart     bool   // a block, of theirs or on them, keeps somebody and them apart
	Standing

	SecondFactor bool      // whether their session was opened with a second factor
	ProvedAt     time.Time // when they last proved who they are in this session
	Renew        bool      // their session is due for a new id and token

	Feeding     string // the word that they use for it: breastfeeding, chestfeeding, nursing or feeding
	Language    string // ISO 639-1; empty where they did not say
	Zone        string // of the IANA time zone database; empty where they did not say
	Theme       string // light, dark, dim; empty follows the device
	ReducedData bool   // they asked for less over the wire

	LeavesAt time.Time `bun:",nullzero"` // when they are erased; zero where they stay
}

// Guest reports whether nobody is signed in.
func (v Viewer) Guest() bool { return v.ID == 0 }

// Admitted reports whether the viewer was let in: somebody who waits for that sees what guests see.
func (v Viewer) Admitted() bool { return !v.Guest() && v.Awaits != AwaitsApproval }

// Staff reports whether the viewer may moderate.
func (v Viewer) Staff() bool { return v.Role == Moderator || v.Role == Administrator }

// Withheld reports whether the viewer was given a role that waits for a second factor in their session.
func (v Viewer) Withheld() bool { return v.Given != "" && v.Given != v.Role }

// Session is one signed-in browser.
type Session struct {
	ID      int64
	Token   string // the cookie's value; only its hash is stored
	Expires time.Time
}
