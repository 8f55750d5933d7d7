package accounts_test

import (
	"context"
	"sync"
	"testing"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// claim tries to make a name somebody's.
func (h *house) claim(personID int64, fold string, kind accounts.NameKind) bool {
	h.t.Helper()
	var theirs bool
	h.inTx(func(ctx context.Context, tx *db.Tx) (err error) {
		theirs, err = accounts.ClaimName(ctx, tx, personID, fold, kind)
		return err
	})
	return theirs
}

func TestANameIsOnePersonsAndOfOneKind(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wren, sparrow := h.viewer(h.join("Wren").Token), h.viewer(h.join("Sparrow").Token)
	for range 2 {
		if !h.claim(wren.ID, "moth", accounts.AliasName) {
			t.Error("a free name was not theirs, or not a second time")
		}
	}
	for what, refused := range map[string]bool{
		"another's alias":             h.claim(sparrow.ID, "moth", accounts.DisplayName),
		"another's handle":            h.claim(sparrow.ID, "wren", accounts.AliasName),
		"what looks like another's":   h.claim(sparrow.ID, "m0th", accounts.AliasName),
		"their own alias, in public":  h.claim(wren.ID, "moth", accounts.DisplayName),
		"their own handle, as hidden": h.claim(wren.ID, "wren", accounts.AliasName),
	} {
		if refused {
			t.Errorf("%s was given", what)
		}
	}
	_, err := h.SignUp(t.Context(), form("Moth"))
	wantFault(t, err, "handle", "Somebody has “Moth” already. Free: Moth-at-three")
}

func TestOneOfManyGetsTheName(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var people []int64
	for _, handle := range []string{"wren", "sparrow", "robin", "finch"} {
		people = append(people, h.viewer(h.join(handle).Token).ID)
	}
	got := make([]bool, len(people))
	var all sync.WaitGroup
	for i, id := range people {
		fold := []string{"moth", "m0th"}[i%2] // who looks like somebody is too late, too
		all.Go(func() {
			err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
				got[i], err = accounts.ClaimName(ctx, tx, id, fold, accounts.AliasName)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	have := 0
	for _, theirs := range got {
		if theirs {
			have++
		}
	}
	if have != 1 || h.count("names") != 5 {
		t.Errorf("%d people have it, %d names; want one, and five", have, h.count("names"))
	}
}
