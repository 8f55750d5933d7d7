package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/token"
)

// confirmationLife is how long the link in a letter waits to be used.
const confirmationLife = 24 * time.Hour

// occasion is why somebody is asked to confirm an e-mail.
type occasion string

const (
	joined  occasion = "joined"  // they named it when they joined
	asked   occasion = "asked"   // they asked for the letter once more
	changed occasion = "changed" // they want it instead of the one that they have
)

// ConfirmEmail is the job of asking by letter whether an address is somebody's. It holds no address, for jobs are kept and
// shown to administrators.
type ConfirmEmail struct {
	ConfirmationID int64    `json:"confirmation_id"`
	Address        string   `json:"address" river:"unique"` // the sha256 of the address in lower case
	Occasion       occasion `json:"occasion" river:"unique"`
}

// Kind names the job in River's table.
func (ConfirmEmail) Kind() string { return "accounts.confirm_email" }

// InsertOpts makes a further letter to an address no job at all, however many accounts name it: on the same day (of UTC)
// where anybody could have it sent, in the same quarter of a day where somebody who is signed in asks.
func (c ConfirmEmail) InsertOpts() river.InsertOpts {
	period := 6 * time.Hour
	if c.Occasion == joined {
		period = 24 * time.Hour
	}
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: period}}
}

func addressHash(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return hex.EncodeToString(sum[:])
}

// sendConfirmation has a letter sent that asks whether the address is this person's. Once they say so it becomes theirs. What
// differs between an address that is new, somebody's or banned differs in the worker only.
func (a *Accounts) sendConfirmation(ctx context.Context, tx *db.Tx, personID int64, email string, why occasion) error {
	id, err := openConfirmation(ctx, tx, personID, email)
	if err != nil {
		return fmt.Errorf("preparing a confirmation: %w", err)
	}
	return a.queue.Insert(ctx, tx, ConfirmEmail{ConfirmationID: id, Address: addressHash(email), Occasion: why}, nil)
}

// ConfirmationAgain sends the letter once more to the address that the viewer named, unless one went there a short while ago.
func (a *Accounts) ConfirmationAgain(ctx context.Context, viewer Viewer) error {
	if viewer.Guest() {
		return fault.New(fault.Unauthenticated, "Please sign in first.")
	}
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		email, _, err := addressOf(ctx, tx, viewer.ID)
		if err != nil {
			return err
		}
		return a.sendConfirmation(ctx, tx, viewer.ID, email, asked)
	})
	if err != nil {
		return fmt.Errorf("sending a confirmation again: %w", err)
	}
	return nil
}

// Confirmation tells the handle of whom a letter's link is for, without using it: mail scanners open links too. One that is
// unknown, used or over is not found.
func (a *Accounts) Confirmation(ctx context.Context, secret string) (string, error) {
	hash, ok := token.Hash(secret)
	if !ok {
		return "", fault.Missing()
	}
	handle, err := confirmationHandle(ctx, a.db, hash, a.now())
	if db.IsMissing(err) {
		return "", fault.Missing()
	}
	if err != nil {
		return "", fmt.Errorf("reading a confirmation: %w", err)
	}
	return handle, nil
}

// Confirm uses a letter's link up: the address is that person's from now on, their other letters are void, and they may write
// where only this was awaited. It is nobody's second: whoever confirms an address first has it.
func (a *Accounts) Confirm(ctx context.Context, secret string) error {
	hash, ok := token.Hash(secret)
	if !ok {
		return fault.Missing()
	}
	now := a.now()
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		c, err := useConfirmation(ctx, tx, hash, now)
		if db.IsMissing(err) {
			return fault.Missing()
		}
		if err != nil {
			return err
		}
		taken, err := holdEmail(ctx, tx, c.Email, c.PersonID)
		if err != nil {
			return err
		}
		if taken {
			return fault.New(fault.Conflict, "Another account here has this e-mail already. Please sign in there, or name another e-mail here.")
		}
		if err := a.partFrom(ctx, tx, c.ID); err != nil {
			return err
		}
		return confirmEmail(ctx, tx, c, now)
	})
	if err != nil {
		return fmt.Errorf("confirming an e-mail: %w", err)
	}
	return nil
}
