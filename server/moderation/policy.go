package moderation

import (
	"slices"
	"time"

	"firstdrops/server/accounts"
	"firstdrops/server/audit"
)

// None is the decision to leave a thing as it is.
const None audit.Verb = "none"

// longest is how far ahead a mute or a suspension may end.
const longest = 366 * 24 * time.Hour

// actions are what can be decided of each kind of thing, from the least to the most. A credential is judged on a page of
// its own.
var actions = map[audit.Kind][]audit.Verb{
	audit.Post:    {None, audit.Hide, audit.Remove, audit.Restore, audit.Warn, audit.Mute, audit.Suspend},
	audit.Thread:  {None, audit.Pin, audit.Lock, audit.Unlock, audit.Move, audit.Hide, audit.Remove, audit.Restore, audit.Warn, audit.Mute, audit.Suspend},
	audit.Message: {None, audit.Hide, audit.Remove, audit.Restore, audit.Warn, audit.Mute, audit.Suspend},
	audit.Person:  {None, audit.Warn, audit.Mute, audit.Suspend},
	audit.Listing: {None, audit.Hide, audit.Restore, audit.Warn},
}

// toPerson are the actions that are done to a person rather than to their words.
func toPerson(action audit.Verb) bool {
	return action == audit.Warn || timed(action)
}

// timed are the actions that end by themselves.
func timed(action audit.Verb) bool { return action == audit.Mute || action == audit.Suspend }

// faults names what is wrong with a decision on such a case, as it was filled in, by its fields.
func (d Decision) faults(c Case, now time.Time) map[string]string {
	faults := map[string]string{}
	if !slices.Contains(actions[c.Kind], d.Action) {
		faults["action"] = "Please choose what should happen."
	}
	if !d.Reason.Known() {
		faults["reason_code"] = "Please choose why."
	}
	switch {
	case !timed(d.Action):
	case !d.Until.After(now):
		faults["until"] = "Please choose until when: a time that lies ahead."
	case d.Until.After(now.Add(longest)):
		faults["until"] = "This is too long: at most a year."
	}
	return faults
}

// mayPause says whether the viewer may mute or suspend such a person: staff only an administrator may.
func mayPause(viewer accounts.Viewer, about accounts.Role) bool {
	staff := accounts.Viewer{Role: about}.Staff()
	return viewer.Staff() && (!staff || viewer.Role == accounts.Administrator)
}
