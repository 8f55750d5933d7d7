package accounts

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"firstdrops/server/platform/text"
)

// handle is a name to be known by: as it is shown, and folded, as it is compared.
type handle struct{ shown, fold string }

// looks is what it can be taken for.
func (h handle) looks() string { return text.Skeleton(h.fold) }

// parseHandle reads a handle; its error is for the person who typed it.
func parseHandle(typed string) (handle, error) {
	shown, fold, err := text.Handle(typed)
	return handle{shown, fold}, err
}

// newHandle gives a handle that a newcomer may have, or what is wrong with it.
func newHandle(typed string) (h handle, complaint string) {
	h, err := parseHandle(typed)
	switch {
	case err != nil:
		return handle{}, err.Error()
	case text.Reserved(h.fold):
		return handle{}, "This name sounds as if it spoke for the house. Please choose another."
	}
	return h, ""
}

// complainTaken says that somebody has a handle, or one that looks like it, and names two that are free; "" where it is free.
func (a *Accounts) complainTaken(ctx context.Context, h handle) (string, error) {
	taken, err := takenHandles(ctx, a.db, []handle{h})
	if err != nil {
		return "", fmt.Errorf("looking whether a handle is free: %w", err)
	}
	if !taken[h.looks()] {
		return "", nil
	}
	return a.somebodyHas(ctx, h)
}

func (a *Accounts) somebodyHas(ctx context.Context, h handle) (string, error) {
	others := relatives(h.shown)
	taken, err := takenHandles(ctx, a.db, others)
	if err != nil {
		return "", fmt.Errorf("looking for handles that are free: %w", err)
	}
	var free []string
	for _, other := range others {
		if !taken[other.looks()] && len(free) < 2 {
			free = append(free, other.shown)
		}
	}
	return fmt.Sprintf("Somebody has “%s” already. Free: %s", h.shown, strings.Join(free, ", ")), nil
}

// relatives are handles like one that is taken, the nicest first; the last are all but surely free.
func relatives(shown string) []handle {
	var others []handle
	for _, ending := range []string{"-at-three", "-again", "-here", "-too", number(), number()} {
		stem := []rune(shown)
		stem = stem[:min(len(stem), text.HandleMax-len(ending))]
		if other, complaint := newHandle(strings.TrimRight(string(stem), "-_") + ending); complaint == "" {
			others = append(others, other)
		}
	}
	return others
}

func number() string { return "-" + strconv.Itoa(1000+rand.IntN(9000)) } //nolint:gosec // a suggestion, not a secret
