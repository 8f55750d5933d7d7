package moderation

import (
	"time"

	"firstdrops/server/audit"
)

// Severity is how soon somebody should look at a case.
type Severity int

// The severities, the most severe first.
const (
	Crisis Severity = iota + 1 // somebody may be in danger
	Red                        // somebody may come to harm
	Amber                      // somebody is hurt, or is sold something
	Green
)

// ReportReasons are those that a report can have, in the order in which its page offers them.
var ReportReasons = []audit.Reason{
	audit.Unkind, audit.Medical, audit.Privacy, audit.Selling, audit.Spam, audit.Worried, audit.Other,
}

// severities holds how severe each of them is: what can cost somebody's health or safety cannot wait for tomorrow.
var severities = map[audit.Reason]Severity{
	audit.Worried: Crisis,
	audit.Medical: Red, audit.Privacy: Red,
	audit.Unkind: Amber, audit.Selling: Amber,
	audit.Spam: Green, audit.Other: Green,
}

// within is how long a case of this severity may wait.
func (s Severity) within() time.Duration {
	switch s {
	case Crisis:
		return 30 * time.Minute
	case Red:
		return 2 * time.Hour
	case Amber:
		return 12 * time.Hour
	}
	return 48 * time.Hour
}
