package signin

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
	"github.com/uptrace/bun"

	"firstdrops/server/accounts"
	"firstdrops/server/platform/db"
	"firstdrops/server/platform/fault"
)

// The codes of an app (RFC 6238), as every app makes them: SHA-1, half a minute, six digits.
const (
	step   = 30 // seconds
	digits = otp.DigitsSix
)

// issuer is what an app lists the account under.
const issuer = "First Drops"

// Security is how somebody's account is kept.
type Security struct {
	Codes     bool // an app shows codes for it
	Passkeys  int
	Recovery  int  // recovery codes that are left
	Password  bool // there is a password
	Second    bool // there is a second factor that has to be shown before anything of this changes
	Removable bool // the app may go: their role asks for no second factor, or they have another
}

// Security reads how the viewer's account is kept.
func (s *Signin) Security(ctx context.Context, viewer accounts.Viewer) (Security, error) {
	if viewer.Guest() {
		return Security{}, needsSession()
	}
	return s.security(ctx, s.db, viewer)
}

// security judges a passkey by whether the viewer's role asks for a second factor. Others come in by their password alone, and
// with it can remove the passkey of a phone that they lost.
func (s *Signin) security(ctx context.Context, idb bun.IDB, viewer accounts.Viewer) (Security, error) {
	kept, err := readSecurity(ctx, idb, viewer.ID)
	if err != nil {
		return Security{}, fmt.Errorf("reading how an account is kept: %w", err)
	}
	kept.Second = kept.Codes || kept.Passkeys > 0 && viewer.Given != accounts.Member
	kept.Removable = kept.Passkeys > 0 || viewer.Given == accounts.Member
	return kept, nil
}

// hasSecondFactor tells whether this person's password alone does not let them in: where they have codes to show after it.
func (s *Signin) hasSecondFactor(ctx context.Context, idb bun.IDB, personID int64) (bool, error) {
	has, err := hasTOTP(ctx, idb, personID)
	if err != nil {
		return false, fmt.Errorf("looking for a second factor: %w", err)
	}
	return has, nil
}

// mayChange refuses to change the second factors of somebody who has one, and did not show it in this session.
func (s *Signin) mayChange(ctx context.Context, idb bun.IDB, viewer accounts.Viewer) error {
	if viewer.Guest() {
		return needsSession()
	}
	kept, err := s.security(ctx, idb, viewer)
	if err == nil && kept.Second && !viewer.SecondFactor {
		return fault.New(fault.Forbidden, "Please show first that it is you, with a code or a passkey. Nothing was changed.").Coded("prove")
	}
	return err
}

func needsSession() error { return fault.New(fault.Unauthenticated, "Please sign in first.") }

// Secret is what an app makes its codes from.
type Secret struct {
	Text    string // base32, as people type it
	Address string // otpauth://, as a camera reads it
}

// BeginCodes makes a secret for the viewer's app. It opens nothing before ConfirmCodes; until then an older one holds.
func (s *Signin) BeginCodes(ctx context.Context, viewer accounts.Viewer) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.mayChange(ctx, tx, viewer); err != nil {
			return err
		}
		key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: viewer.Handle})
		if err != nil {
			return err
		}
		return savePending(ctx, tx, viewer.ID, key.Secret(), s.now())
	})
	if err != nil {
		return fmt.Errorf("making a secret for codes: %w", err)
	}
	return nil
}

// PendingCodes is the secret that BeginCodes made; missing where it is confirmed.
func (s *Signin) PendingCodes(ctx context.Context, viewer accounts.Viewer) (Secret, error) {
	kept, err := readTOTP(ctx, s.db, viewer.ID)
	if db.IsMissing(err) || err == nil && kept.Pending == "" {
		return Secret{}, fault.Missing()
	}
	if err != nil {
		return Secret{}, fmt.Errorf("reading a secret for codes: %w", err)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: viewer.Handle, Secret: kept.raw()})
	if err != nil {
		return Secret{}, fmt.Errorf("writing a secret for codes: %w", err)
	}
	return Secret{Text: key.Secret(), Address: key.URL()}, nil
}

// ConfirmCodes makes the pending secret count, because the app showed a right code: the viewer's session has a second factor
// from then on, and a new id. The recovery codes are made anew, and told this once.
func (s *Signin) ConfirmCodes(ctx context.Context, viewer accounts.Viewer, code string) (accounts.Session, []string, error) {
	var session accounts.Session
	var codes []string
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.mayChange(ctx, tx, viewer); err != nil {
			return err
		}
		kept, err := lockTOTP(ctx, tx, viewer.ID)
		if db.IsMissing(err) || err == nil && kept.Pending == "" {
			return fault.Missing()
		}
		if err != nil {
			return err
		}
		used, fits := stepOf(bare(code), kept.Pending, s.now(), 0)
		if !fits {
			return fault.Field("code", "This is not what your app should show. Is its clock right? Please type the code that it shows now.")
		}
		if err := confirmPending(ctx, tx, viewer.ID, used, s.now()); err != nil {
			return err
		}
		if codes, err = s.makeRecovery(ctx, tx, viewer.ID); err != nil {
			return err
		}
		if err := s.tellChanged(ctx, tx, viewer.ID, codesSet); err != nil {
			return err
		}
		session, err = s.people.ProveSession(ctx, tx, viewer, true)
		return err
	})
	if err != nil {
		return accounts.Session{}, nil, fmt.Errorf("confirming codes: %w", err)
	}
	return session, codes, nil
}

// RemoveCodes forgets the viewer's app. Where no second factor is left, the recovery codes go too, and no session has one any
// more. Those whose role asks for one keep it: Forbidden.
func (s *Signin) RemoveCodes(ctx context.Context, viewer accounts.Viewer) (accounts.Session, error) {
	var session accounts.Session
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.mayChange(ctx, tx, viewer); err != nil {
			return err
		}
		if err := deleteTOTP(ctx, tx, viewer.ID); db.IsMissing(err) {
			return fault.Missing()
		} else if err != nil {
			return err
		}
		if err := s.withoutFactor(ctx, tx, viewer); err != nil {
			return err
		}
		if err := s.tellChanged(ctx, tx, viewer.ID, codesRemoved); err != nil {
			return err
		}
		var err error
		session, err = s.people.RenewSession(ctx, tx, viewer)
		return err
	})
	if err != nil {
		return accounts.Session{}, fmt.Errorf("removing codes: %w", err)
	}
	return session, nil
}

// withoutFactor draws the line under a second factor that was taken away, in the transaction that does it.
func (s *Signin) withoutFactor(ctx context.Context, tx *db.Tx, viewer accounts.Viewer) error {
	if err := holdPerson(ctx, tx, viewer.ID); err != nil {
		return fmt.Errorf("holding a person's second factors: %w", err)
	}
	kept, err := s.security(ctx, tx, viewer)
	if err != nil || kept.Codes || kept.Passkeys > 0 {
		return err
	}
	if viewer.Given != accounts.Member {
		return fault.New(fault.Forbidden, "What you do here asks for a second step. You can set it up anew, for another phone, but not do without.").Coded("required")
	}
	if err := deleteRecovery(ctx, tx, viewer.ID); err != nil {
		return err
	}
	return s.people.DemoteSessions(ctx, tx, viewer.ID)
}

// bare is a code without what apps and people part it by.
func bare(typed string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(typed))
}

// useCode uses up a code of the person's app, or a recovery code; false where it is none, or was used.
func (s *Signin) useCode(ctx context.Context, tx *db.Tx, personID int64, typed string) (bool, error) {
	code := bare(typed)
	if len(code) != digits.Length() {
		return s.useRecovery(ctx, tx, personID, code)
	}
	kept, err := lockTOTP(ctx, tx, personID)
	if db.IsMissing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the secret of codes: %w", err)
	}
	used, fits := stepOf(code, kept.Secret, s.now(), kept.LastStep)
	if !fits {
		return false, nil
	}
	if err := useStep(ctx, tx, personID, used); err != nil {
		return false, fmt.Errorf("using a code up: %w", err)
	}
	return true, nil
}

// stepOf finds the step after a last one whose code this is: of now, or of one step before or after, since clocks differ.
func stepOf(code, secret string, now time.Time, last int64) (int64, bool) {
	if secret == "" {
		return 0, false
	}
	current := now.Unix() / step
	for at := max(current-1, last+1); at <= current+1; at++ {
		fits, err := hotp.ValidateCustom(code, uint64(at), secret, hotp.ValidateOpts{Digits: digits, Algorithm: otp.AlgorithmSHA1})
		if err == nil && fits { // an error is a code of another shape
			return at, true
		}
	}
	return 0, false
}

// Plant gives somebody of the demo community an app that shows codes of this secret.
func (s *Signin) Plant(ctx context.Context, tx *db.Tx, personID int64, secret string) error {
	err := savePending(ctx, tx, personID, secret, s.now())
	if err == nil {
		err = confirmPending(ctx, tx, personID, 0, s.now())
	}
	if err != nil {
		return fmt.Errorf("planting a second factor: %w", err)
	}
	return nil
}
