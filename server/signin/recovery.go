package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

const (
	recoveryCodes   = 10
	recoveryLetters = 16 // of 32, so 80 bits: no guessing, and a plain hash is enough
	// recoveryAlphabet is Crockford's: no letter in it looks like a digit.
	recoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"
)

// RenewRecovery makes ten new recovery codes, told this once; the old ones are void. Without a second factor there is nothing
// to come back from: Forbidden.
func (s *Signin) RenewRecovery(ctx context.Context, viewer accounts.Viewer) ([]string, error) {
	var codes []string
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.mayChange(ctx, tx, viewer); err != nil {
			return err
		}
		has, err := s.hasSecondFactor(ctx, tx, viewer.ID)
		if err != nil {
			return err
		}
		if !has {
			return fault.New(fault.Forbidden, "Recovery codes stand in for a second step. Please set one up first.")
		}
		if codes, err = s.makeRecovery(ctx, tx, viewer.ID); err != nil {
			return err
		}
		return s.tellChanged(ctx, tx, viewer.ID, recoveryRenewed)
	})
	if err != nil {
		return nil, fmt.Errorf("making recovery codes: %w", err)
	}
	return codes, nil
}

func (s *Signin) makeRecovery(ctx context.Context, tx *db.Tx, personID int64) ([]string, error) {
	codes, hashes := make([]string, recoveryCodes), make([][]byte, recoveryCodes)
	for i := range codes {
		code := newRecoveryCode()
		codes[i], hashes[i] = inGroups(code), recoveryHash(code)
	}
	if err := replaceRecovery(ctx, tx, personID, hashes); err != nil {
		return nil, fmt.Errorf("keeping recovery codes: %w", err)
	}
	return codes, nil
}

func newRecoveryCode() string {
	random := make([]byte, recoveryLetters)
	_, _ = rand.Read(random) // never fails: see crypto/rand
	for i, b := range random {
		random[i] = recoveryAlphabet[int(b)%len(recoveryAlphabet)]
	}
	return string(random)
}

// inGroups is a code as people write it down.
func inGroups(code string) string {
	return code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:]
}

func recoveryHash(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}

// useRecovery uses a recovery code up; false where it is none. Letters that were read as others still fit.
func (s *Signin) useRecovery(ctx context.Context, tx *db.Tx, personID int64, typed string) (bool, error) {
	code := strings.NewReplacer("o", "0", "i", "1", "l", "1").Replace(strings.ToLower(typed))
	if len(code) != recoveryLetters {
		return false, nil
	}
	err := spendRecovery(ctx, tx, personID, recoveryHash(code))
	if db.IsMissing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("using a recovery code up: %w", err)
	}
	return true, nil
}
