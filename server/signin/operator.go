package signin

import (
	"context"

	"firstdrops/server/audit"
	"firstdrops/server/platform/db"
)

// ResetSecondFactor takes the codes, the recovery codes and the passkeys from somebody who lost them, for the operator, who made
// sure that it is they. All their sessions end, and they are told by letter.
func (s *Signin) ResetSecondFactor(ctx context.Context, handle string) error {
	return s.people.Operate(ctx, handle, audit.ResetSecondFactor, func(ctx context.Context, tx *db.Tx, personID int64) error {
		if err := deleteFactors(ctx, tx, personID); err != nil {
			return err
		}
		if _, err := s.people.EndSessions(ctx, tx, personID); err != nil {
			return err
		}
		return s.tellChanged(ctx, tx, personID, factorReset)
	})
}
