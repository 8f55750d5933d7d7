package accounts

import (
	"context"
	"fmt"
	"slices"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Joining is how people join.
type Joining string

// The ways to join.
const (
	JoinOpen    Joining = "open"    // at once
	JoinConfirm Joining = "confirm" // they write once their e-mail is confirmed
	JoinApprove Joining = "approve" // an administrator lets them in
	JoinInvite  Joining = "invite"  // with an invitation only
)

// Joinings are all of them, from the widest to the narrowest.
var Joinings = []Joining{JoinOpen, JoinConfirm, JoinApprove, JoinInvite}

// Known reports whether it is one of them.
func (j Joining) Known() bool { return slices.Contains(Joinings, j) }

// awaits is what has to come before somebody who joined so may write.
func (j Joining) awaits() string {
	switch j {
	case JoinConfirm:
		return AwaitsLetter
	case JoinApprove:
		return AwaitsApproval
	}
	return ""
}

// door is what the operator said of joining.
type door struct{ fixed, otherwise Joining }

// JoinBy says how people join: fixed, where it is not empty, whatever administrators choose; else otherwise, until one of
// them chooses. It belongs before the first request; without it the door is open.
func (a *Accounts) JoinBy(fixed, otherwise Joining) { a.door = door{fixed, otherwise} }

// JoiningFixed reports whether the operator said how people join, so that administrators cannot.
func (a *Accounts) JoiningFixed() bool { return a.door.fixed != "" }

// joiningSetting is the setting by which an administrator chose, and its number in the audit.
const (
	joiningSetting   = "joining"
	joiningSettingID = 1
)

// Joining is how people join now.
func (a *Accounts) Joining(ctx context.Context) (Joining, error) {
	if a.door.fixed != "" {
		return a.door.fixed, nil
	}
	chosen, err := settingOf(ctx, a.db, joiningSetting)
	switch {
	case db.IsMissing(err):
		return a.door.otherwise, nil
	case err != nil:
		return "", fmt.Errorf("reading how people join: %w", err)
	}
	return Joining(chosen), nil
}

// ChooseJoining has people join so from now on. Only administrators may, and only where the operator left it to them.
func (a *Accounts) ChooseJoining(ctx context.Context, viewer Viewer, chosen Joining) error {
	entry := audit.Entry{At: a.now(), Verb: audit.Change, Kind: audit.Setting}
	err := Administer(ctx, a.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		if a.JoiningFixed() {
			return 0, fault.New(fault.Forbidden, "Whoever runs this house has fixed how people join, so nobody changes it here.")
		}
		if !chosen.Known() {
			return 0, fault.Field("joining", "Please choose one of the four.")
		}
		changed, err := upsertSetting(ctx, tx, joiningSetting, string(chosen))
		if err != nil || !changed {
			return 0, err
		}
		return joiningSettingID, nil
	})
	if err != nil {
		return fmt.Errorf("choosing how people join: %w", err)
	}
	return nil
}

// BanEmail keeps letters from an address, or lets them go there again. Nothing else about it changes, so that nobody can tell
// from outside. Only administrators may.
func (a *Accounts) BanEmail(ctx context.Context, viewer Viewer, typed string, banned bool) error {
	email, complaint := ValidEmail(typed)
	if complaint != "" && viewer.Role == Administrator {
		return fault.Field("email", complaint)
	}
	entry := audit.Entry{At: a.now(), Verb: audit.Add, Kind: audit.BannedEmail}
	if !banned {
		entry.Verb = audit.Remove
	}
	err := Administer(ctx, a.db, viewer, entry, func(ctx context.Context, tx *db.Tx) (int64, error) {
		if banned {
			return insertBan(ctx, tx, addressHash(email), entry.At)
		}
		return deleteBan(ctx, tx, addressHash(email))
	})
	if err != nil {
		return fmt.Errorf("changing which addresses are welcome: %w", err)
	}
	return nil
}
