package accounts

import (
	"context"
	"fmt"

	"firstdrops/server/platform/db"
)

// EndWait ends the wait of somebody who is to be let in, in the transaction of whoever decided it. It gives their id, or 0
// where they do not wait.
func (a *Accounts) EndWait(ctx context.Context, tx *db.Tx, personID int64) (int64, error) {
	id, err := endWait(ctx, tx, personID)
	if err != nil {
		return 0, fmt.Errorf("letting somebody in: %w", err)
	}
	return id, nil
}

// TurnAway is EndWait for a no: their sessions end, nobody comes in with their password any more, and no session lives that a
// passkey opens. Remove does the rest once they were told.
func (a *Accounts) TurnAway(ctx context.Context, tx *db.Tx, personID int64) (int64, error) {
	id, err := turnAway(ctx, tx, personID, a.now())
	if err == nil && id != 0 {
		err = a.SetPassword(ctx, tx, id, "")
	}
	if err != nil {
		return 0, fmt.Errorf("turning somebody away: %w", err)
	}
	return id, nil
}

// Answer is what somebody who waited is to be told.
type Answer struct {
	Email      string // empty where no letter goes
	TurnedAway bool
}

// Answered reads it; of somebody who is gone it is empty.
func (a *Accounts) Answered(ctx context.Context, personID int64) (Answer, error) {
	answer, err := answerFor(ctx, a.db, personID)
	if err != nil && !db.IsMissing(err) {
		return Answer{}, fmt.Errorf("reading whom to answer: %w", err)
	}
	return answer, nil
}

// Remove takes away somebody who was turned away. Where others' words stand on them, an id without a name stays.
func (a *Accounts) Remove(ctx context.Context, personID int64) error {
	err := a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return deleteTurnedAway(ctx, tx, personID) })
	if db.IsReferenced(err) {
		err = a.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			id, err := holdTurnedAway(ctx, tx, personID)
			if err != nil || id == 0 {
				return err
			}
			return a.Erase(ctx, tx, Leaver{ID: id})
		})
	}
	if err != nil {
		return fmt.Errorf("removing somebody who was turned away: %w", err)
	}
	return nil
}
