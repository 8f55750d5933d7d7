package accounts

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
	"firstdrops/server/platform/text"
)

// TakeAlias gives the viewer a name for all that they write in a thread, and the name that they have there now: the same for
// good, and fresh where they had none. Without a typed name it only reads. It composes into the transaction of the forum,
// which holds the thread's row. Faults are of the field alias.
func TakeAlias(ctx context.Context, tx *db.Tx, viewer Viewer, threadID int64, typed string, now time.Time) (name string, fresh bool, err error) {
	has, err := aliasIn(ctx, tx, viewer.ID, threadID)
	if err != nil {
		return "", false, fmt.Errorf("reading an alias: %w", err)
	}
	if strings.TrimSpace(typed) == "" {
		return has, false, nil
	}
	h, complaint := newHandle(typed)
	switch {
	case has != "" && text.Fold(has) == h.fold:
		return has, false, nil
	case has != "":
		complaint = "You write here as " + has + " already, and that stays."
	case complaint == "":
		if complaint, err = claimAlias(ctx, tx, viewer.ID, h); err != nil {
			return "", false, err
		}
	}
	if complaint != "" {
		return "", false, fault.Field("alias", complaint)
	}
	if err := insertAlias(ctx, tx, viewer.ID, threadID, h, now); err != nil {
		return "", false, fmt.Errorf("keeping an alias: %w", err)
	}
	return h.shown, true, nil
}

// claimAlias makes a name somebody's own, or says what is wrong with it. Nobody has one twice: others could tell by it that
// the same person writes in two threads.
func claimAlias(ctx context.Context, tx *db.Tx, personID int64, h handle) (complaint string, err error) {
	used, err := usedAlias(ctx, tx, personID, h.fold)
	if err != nil {
		return "", fmt.Errorf("looking for an alias: %w", err)
	}
	if used {
		return "You have used this name in another thread. A fresh one keeps the two apart.", nil
	}
	theirs, err := ClaimName(ctx, tx, personID, h.fold, AliasName)
	if err == nil && !theirs {
		complaint = "Somebody has this name already. Please choose another."
	}
	return complaint, err
}

// nothings are words that say nothing of anybody.
var nothings = []string{
	"Acorn", "Amber", "Birch", "Brook", "Cedar", "Cloud", "Clover", "Comet", "Coral", "Dune", "Ember", "Fern", "Harbor", "Hazel",
	"Heath", "Inlet", "Island", "Lantern", "Linen", "Maple", "Meadow", "Mosaic", "Nutmeg", "Olive", "Orbit", "Pebble", "Pepper",
	"Quartz", "Raft", "Reed", "Saffron", "Shell", "Slate", "Thistle", "Tundra", "Velvet", "Walnut", "Willow", "Window", "Zephyr",
}

// SuggestAlias is a name that says nothing of whom it is offered to.
func SuggestAlias() string { return nothings[rand.IntN(len(nothings))] + number() } //nolint:gosec // a suggestion, not a secret
