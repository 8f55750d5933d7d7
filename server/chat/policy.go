package chat

import (
	"errors"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/fault"
)

// mayRead tells who may be in rooms at all: members who were let in. Rooms with other rules come with modes.
func mayRead(viewer accounts.Viewer) bool { return viewer.Admitted() }

// refusal is the answer to somebody in this standing who would write in a room, in the protocol's codes; nil where they
// may.
func refusal(s accounts.Standing, now time.Time) error {
	err := s.Refusal(now)
	var f *fault.Error
	if (s.Suspended(now) || s.Awaits != "") && errors.As(err, &f) {
		return f.Coded(codeForbidden)
	}
	return err
}

// closed is the answer to somebody who may not be in the rooms for now; nil where they may.
func closed(s accounts.Standing, now time.Time) error {
	if !s.Suspended(now) {
		return nil
	}
	return refusal(s, now)
}
