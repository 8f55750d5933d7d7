// Package demo writes a community into an empty house, so that whoever tries it sees it lived in.
//
// Owns: the community's words, embedded text files under words/ that anybody may edit, and the mark of a database that it
// has filled (table demo_mark).
// Emits: nothing: nobody is told of what never happened.
// Not here: how a person, a post, a message, a case or a listing is stored. Each domain plants its own, at the moment that
// the community's clock shows.
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"firstdrops/server/platform/db"
	"firstdrops/server/platform/jobs"
)

// Password signs each of SignIns in.
const Password = "first-drops-demo" //nolint:gosec // published, and good only where the demo was asked for

// SignIns are the handles that one can sign in with: two parents, a moderator, a consultant and an administrator.
var SignIns = []string{"river", "sol", "mod-maya", "ibclc-june", "admin-ada"}

// Secret is what the codes of those with a role are made from (RFC 6238, six digits, half a minute): an app takes it as it is.
const Secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" //nolint:gosec // published, like the password

// staff are those of SignIns whose role asks for a second factor.
var staff = SignIns[2:]

// ErrInhabited refuses a database with people of its own.
var ErrInhabited = errors.New("this database has people of its own, and the demo is written into an empty one only:" +
	" set FIRSTDROPS_DATA to a new folder, or DATABASE_URL to an empty database (without --demo this one is served as it is)")

// Fill writes the community into a database without people, in one transaction, with ages that count back from now. One
// that it has filled before is left as it is; any other is ErrInhabited. The queue gets what lies ahead, as the end of a
// credential.
func Fill(ctx context.Context, database *db.DB, queue *jobs.Queue, now time.Time) error {
	c, err := gather(database, queue, now)
	if err != nil {
		return fmt.Errorf("reading the demo's words: %w", err)
	}
	defer c.chat.Close()
	for deadline := time.Now().Add(patience); ; {
		err := database.InTx(ctx, c.fill)
		switch {
		case err == nil:
			return nil
		case !db.Unavailable(err), time.Now().After(deadline):
			return fmt.Errorf("filling the demo: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// patience is how long another node may take that fills the same database at this moment.
const patience = time.Minute

// fill lets the community live where nobody has lived before.
func (c *community) fill(ctx context.Context, tx *db.Tx) error {
	fresh, err := setMark(ctx, tx, c.now)
	if err != nil || !fresh {
		return err
	}
	inhabited, err := anybody(ctx, tx)
	switch {
	case err != nil:
		return err
	case inhabited:
		return ErrInhabited
	}
	return c.live(ctx, tx)
}
