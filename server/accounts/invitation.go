package accounts

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// The bounds of an invitation.
const (
	MaxInvited     = 1000
	MaxInvitedDays = 365
	maxInvitedNote = 200 // runes
	invitationCode = 16  // letters and digits of base32: 80 bits
)

// Invitation is a code with which some people may join.
type Invitation struct {
	ID         int64
	Code       string
	Note       string // for administrators: whom it is for
	Uses, Used int
	EndsAt     time.Time
}

// Open reports whether somebody can join with it now.
func (i Invitation) Open(now time.Time) bool { return i.Used < i.Uses && i.EndsAt.After(now) }

const invitationsPerPage = 50

// InvitationsPage is a stretch of the invitations, the newest first.
type InvitationsPage struct {
	Invitations []Invitation
	Next        int64 // the id before which the next page begins; 0 on the last
}

// Invitations lists them before an id, for administrators; 0 is the newest.
func (a *Accounts) Invitations(ctx context.Context, viewer Viewer, before int64) (InvitationsPage, error) {
	if viewer.Role != Administrator {
		return InvitationsPage{}, fault.Missing()
	}
	all, err := invitationsBefore(ctx, a.db, before, invitationsPerPage+1)
	if err != nil {
		return InvitationsPage{}, fmt.Errorf("listing invitations: %w", err)
	}
	page := InvitationsPage{Invitations: all}
	if len(all) > invitationsPerPage {
		page.Invitations = all[:invitationsPerPage]
		page.Next = page.Invitations[invitationsPerPage-1].ID
	}
	return page, nil
}

// Invite makes an invitation for so many people and days. Only administrators may.
func (a *Accounts) Invite(ctx context.Context, viewer Viewer, note string, uses, days int) error {
	if viewer.Role != Administrator {
		return fault.Missing()
	}
	faults := map[string]string{}
	note, err := text.Line(note, maxInvitedNote)
	if err != nil {
		faults["note"] = err.Error()
	}
	if uses < 1 || uses > MaxInvited {
		faults["uses"] = fmt.Sprintf("Please write a number from 1 to %d.", MaxInvited)
	}
	if days < 1 || days > MaxInvitedDays {
		faults["days"] = fmt.Sprintf("Please write a number from 1 to %d.", MaxInvitedDays)
	}
	if len(faults) > 0 {
		return fault.Fields(faults)
	}
	now := a.now()
	made := Invitation{Code: strings.ToLower(rand.Text()[:invitationCode]), Note: note, Uses: uses, EndsAt: now.AddDate(0, 0, days)}
	err = Administer(ctx, a.db, viewer, audit.Entry{At: now, Verb: audit.Add, Kind: audit.Invitation}, func(ctx context.Context, tx *db.Tx) (int64, error) {
		return insertInvitation(ctx, tx, made, now)
	})
	if err != nil {
		return fmt.Errorf("making an invitation: %w", err)
	}
	return nil
}

// EndInvitation lets nobody else join with it. Only administrators may; one that is over already stays so.
func (a *Accounts) EndInvitation(ctx context.Context, viewer Viewer, id int64) error {
	now := a.now()
	err := Administer(ctx, a.db, viewer, audit.Entry{At: now, Verb: audit.Remove, Kind: audit.Invitation}, func(ctx context.Context, tx *db.Tx) (int64, error) {
		found, err := holdInvitation(ctx, tx, id)
		switch {
		case db.IsMissing(err):
			return 0, fault.Missing()
		case err != nil, !found.EndsAt.After(now):
			return 0, err
		}
		return id, endInvitation(ctx, tx, id, now)
	})
	if err != nil {
		return fmt.Errorf("ending an invitation: %w", err)
	}
	return nil
}

const notInvited = "This invitation is not known, used up or over. Please ask for another where you got it."

// invited says what is wrong with the code that somebody would join with; "" where it is good.
func (a *Accounts) invited(ctx context.Context, typed string) (string, error) {
	switch found, err := invitationByCode(ctx, a.db, code(typed)); {
	case code(typed) == "":
		return "One joins here with an invitation. Please write its code.", nil
	case db.IsMissing(err):
		return notInvited, nil
	case err != nil:
		return "", fmt.Errorf("reading an invitation: %w", err)
	case !found.Open(a.now()):
		return notInvited, nil
	}
	return "", nil
}

// useUp counts that somebody joins with the code, in the transaction that adds them. Where it was used up since, it says so.
func (a *Accounts) useUp(ctx context.Context, tx *db.Tx, typed string) error {
	used, err := useInvitation(ctx, tx, code(typed), a.now())
	if err == nil && !used {
		return fault.Fields(map[string]string{"invitation": notInvited})
	}
	return err
}

// code is a code as it was made; what no code holds is none.
func code(typed string) string {
	return strings.ToLower(strings.ReplaceAll(strings.ToValidUTF8(strings.TrimSpace(typed), "?"), "\x00", "?"))
}
