package audit

import "slices"

// Reason is why staff did something, as a code. Reports use the first seven.
type Reason string

// The reason codes.
const (
	Unkind    Reason = "unkind"
	Medical   Reason = "medical"
	Privacy   Reason = "privacy"
	Selling   Reason = "selling"
	Spam      Reason = "spam"
	Worried   Reason = "worried"
	Other     Reason = "other"
	OffTopic  Reason = "off_topic"
	Duplicate Reason = "duplicate"
	Rules     Reason = "rules"
	Care      Reason = "care"
)

// Reasons are all of them, in the order in which a form offers them.
var Reasons = []Reason{Unkind, Medical, Privacy, Selling, Spam, Worried, OffTopic, Duplicate, Rules, Care, Other}

// Known reports whether it is one of the codes.
func (r Reason) Known() bool { return slices.Contains(Reasons, r) }
