package ui

import (
	"time"

	"firstdrops/server/words"
)

// Credit says how old something is that the staff answer for, and who of them checked it: "Numbers as of 2 May 2026,
// checked by Ada." The version is its day, as 2006-01-02; nobody is named until somebody checked.
func Credit(what, version, approver string) string {
	if day, err := time.Parse(time.DateOnly, version); err == nil {
		version = day.Format("2 January 2006")
	}
	credit := what + " as of " + version
	if approver != "" {
		credit += ", checked by " + approver
	}
	return credit + "."
}

func careCredit(n words.Notice) string { return Credit("Wording", n.Version, n.Approver) }
