package ui

import "firstdrops/server/audit"

var reasons = map[audit.Reason]string{
	audit.Unkind:    "Unkind or hurtful",
	audit.Medical:   "Medical advice that could harm",
	audit.Privacy:   "Tells too much about somebody",
	audit.Selling:   "Selling or advertising",
	audit.Spam:      "Spam",
	audit.Worried:   "Worried about somebody",
	audit.OffTopic:  "Belongs elsewhere",
	audit.Duplicate: "Is here already",
	audit.Rules:     "House rules",
	audit.Care:      "Out of care",
	audit.Other:     "Something else",
}

// ReasonWords say a reason code to people.
func ReasonWords(r audit.Reason) string { return reasons[r] }
