package signin

import (
	"context"
	"fmt"
	"strconv"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// Proofs are the ways in which somebody who is signed in can show again that it is they.
type Proofs struct {
	Password bool
	Code     bool // of an app, or a recovery code
	Passkey  bool
}

// Proofs tells in which ways the viewer can prove again who they are. Who has a second factor that this session did not see
// yet shows that: a password alone may be somebody else's who knows it.
func (s *Signin) Proofs(ctx context.Context, viewer accounts.Viewer) (Proofs, error) {
	kept, err := s.Security(ctx, viewer)
	if err != nil {
		return Proofs{}, err
	}
	return Proofs{Password: kept.Password && (!kept.Second || viewer.SecondFactor), Code: kept.Codes || kept.Recovery > 0, Passkey: kept.Passkeys > 0}, nil
}

// Prove renews the viewer's session for somebody who shows again that it is they: by a code, or where none is typed by their
// password. Wrong ones wait as at the door, each session for itself.
func (s *Signin) Prove(ctx context.Context, viewer accounts.Viewer, typed, code string) (accounts.Session, error) {
	ways, err := s.Proofs(ctx, viewer)
	if err != nil {
		return accounts.Session{}, err
	}
	if faults := emptyProof(ways, typed, code); len(faults) > 0 {
		return accounts.Session{}, fault.Fields(faults)
	}
	counters := []counter{}
	if s.limited {
		counters = append(counters, count(freeFailures, longestOwn, "session", strconv.FormatInt(viewer.SessionID, 10)))
	}
	if code == "" {
		if err := s.provePassword(ctx, viewer, counters, typed); err != nil {
			return accounts.Session{}, err
		}
	} else if err := s.attempt(ctx, counters); err != nil {
		return accounts.Session{}, err
	}
	var session accounts.Session
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if code != "" {
			fits, err := s.useCode(ctx, tx, viewer.ID, code)
			if err != nil {
				return err
			}
			if !fits {
				return fault.Field("code", wrongCode)
			}
		}
		if session, err = s.people.ProveSession(ctx, tx, viewer, code != ""); err != nil {
			return err
		}
		return s.succeeded(ctx, tx, counters)
	})
	if err != nil {
		return accounts.Session{}, fmt.Errorf("proving again: %w", err)
	}
	return session, nil
}

func (s *Signin) provePassword(ctx context.Context, viewer accounts.Viewer, counters []counter, typed string) error {
	person, err := credentialsOf(ctx, s.db, viewer.ID)
	if err != nil {
		return fmt.Errorf("reading what proves the viewer: %w", err)
	}
	fits, err := s.fits(ctx, counters, typed, person.PasswordHash)
	if err != nil {
		return err
	}
	if !fits {
		return fault.Field("password", "This is not the password of your account. Please type it again.")
	}
	return nil
}

// emptyProof finds what is missing, or was typed where it does not help.
func emptyProof(ways Proofs, typed, code string) map[string]string {
	switch {
	case code != "" && ways.Code, typed != "" && code == "" && ways.Password:
		return nil
	case ways.Password:
		return map[string]string{"password": "Please write your password."}
	}
	return map[string]string{"code": "Please write a code."}
}
