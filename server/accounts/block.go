package accounts

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// ApartSubject and a person's id is the news that others are apart from them, or no longer. Apart heals what is lost.
const ApartSubject = "accounts.apart."

// maxBlocks keeps the list of somebody's blocks to what a page shows whole.
const maxBlocks = 500

// Block keeps two people apart, whichever of them asked for it: a person's by that person's own name, an alias's in its
// thread. What it names is all that whoever asked knows of the other.
type Block struct {
	ID        int64
	Name      string
	Handle    string // empty for an alias
	ThreadID  int64  // 0 for a person
	CreatedAt time.Time
}

// Parted is the job of dropping what two people hold of each other where they meet live: they are apart from now on, or no
// longer.
type Parted struct {
	PersonID int64 `json:"person_id"` // who asked for it
	OtherID  int64 `json:"other_id"`  // who is not told
}

// Kind names the job in River's table.
func (Parted) Kind() string { return "accounts.parted" }

// Block keeps the viewer and a person apart, where neither writes under an alias. The other is not told. Done twice it
// changes nothing.
func (a *Accounts) Block(ctx context.Context, viewer Viewer, handle string) error {
	h, err := parseHandle(handle)
	if err != nil {
		return fault.Missing().Because(err)
	}
	return a.part(ctx, viewer, 0, func(ctx context.Context, tx *db.Tx) (int64, error) { return holdByHandle(ctx, tx, h) })
}

// BlockAlias is Block for who writes under an alias in a thread, there and nowhere else: who that is stays unknown. Whether
// the viewer may read the thread is for the caller to know.
func (a *Accounts) BlockAlias(ctx context.Context, viewer Viewer, threadID int64, name string) error {
	return a.part(ctx, viewer, threadID, func(ctx context.Context, tx *db.Tx) (int64, error) {
		return holdByAlias(ctx, tx, threadID, folded(name))
	})
}

// part sets a block between the viewer and whom find finds, and holds until the commit.
func (a *Accounts) part(ctx context.Context, viewer Viewer, threadID int64, find func(context.Context, *db.Tx) (int64, error)) error {
	if viewer.Guest() {
		return fault.Missing()
	}
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		otherID, err := find(ctx, tx)
		switch {
		case db.IsMissing(err):
			return fault.Missing()
		case err != nil:
			return err
		case otherID == viewer.ID:
			return fault.New(fault.Forbidden, "This is you. Please choose somebody else.")
		}
		set, err := blocksOf(ctx, tx, viewer.ID, maxBlocks)
		if err != nil {
			return err
		}
		if len(set) == maxBlocks {
			return fault.New(fault.Conflict, "Your list of blocks is full. Please end one that you no longer need.")
		}
		added, err := insertBlock(ctx, tx, viewer.ID, otherID, threadID, a.now())
		if err != nil || !added {
			return err
		}
		return a.parted(ctx, tx, viewer.ID, otherID, threadID)
	})
	if err != nil {
		return fmt.Errorf("blocking somebody: %w", err)
	}
	return nil
}

// Unblock ends a block of the viewer's own.
func (a *Accounts) Unblock(ctx context.Context, viewer Viewer, id int64) error {
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		otherID, threadID, err := deleteBlock(ctx, tx, viewer.ID, id)
		if db.IsMissing(err) {
			return fault.Missing()
		}
		if err != nil {
			return err
		}
		return a.parted(ctx, tx, viewer.ID, otherID, threadID)
	})
	if err != nil {
		return fmt.Errorf("ending a block: %w", err)
	}
	return nil
}

// parted tells whom it concerns that two people are apart, or no longer. An alias is a name of the forum only, which asks
// with every page.
func (a *Accounts) parted(ctx context.Context, tx *db.Tx, personID, otherID, threadID int64) error {
	if threadID != 0 {
		return nil
	}
	tx.AfterCommit(func() {
		for _, id := range []int64{personID, otherID} {
			a.tell(ApartSubject+strconv.FormatInt(id, 10), nil)
		}
	})
	return a.queue.Insert(ctx, tx, Parted{PersonID: personID, OtherID: otherID}, nil)
}

// Blocks lists the viewer's own blocks, the newest first.
func (a *Accounts) Blocks(ctx context.Context, viewer Viewer) ([]Block, error) {
	blocks, err := blocksOf(ctx, a.db, viewer.ID, maxBlocks)
	if err != nil {
		return nil, fmt.Errorf("listing blocks: %w", err)
	}
	return blocks, nil
}

// Apart tells who is apart from a person by their own names, whichever of the two asked for it.
func (a *Accounts) Apart(ctx context.Context, personID int64) ([]int64, error) {
	var rows []struct{ ID int64 }
	if err := a.apart.Scan(ctx, &rows, personID); err != nil {
		return nil, fmt.Errorf("reading who is apart from a person: %w", err)
	}
	ids := make([]int64, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids, nil
}
