package leaving

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
)

// Due is the job of erasing somebody whose time to change their mind is over.
type Due struct {
	PersonID int64 `json:"person_id"`
}

// Kind names the job in River's table.
func (Due) Kind() string { return "leaving.due" }

// eraser works on Due.
type eraser struct {
	river.WorkerDefaults[Due]
	leaving *Leaving
}

// Timeout is for people who wrote much.
func (e *eraser) Timeout(*river.Job[Due]) time.Duration { return longWork }

// Work closes the account, writes the tombstone and erases, in this order: once there is a tombstone there is no way back.
// Whoever stayed, or left anew for a later day, is let be. Broken off and begun anew, it goes on.
func (e *eraser) Work(ctx context.Context, job *river.Job[Due]) error {
	l, id := e.leaving, job.Args.PersonID
	var parting accounts.Parting
	err := l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if parting, err = beginDeparture(ctx, tx, id, l.clock()); err != nil {
			return err
		}
		return l.Accounts.Close(ctx, tx, id)
	})
	if db.IsMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("closing an account: %w", err)
	}
	leaver, err := l.Accounts.Leaver(ctx, id)
	if err != nil {
		return err
	}
	leaver.Parting = parting
	if err := l.bury(ctx, leaver); err != nil {
		return err
	}
	return l.erase(ctx, leaver)
}

// erase takes all that there is of somebody whose account is closed: first the words, a few in each transaction, then in one
// transaction the rest, their name with it.
func (l *Leaving) erase(ctx context.Context, leaver accounts.Leaver) error {
	if leaver.Parting.Removes() {
		if err := l.Forum.EraseWords(ctx, leaver); err != nil {
			return err
		}
		if err := l.Chat.EraseWords(ctx, leaver); err != nil {
			return err
		}
	}
	if leaver.Handle != "" {
		if err := l.Forum.Unname(ctx, leaver); err != nil {
			return err
		}
		if err := l.Chat.Unname(ctx, leaver); err != nil {
			return err
		}
	}
	if err := l.eraseFiles(ctx, leaver); err != nil {
		return err
	}
	err := l.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, erase := range []func(context.Context, *db.Tx, accounts.Leaver) error{
			l.Moderation.Erase, l.Notify.Erase, l.Directory.Erase, l.forgetJobs, l.Accounts.Erase,
		} {
			if err := erase(ctx, tx, leaver); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("erasing somebody: %w", err)
	}
	return nil
}

func (l *Leaving) forgetJobs(ctx context.Context, tx *db.Tx, leaver accounts.Leaver) error {
	return l.Queue.Forget(ctx, tx, leaver.ID)
}

// eraseFiles deletes the copies that they asked for, and the letters to them that were kept instead of sent.
func (l *Leaving) eraseFiles(ctx context.Context, leaver accounts.Leaver) error {
	if err := l.Blobs.DeleteAll(ctx, exportsOf(leaver.UID)); err != nil {
		return fmt.Errorf("erasing files: %w", err)
	}
	if l.Letters == nil || leaver.Email == "" {
		return nil
	}
	return l.Letters.Forget(leaver.Email)
}
