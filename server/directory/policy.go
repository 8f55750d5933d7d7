package directory

import (
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
)

// sight is by whose blocks the viewer reads: staff meets everybody.
func sight(viewer accounts.Viewer) int64 {
	if viewer.Staff() {
		return 0
	}
	return viewer.ID
}

// MaySee says whether the viewer may know of the listing: whose it is and staff always, everybody once its credential was
// found true, while no moderator hid it.
func MaySee(viewer accounts.Viewer, c Consultant) bool {
	return MayEdit(viewer, c) || viewer.Staff() || !c.Hidden() && !c.Credential.VerifiedAt.IsZero()
}

// MayEdit says whether the listing is the viewer's own.
func MayEdit(viewer accounts.Viewer, c Consultant) bool {
	return !viewer.Guest() && viewer.ID == c.PersonID
}

// MayJudge says whether the viewer may hide the listing or restore it: staff, and nobody their own.
func MayJudge(viewer accounts.Viewer, c Consultant) bool {
	return viewer.Staff() && !MayEdit(viewer, c)
}

// MayAsk says why the viewer cannot write to the consultant now; nil where they can.
func MayAsk(viewer accounts.Viewer, c Consultant, now time.Time) error {
	switch {
	case MayEdit(viewer, c):
		return fault.New(fault.Forbidden, "This is your own listing. Others write to you from here.")
	case c.Hidden(), !c.Credential.Valid(now):
		return fault.New(fault.Forbidden, "Their credential is not verified now, so nobody can write to them from here.")
	case c.Stale(now):
		return fault.New(fault.Forbidden, "They have not confirmed this listing for a long time, so nobody can write to them from here.")
	case !c.Accepting && c.Waiting == "":
		return fault.New(fault.Forbidden, "They take nobody new now, and keep no waiting list.")
	}
	return nil
}

// MayRead says whether the request is the viewer's: of the two, nobody else, staff neither.
func MayRead(viewer accounts.Viewer, r Request) bool { return r.Asks(viewer) || r.Answers(viewer) }
