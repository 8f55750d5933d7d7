package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

const (
	recoveryCodes  = 10
	recoveryDigits = 20 // 66 bits: no guessing, and a plain hash is enough; a phone's number pad types them
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
	n, err := rand.Int(rand.Reader, new(big.Int).Exp(big.NewInt(10), big.NewInt(recoveryDigits), nil))
	if err != nil {
		panic("reading random bytes never fails: " + err.Error())
	}
	return fmt.Sprintf("%0*d", recoveryDigits, n)
}

// inGroups is a code as people write it down.
func inGroups(code string) string {
	var groups []string
	for group := range slices.Chunk([]byte(code), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

func recoveryHash(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}

// useRecovery uses a recovery code up; false where it is none.
func (s *Signin) useRecovery(ctx context.Context, tx *db.Tx, personID int64, code string) (bool, error) {
	err := spendRecovery(ctx, tx, personID, recoveryHash(code))
	if db.IsMissing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("using a recovery code up: %w", err)
	}
	return true, nil
}
